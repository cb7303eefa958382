"""How pools went: what was decided, what starts took, and what was wanted, warm and filled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final, cast

import msgspec
from django.db import connections
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from inference import models
from inference.fleet.queries import database
from inference.fleet.replica_states import OVER

# The first among the largest wishes won, as in `inference.warming.policy.decide`.
_WINNERS: Final = """
SELECT pool.name, (
    SELECT wish ->> 'layer'
    FROM jsonb_array_elements(made.layers) WITH ORDINALITY AS wishes(wish, number)
    ORDER BY (wish ->> 'want')::integer DESC, number LIMIT 1
) AS layer, count(*)
FROM inference_pooldecision AS made JOIN inference_pool AS pool ON pool.id = made.pool_id
WHERE made.layers <> '[]'
GROUP BY pool.name, layer
"""


class ColdStart(msgspec.Struct, frozen=True):
    """One start that became warm: seconds from the order to warm, and those of its stages."""

    pool: str
    replica: str
    at: datetime
    total_s: float
    stages_s: dict[str, float]


def cold_starts(*, pool: str | None = None, last: int = 20) -> tuple[ColdStart, ...]:
    """The latest starts that became warm, newest first, by the steps that were kept."""
    rows = models.Replica.objects.exclude(provisioner="fixed")
    if pool is not None:
        rows = rows.filter(pool__name=pool)
    rows = rows.annotate(
        begun=Min("steps__at", filter=Q(steps__state="cold")),
        warmed=Min("steps__at", filter=Q(steps__state="warm")),
    ).filter(warmed__isnull=False)
    newest = cast("Iterable[Any]", rows.select_related("pool").order_by("-warmed")[:last])
    return tuple(
        ColdStart(
            pool=row.pool.name,
            replica=str(row.id),
            at=row.begun,
            total_s=round((row.warmed - row.begun).total_seconds(), 2),
            stages_s=dict(row.stages_s),
        )
        for row in newest
    )


def usual_start_s(pool: models.Pool) -> float:
    """What a start of this pool takes:
    the median of its last five, or the row's present figure without any.
    """
    starts = cold_starts(pool=pool.name, last=5)
    return median(start.total_s for start in starts) if starts else pool.start_s


class Moment(msgspec.Struct, frozen=True):
    """From this moment on it is so many."""

    at: datetime
    count: float


class Course(msgspec.Struct, frozen=True):
    """How a pool went, in replicas: wanted, warm, filled by calls at each minute's peak, and
    expected to be filled.

    Each count holds from its moment to the next one.
    """

    desired: tuple[Moment, ...]
    warm: tuple[Moment, ...]
    filled: tuple[Moment, ...]
    expected: tuple[Moment, ...]


class Decided(msgspec.Struct, frozen=True):
    """A decision that changed how many are wanted, with each layer's own wish."""

    at: datetime
    desired: int
    because: str
    layers: tuple[dict[str, Any], ...]


def decisions(pool: str, *, last: int = 6) -> tuple[Decided, ...]:
    """A pool's latest changes of mind, newest first."""
    rows = models.PoolDecision.objects.filter(pool__name=pool).order_by("-id")[:last]
    return tuple(Decided(row.at, row.desired, row.because, tuple(row.layers)) for row in rows)


def decisions_by_layer() -> dict[str, dict[str, int]]:
    """How many decisions changed what a pool wants, by its name and the layer whose wish won."""
    counts: dict[str, dict[str, int]] = {}
    with connections[database()].cursor() as cursor:
        cursor.execute(_WINNERS)
        for pool, layer, count in cursor.fetchall():
            counts.setdefault(pool, {})[layer] = count
    return counts


def course(pool: str, *, since: datetime) -> Course:
    """What was wanted and what was warm since a moment; each begins with what stood then."""
    decided = models.PoolDecision.objects.filter(pool__name=pool)
    before = decided.filter(at__lt=since).order_by("-id").first()
    desired = [Moment(since, before.desired if before else 0)]
    desired += [Moment(row.at, row.desired) for row in decided.filter(at__gte=since).order_by("id")]
    filled, expected = _demand(models.Pool.objects.get(name=pool), since=since)
    return Course(tuple(desired), _warm(pool, since=since), filled, expected)


def _warm(pool: str, *, since: datetime) -> tuple[Moment, ...]:
    """How many replicas were warm, by the steps of all that lived since a moment."""
    steps = models.ReplicaStep.objects.filter(replica__pool__name=pool).filter(
        Q(at__gte=since) | Q(replica__in=_alive_at(pool, since))
    )
    states: dict[Any, str] = {}
    warm, count = [Moment(since, 0)], 0
    for step in steps.order_by("at", "id").values("replica_id", "state", "at"):
        was, state = states.get(step["replica_id"], ""), step["state"]
        states[step["replica_id"]] = state
        if (was == "warm") != (state == "warm"):
            count += 1 if state == "warm" else -1
            warm.append(Moment(max(step["at"], since), count))
    return tuple(warm)


def _demand(pool: models.Pool, *, since: datetime) -> tuple[tuple[Moment, ...], tuple[Moment, ...]]:
    """Slots held and slots expected, as replicas;
    an expectation stands where it was meant for, one start later.
    """
    rows = list(models.PoolMinute.objects.filter(pool=pool, minute__gte=since).order_by("minute"))
    start = timedelta(seconds=pool.start_s)
    filled = tuple(Moment(row.minute, row.held_peak / pool.slots) for row in rows)
    expected = [
        Moment(row.minute + start, row.expected / pool.slots)
        for row in rows
        if row.expected is not None
    ]
    return filled, tuple(expected)


def _alive_at(pool: str, at: datetime) -> QuerySet[models.Replica]:
    """Replicas made before a moment that were not over by then."""
    over = models.ReplicaStep.objects.filter(replica=OuterRef("pk"), state__in=OVER, at__lt=at)
    return models.Replica.objects.filter(pool__name=pool, created_at__lt=at).exclude(Exists(over))
