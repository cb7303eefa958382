"""Shadow runs and verdicts through the REST API: thin over this app's actions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shadow import queries
from shadow.actions import give_verdict
from shadow.types import VERDICTS, RunLine, RunPage
from tenants.api.operations import operation
from tenants.api.pages import Page, page_of
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from tenants.queries import membership
from warmline.kernel.errors import BadInput


class RunLineSerializer(FrozenSerializer[RunLine]):
    """A scored call in a list."""

    class Meta:
        dataclass = RunLine


class RunPageSerializer(FrozenSerializer[RunPage]):
    """All of one scored call."""

    class Meta:
        dataclass = RunPage


class NewVerdictSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What a reviewer thinks of a run."""

    reviewer = serializers.UUIDField(help_text="the member who judged, by the user's id")
    choice = serializers.ChoiceField(choices=tuple(VERDICTS))
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class Runs(TenantAPIView):
    """The company's shadow runs."""

    @operation(
        "list_shadow_runs", permission=Permission.SHADOW_READ, answer=page_of(RunLineSerializer)
    )
    def get(self, request: Request) -> Response:
        """List scored calls, at most a hundred: first those that wait for a person, then the
        newest.
        """
        return self.page(Page(queries.runs()), RunLineSerializer)


class RunDetail(TenantAPIView):
    """One shadow run."""

    def representation(self, run_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """With its turns and verdicts."""
        return RunPageSerializer(queries.run_page(run_id)).data

    @operation("get_shadow_run", permission=Permission.SHADOW_READ, answer=RunPageSerializer)
    def get(self, request: Request, run_id: UUID) -> Response:
        """One scored call: both answers of each turn, how far they agree, and the verdicts."""
        return self.shown(run_id=run_id)


class RunVerdict(TenantAPIView):
    """A verdict on one shadow run."""

    @operation(
        "judge_shadow_run",
        permission=Permission.SHADOW_JUDGE,
        body=NewVerdictSerializer,
        answer=RunPageSerializer,
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        """Keep what a reviewer thinks of a run, in place of what they thought before."""
        reviewer_id = self.body["reviewer"]
        member = membership(reviewer_id)
        if member is None or Permission.SHADOW_JUDGE not in member.permissions:
            raise BadInput("reviewer: expected a member who may judge", field="reviewer")
        give_verdict(
            run_id, reviewer_id=reviewer_id, choice=self.body["choice"], note=self.body["note"]
        )
        return Response(RunPageSerializer(queries.run_page(run_id)).data)
