"""Members and invitations through the REST API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.people import actions, invitations, queries
from tenants.people.types import InvitationLine, MemberLine
from tenants.permissions import Permission
from tenants.types import MemberRole

_WRITE = Permission.MEMBERS_WRITE


class MemberSerializer(FrozenSerializer[MemberLine]):
    """A member of the company."""

    class Meta:
        dataclass = MemberLine


class InvitationSerializer(FrozenSerializer[InvitationLine]):
    """Somebody who is asked to join the company."""

    class Meta:
        dataclass = InvitationLine


class RoleSerializer(serializers.Serializer[Any]):
    """What a member shall be."""

    role = serializers.ChoiceField(choices=MemberRole.choices, help_text="What they may do")


class NewInvitationSerializer(serializers.Serializer[Any]):
    """Whom to ask, and what they would be."""

    email = serializers.CharField(max_length=254, help_text="Where the invitation is sent")
    role = serializers.ChoiceField(choices=MemberRole.choices, help_text="What they may do")


class Members(TenantAPIView):
    """The company's members."""

    @operation(
        "list_members",
        permission=Permission.MEMBERS_READ,
        query=PageQuery,
        answer=page_of(MemberSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's members, in the order in which they joined."""
        return self.page(queries.members_page(**self.query), MemberSerializer)


class MemberDetail(TenantAPIView):
    """One member."""

    def representation(self, member_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """A member as a GET answers them."""
        return MemberSerializer(queries.member(member_id)).data

    @operation("get_member", permission=Permission.MEMBERS_READ, answer=MemberSerializer)
    def get(self, request: Request, member_id: UUID) -> Response:
        """One member of the company."""
        return self.shown(member_id=member_id)

    @operation("change_member", permission=_WRITE, body=RoleSerializer, answer=MemberSerializer)
    def patch(self, request: Request, member_id: UUID) -> Response:
        """Give a member another role, from their next request on.

        No role above an admin's can be given, changed or removed by an API key.
        """
        if "role" in self.body:
            actions.change_role(member_id, role=self.body["role"])
        return self.shown(member_id=member_id)

    @operation("remove_member", permission=_WRITE, status=204)
    def delete(self, request: Request, member_id: UUID) -> Response:
        """End a membership at once, with the invitations that the member had sent."""
        actions.remove_member(member_id)
        return Response(status=204)


class Invitations(TenantAPIView):
    """Who is asked to join."""

    @operation(
        "list_invitations",
        permission=Permission.MEMBERS_READ,
        query=PageQuery,
        answer=page_of(InvitationSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's invitations, those that are over too, oldest first."""
        return self.page(queries.invitations_page(**self.query), InvitationSerializer)

    @operation(
        "invite_member",
        permission=_WRITE,
        body=NewInvitationSerializer,
        answer=InvitationSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Ask somebody by mail to join. The link in the mail works once, for that address alone."""
        made = invitations.invite(self.body["email"], role=self.body["role"])
        content = InvitationSerializer(queries.invitation(made.id)).data
        return self.created(content, at="api-invitation", invitation_id=made.id)


class InvitationDetail(TenantAPIView):
    """One invitation."""

    def representation(self, invitation_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """An invitation as a GET answers it."""
        return InvitationSerializer(queries.invitation(invitation_id)).data

    @operation("get_invitation", permission=Permission.MEMBERS_READ, answer=InvitationSerializer)
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """One invitation of the company."""
        return self.shown(invitation_id=invitation_id)

    @operation("revoke_invitation", permission=_WRITE, status=204)
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Let an invitation be accepted no more."""
        invitations.revoke_invitation(invitation_id)
        return Response(status=204)


class InvitationResend(TenantAPIView):
    """An invitation's mail, once more."""

    @operation("resend_invitation", permission=_WRITE, answer=InvitationSerializer)
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Send the mail again with a new link; the one before is dead."""
        invitations.resend_invitation(invitation_id)
        return Response(InvitationSerializer(queries.invitation(invitation_id)).data)
