"""The reads: scored runs for the page. Inside the bound tenant, but for the sweep."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, When

from shadow.models import ShadowRun, ShadowTurn, Verdict
from shadow.types import (
    Action,
    AgreementScore,
    Choice,
    RunLine,
    RunPage,
    Side,
    TurnPage,
    VerdictLine,
)
from tenants.queries import names_of_users
from warmline.kernel.errors import NotFound

MAX_RUNS = 100


def runs(*, limit: int = MAX_RUNS) -> tuple[RunLine, ...]:
    """The tenant's scored calls: first those that a person must judge, then the newest."""
    judged = Exists(Verdict.objects.filter(run=OuterRef("pk")))
    waits = Case(When(~judged, unjudged__gt=0, then=0), default=1)
    rows = ShadowRun.objects.prefetch_related("turns", "verdicts").order_by(waits, "-called_at")
    return tuple(_line(row) for row in rows[: min(limit, MAX_RUNS)])


def run_page(run_id: UUID) -> RunPage:
    """All of one scored call; `NotFound` when the tenant has none of that id."""
    run = ShadowRun.objects.prefetch_related("turns", "verdicts").filter(pk=run_id).first()
    if run is None:
        raise NotFound(f"no shadow run {run_id}")
    verdicts = sorted(run.verdicts.all(), key=lambda row: row.at, reverse=True)
    names = names_of_users(row.reviewer_id for row in verdicts)
    return RunPage(
        run=_line(run),
        agent_version_id=run.agent_version_id,
        turns=tuple(_turn(row) for row in run.turns.order_by("number")),
        verdicts=tuple(_verdict(row, names[row.reviewer_id]) for row in verdicts),
    )


def score_of_call(call_id: UUID) -> float | None:
    """How far the agent agreed with the person in a call, from 0 to 1; None before it is scored."""
    return ShadowRun.objects.filter(call_id=call_id).values_list("score", flat=True).first()


def scored_calls(call_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the calls that have a run, in any tenant. As control: the sweep asks for all."""
    runs = ShadowRun.objects.filter(call_id__in=call_ids)
    return frozenset(runs.values_list("call_id", flat=True))


def _line(run: ShadowRun) -> RunLine:
    return RunLine(
        id=run.id,
        call_id=run.call_id,
        from_number=run.from_number,
        to_number=run.to_number,
        called_at=run.called_at,
        turns=len(run.turns.all()),
        unjudged=run.unjudged,
        score=run.score,
        verdicts=tuple(cast("Choice", verdict.choice) for verdict in run.verdicts.all()),
    )


def _turn(row: ShadowTurn) -> TurnPage:
    return TurnPage(
        number=row.number,
        caller=row.caller_text,
        agent=Side(row.agent_text, _actions(row.agent_actions)),
        human=Side(row.human_text, _actions(row.human_actions)),
        score=AgreementScore(
            row.score, row.meaning, row.facts, row.action, row.because, row.unjudged
        ),
    )


def _actions(stored: list[dict[str, Any]]) -> tuple[Action, ...]:
    return tuple(
        Action(row["kind"], row["name"], tuple((name, value) for name, value in row["arguments"]))
        for row in stored
    )


def _verdict(row: Verdict, reviewer: str) -> VerdictLine:
    return VerdictLine(
        reviewer=reviewer,
        choice=cast("Choice", row.choice),
        note=row.note,
        at=row.at,
    )
