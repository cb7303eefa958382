"""What moves an agent along, through the REST API: into shadow, live, and back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.serializers import (
    AgentSerializer,
    PublishSerializer,
    RevertSerializer,
    ShadowSerializer,
    VersionSerializer,
)
from agents.editing import actions, archiving, queries
from tenants.api.operations import operation
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Publish(TenantAPIView):
    """A draft, or what is in shadow, goes live."""

    @operation(
        "publish_agent",
        permission=Permission.AGENTS_PUBLISH,
        body=PublishSerializer,
        answer=VersionSerializer,
    )
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Let callers hear it from the next call on. What the lint calls an error is refused."""
        note, revision = self.body["note"], self.body.get("revision")
        if self.body["version"] == "shadow":
            version = actions.publish_shadowed(agent_id, note=note)
        else:
            version = actions.publish_draft(agent_id, note=note, revision=revision)
        return Response(VersionSerializer(version).data)


class Shadow(TenantAPIView):
    """The version that numbers in shadow mode use."""

    def representation(self, agent_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """Which of the agent's versions speak, as a GET of the agent answers."""
        return AgentSerializer(queries.agent(agent_id)).data

    @operation(
        "shadow_agent",
        permission=Permission.AGENTS_PUBLISH,
        body=ShadowSerializer,
        answer=VersionSerializer,
    )
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Let numbers in shadow mode use the draft, while callers hear the live version."""
        version = actions.shadow_draft(agent_id, **self.body)
        return Response(VersionSerializer(version).data)

    @operation("end_agent_shadow", permission=Permission.AGENTS_PUBLISH, status=204)
    def delete(self, request: Request, agent_id: UUID) -> Response:
        """Take it back: numbers in shadow mode use the live version again."""
        actions.end_shadow(agent_id)
        return Response(status=204)


class Archive(TenantAPIView):
    """An agent out of use."""

    @operation("archive_agent", permission=Permission.AGENTS_PUBLISH, answer=AgentSerializer)
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Take it out of use: out of lists, kept for the calls that it took, and brought back as it
        was. Refused with 409 while a number leads to it.
        """
        archiving.archive_agent(agent_id)
        return Response(AgentSerializer(queries.agent(agent_id)).data)


class Restore(TenantAPIView):
    """An archived agent in use again."""

    @operation("restore_agent", permission=Permission.AGENTS_PUBLISH, answer=AgentSerializer)
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Bring it back, with its draft and the version that is live."""
        archiving.restore_agent(agent_id)
        return Response(AgentSerializer(queries.agent(agent_id)).data)


class Revert(TenantAPIView):
    """Back to an earlier version."""

    @operation(
        "revert_agent",
        permission=Permission.AGENTS_PUBLISH,
        body=RevertSerializer,
        answer=VersionSerializer,
    )
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Go back to what an earlier version said, as a new live version."""
        version = actions.revert(agent_id, **self.body)
        return Response(VersionSerializer(version).data)
