"""What is counted over many calls: for the ledger, and for routing."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from telephony.models import Call, CallEventRow
from warmline.kernel import roles
from warmline.kernel.regions import RegionCode

# A caller who waits longer than this for a model has met a cold one.
COLD_AFTER_MS = 2000.0


def agents_call_s(*, since: datetime, until: datetime) -> dict[RegionCode, float]:
    """Seconds of the tenant's calls that an agent had, by region, within a period."""
    seconds_by_region: dict[RegionCode, float] = defaultdict(float)
    ended_later = Q(ended_at=None) | Q(ended_at__gt=since)
    for call in Call.objects.filter(ended_later, answered_at__lt=until).exclude(region=""):
        assert call.answered_at is not None
        length = min(call.ended_at or until, until) - max(call.answered_at, since)
        seconds_by_region[RegionCode(call.region)] += max(0.0, length.total_seconds())
    return dict(seconds_by_region)


def untaken_calls(*, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the tenant's calls no agent took within a period, by the cause that was kept."""
    calls = Call.objects.filter(started_at__gte=since, started_at__lt=until, region="")
    causes: Counter[str] = Counter()
    for routing in calls.values_list("routing", flat=True):
        causes[str(routing.get("handed_because", "")) or "unknown"] += 1
    return dict(causes)


def cold_calls(*, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the tenant's calls waited over two seconds for a model's first word, by the
    cause.

    The wait begins when the caller's words and the knowledge were there. A call counts once, for
    its first such turn.
    """
    began = CallEventRow.objects.filter(at__gte=since, at__lt=until)
    slow = began.filter(kind="turn_timed", payload__first_token_ms__gt=COLD_AFTER_MS).order_by("at")
    first_cold_turns: dict[UUID, int] = {}
    for call_id, timed in slow.values_list("call_id", "payload"):
        asked_ms = timed.get("retrieval_ms") or timed.get("final_text_ms") or 0.0
        if timed["first_token_ms"] - asked_ms > COLD_AFTER_MS:
            first_cold_turns.setdefault(call_id, int(timed["turn"]))
    failures = began.filter(kind="replica_failed", call_id__in=first_cold_turns)
    causes: dict[tuple[UUID, int], str] = {}
    for call_id, failure in failures.values_list("call_id", "payload"):
        if failure["role"] == roles.LLM:
            causes[call_id, int(failure["turn"])] = str(failure["why"])
    return dict(
        Counter(causes.get(turn, "the first token came late") for turn in first_cold_turns.items())
    )


def measured_round_trips(*, since: datetime, limit: int) -> Iterator[tuple[str, RegionCode, float]]:
    """Caller's number, region and round trip to the carrier of calls since then, newest first.

    As control.
    """
    calls = Call.objects.filter(round_trip_ms__isnull=False, started_at__gte=since).exclude(
        region=""
    )
    columns = ("from_number", "region", "round_trip_ms")
    newest = calls.order_by("-started_at").values_list(*columns)[:limit]
    for number, region, ms in newest.iterator(chunk_size=2000):
        assert ms is not None
        yield number, RegionCode(region), ms
