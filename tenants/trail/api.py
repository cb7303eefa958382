"""The trail through the REST API."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.fields import MomentField
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from tenants.trail.queries import audit_page
from tenants.trail.types import AuditLine


class AuditEventSerializer(FrozenSerializer[AuditLine]):
    """Something that was done in the company."""

    class Meta:
        dataclass = AuditLine


class AuditQuery(PageQuery):
    """What the trail may be narrowed by."""

    actor = serializers.CharField(
        required=False, max_length=254, help_text="Who did it, as `actor` of an event"
    )
    action = serializers.CharField(
        required=False,
        max_length=60,
        help_text="What was done, such as member.change, or all of one thing: member.",
    )
    since = MomentField(required=False, help_text="Then or later (RFC 3339)")
    until = MomentField(required=False, help_text="Before then (RFC 3339)")


class AuditEvents(TenantAPIView):
    """What was done in the company, and by whom."""

    @operation(
        "list_audit_events",
        permission=Permission.AUDIT_READ,
        query=AuditQuery,
        answer=page_of(AuditEventSerializer),
    )
    def get(self, request: Request) -> Response:
        """List what was done in the company, newest first, an operator's looks included."""
        return self.page(audit_page(**self.query), AuditEventSerializer)
