"""Agents through the REST API: lists, drafts and versions. What moves them along is in `steps`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.serializers import (
    AgentSerializer,
    AgentsQuery,
    DifferencesSerializer,
    DiffQuery,
    DraftChangesSerializer,
    DraftSerializer,
    FindingsSerializer,
    LintQuery,
    NewAgentSerializer,
    VersionDetailSerializer,
    VersionSerializer,
    VersionsQuery,
    draft_fields,
    version_fields,
    with_changes,
)
from agents.editing import actions, queries
from agents.editing.diff import differences
from agents.lint.queries import findings_of
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Agents(TenantAPIView):
    """The company's agents."""

    @operation(
        "list_agents",
        permission=Permission.AGENTS_READ,
        query=AgentsQuery,
        answer=page_of(AgentSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's agents, newest first: those in use, or those that are archived."""
        return self.page(queries.agents_page(**self.query), AgentSerializer)

    @operation(
        "create_agent",
        permission=Permission.AGENTS_WRITE,
        body=NewAgentSerializer,
        answer=AgentSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Make an agent, whose draft begins with the greeting and words of its line of business."""
        agent_id = actions.create_agent(self.body["name"])
        content = AgentSerializer(queries.agent(agent_id)).data
        return self.created(content, at="api-agent", agent_id=agent_id)


class AgentDetail(TenantAPIView):
    """One agent."""

    def representation(self, agent_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """Which of its versions speak."""
        return AgentSerializer(queries.agent(agent_id)).data

    @operation("get_agent", permission=Permission.AGENTS_READ, answer=AgentSerializer)
    def get(self, request: Request, agent_id: UUID) -> Response:
        """One agent, and which of its versions speak."""
        return self.shown(agent_id=agent_id)

    @operation(
        "rename_agent",
        permission=Permission.AGENTS_WRITE,
        body=NewAgentSerializer,
        answer=AgentSerializer,
    )
    def patch(self, request: Request, agent_id: UUID) -> Response:
        """Call it otherwise in lists; how it introduces itself is its wording's `name`."""
        if "name" in self.body:
            actions.rename_agent(agent_id, name=self.body["name"])
        return self.shown(agent_id=agent_id)


class AgentDraftDetail(TenantAPIView):
    """What is being written of an agent."""

    def representation(self, agent_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """Its wording, and who saved it last."""
        return draft_fields(queries.draft(agent_id))

    @operation("get_draft", permission=Permission.AGENTS_READ, answer=DraftSerializer)
    def get(self, request: Request, agent_id: UUID) -> Response:
        """What is being written of it; at revision 0 nobody has begun, and it is what is live."""
        return self.shown(agent_id=agent_id)

    @operation(
        "save_draft",
        permission=Permission.AGENTS_WRITE,
        body=DraftChangesSerializer,
        answer=DraftSerializer,
    )
    def patch(self, request: Request, agent_id: UUID) -> Response:
        """Change what is named, and keep the rest.

        With `revision`, or `If-Match`, nobody's edit is overwritten: 412 when it has moved on.
        """
        wording = with_changes(queries.draft(agent_id).wording, self.body.get("wording", {}))
        actions.save_draft(agent_id, wording=wording, revision=self.body.get("revision"))
        return self.shown(agent_id=agent_id)

    @operation("discard_draft", permission=Permission.AGENTS_WRITE, status=204)
    def delete(self, request: Request, agent_id: UUID) -> Response:
        """Forget what is being written."""
        actions.discard_draft(agent_id)
        return Response(status=204)


class Versions(TenantAPIView):
    """An agent's versions."""

    @operation(
        "list_agent_versions",
        permission=Permission.AGENTS_READ,
        query=VersionsQuery,
        answer=page_of(VersionSerializer),
    )
    def get(self, request: Request, agent_id: UUID) -> Response:
        """List an agent's versions, newest first."""
        return self.page(queries.versions_page(agent_id, **self.query), VersionSerializer)


class VersionDetail(TenantAPIView):
    """One version."""

    def representation(  # type: ignore[override]
        self, agent_id: UUID, number: int
    ) -> Mapping[str, Any]:
        """Everything that it says."""
        return version_fields(queries.version(agent_id, number))

    @operation(
        "get_agent_version", permission=Permission.AGENTS_READ, answer=VersionDetailSerializer
    )
    def get(self, request: Request, agent_id: UUID, number: int) -> Response:
        """One version with everything that it says; it never changes."""
        return self.shown(agent_id=agent_id, number=number)


class Differences(TenantAPIView):
    """Two wordings of an agent, side by side."""

    @operation(
        "compare_agent_versions",
        permission=Permission.AGENTS_READ,
        query=DiffQuery,
        answer=DifferencesSerializer,
    )
    def get(self, request: Request, agent_id: UUID) -> Response:
        """What differs between two of an agent's wordings, field by field, words marked."""
        before, after = (
            queries.wording_at(agent_id, self.query[side]) for side in ("before", "after")
        )
        changes = differences(before, after)
        return Response(DifferencesSerializer({"changes": changes}).data)


class Lint(TenantAPIView):
    """What callers would suffer from."""

    @operation(
        "lint_agent", permission=Permission.AGENTS_READ, query=LintQuery, answer=FindingsSerializer
    )
    def get(self, request: Request, agent_id: UUID) -> Response:
        """What breaks prefix caching, cannot be spoken or contradicts itself; errors block."""
        findings = findings_of(queries.wording_at(agent_id, self.query["version"]))
        errors = [finding for finding in findings if finding.severity == "error"]
        content = {"publishable": not errors, "findings": findings}
        return Response(FindingsSerializer(content).data)
