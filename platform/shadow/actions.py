"""The writes: scored runs and verdicts. Inside the bound tenant."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from agents import queries as agents_queries
from agents import registry
from agents.errors import NoAgent
from rag.embedding.encoder import embed
from shadow.alignment import align, conversation
from shadow.models import ShadowRun, ShadowTurn, Verdict
from shadow.scoring import call_score, turn_score
from shadow.types import VERDICTS, AgreementScore, CallDay, ComparedTurn, Side
from telephony.calls import queries as telephony_queries
from telephony.calls.types import CallPage
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.matching import match_key

MAX_NOTE_CHARACTERS = 2000


def score_call(call_id: UUID) -> UUID:
    """Score a shadowed call, once; its run's id. Scored again it stays as it is."""
    scored = ShadowRun.objects.filter(call_id=call_id).first()
    if scored is not None:
        return scored.id
    page = telephony_queries.call_page(call_id)
    vertical = registry.vertical(tenants_queries.tenant().vertical)
    turns = align(page, writes={tool.name: tool.writes for tool in vertical.tools})
    scores = _scores(turns, page)
    with transaction.atomic():
        run, new = ShadowRun.objects.get_or_create(
            call_id=call_id,
            defaults={
                "agent_version_id": page.agent_version_id,
                "from_number": page.call.from_number,
                "to_number": page.call.to_number,
                "called_at": page.call.started_at,
                "score": call_score(scores),
                "unjudged": sum(bool(score.unjudged) for score in scores),
            },
        )
        if new:
            rows = [_row(run, turn, score) for turn, score in zip(turns, scores, strict=True)]
            ShadowTurn.objects.bulk_create(rows)
            record_audit(
                action="shadow.score",
                subject=str(run.id),
                detail={"turns": len(rows), "score": run.score},
            )
    return run.id


def give_verdict(run_id: UUID, *, reviewer_id: UUID, choice: str, note: str = "") -> None:
    """Keep what a reviewer thinks of a run, in place of what they thought before."""
    if choice not in VERDICTS:
        raise BadInput(f"verdict {choice[:40]!r}: expected one of {', '.join(VERDICTS)}")
    if len(note) > MAX_NOTE_CHARACTERS:
        raise BadInput(
            f"a note may have {MAX_NOTE_CHARACTERS} characters; this one has {len(note)}"
        )
    run = ShadowRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(f"no shadow run {run_id}")
    with transaction.atomic():
        Verdict.objects.update_or_create(
            run=run, reviewer_id=reviewer_id, defaults={"choice": choice, "note": note.strip()}
        )
        record_audit(
            action="shadow.verdict",
            subject=str(run_id),
            detail={"choice": choice},
        )
        told = {"run_id": run.pk, "call_id": run.call_id, "verdict": choice, "score": run.score}
        announce(EventType.SHADOW_VERDICT, told)


def erase_runs(call_ids: Sequence[UUID]) -> int:
    """Erase the runs of these calls with their turns and verdicts; how many runs."""
    runs = ShadowRun.objects.filter(call_id__in=call_ids)
    erased = runs.count()
    runs.delete()
    return erased


def _scores(turns: tuple[ComparedTurn, ...], page: CallPage) -> list[AgreementScore]:
    call_day, said = _call_day(page), conversation(page)
    similar = similarities(turns)
    return [
        turn_score(turn, similarity=similarity, call_day=call_day, said_so_far=said)
        for turn, similarity in zip(turns, similar, strict=True)
    ]


def similarities(turns: tuple[ComparedTurn, ...]) -> list[float | None]:
    """The cosine of each turn's two answers, all embedded at once; None where one said nothing."""
    texts = [
        (match_key(turn.agent.text).strip(), match_key(turn.human.text).strip()) for turn in turns
    ]
    wanted = [text for pair in texts if all(pair) for text in pair]
    vectors = iter(embed(wanted))
    return [float(np.dot(next(vectors), next(vectors))) if all(pair) else None for pair in texts]


def _call_day(page: CallPage) -> CallDay:
    """The call's day and that day's opening hours, on the business's clock."""
    zone = ZoneInfo(tenants_queries.tenant().time_zone)
    day = page.call.started_at.astimezone(zone).date()
    try:
        business = agents_queries.business()
    except NoAgent:
        return CallDay(today=day)
    # A closed day's caller speaks of times on open ones.
    open_days = (hours for hours in business.week if hours is not None)
    return CallDay(today=day, open_between=business.hours_on(day) or next(open_days, None))


def _row(run: ShadowRun, turn: ComparedTurn, score: AgreementScore) -> ShadowTurn:
    return ShadowTurn(
        run=run,
        number=turn.number,
        caller_text=turn.caller,
        agent_text=turn.agent.text,
        human_text=turn.human.text,
        agent_actions=_stored(turn.agent),
        human_actions=_stored(turn.human),
        score=score.overall,
        meaning=score.meaning,
        facts=score.facts,
        action=score.action,
        because=score.because,
        unjudged=score.unjudged,
    )


def _stored(side: Side) -> list[dict[str, object]]:
    return [
        {"kind": action.kind, "name": action.name, "arguments": list(action.arguments)}
        for action in side.actions
    ]
