"""How each pool went lately: what was decided, what was warm and what calls filled.

In as many queries for a hundred pools as for one: the page of pools asks every few seconds.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

import msgspec
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

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


class HistoryPoint(msgspec.Struct, frozen=True):
    """A count, and the moment from which it holds."""

    at: datetime
    count: float


class PoolHistory(msgspec.Struct, frozen=True):
    """How a pool went, in replicas: desired, warm, filled by calls at each minute's peak, and
    expected to be filled.

    Each count holds from its moment to the next one.
    """

    desired: tuple[HistoryPoint, ...]
    warm: tuple[HistoryPoint, ...]
    filled: tuple[HistoryPoint, ...]
    expected: tuple[HistoryPoint, ...]


class RecordedDecision(msgspec.Struct, frozen=True):
    """A decision that changed how many are desired, with each layer's own wish."""

    at: datetime
    desired: int
    because: str
    layers: tuple[dict[str, Any], ...]


def latest_decisions(*, last: int = 6) -> dict[str, tuple[RecordedDecision, ...]]:
    """Each pool's latest decisions, newest first."""
    newest = models.PoolDecision.objects.filter(pool=OuterRef("pk")).order_by("-id").values("pk")
    ids = models.Pool.objects.values_list(ArraySubquery(newest[:last]), flat=True)
    rows = models.PoolDecision.objects.filter(pk__in=list(chain.from_iterable(ids)))
    decisions: dict[str, list[RecordedDecision]] = defaultdict(list)
    for row in rows.select_related("pool").order_by("-id"):
        decision = RecordedDecision(row.at, row.desired, row.because, tuple(row.layers))
        decisions[row.pool.name].append(decision)
    return {pool: tuple(of_pool) for pool, of_pool in decisions.items()}


def decisions_by_layer() -> dict[str, dict[str, int]]:
    """How many decisions changed what a pool wants, by its name and the layer whose wish won."""
    counts: dict[str, dict[str, int]] = {}
    with connections[database()].cursor() as cursor:
        cursor.execute(_WINNERS)
        for pool, layer, count in cursor.fetchall():
            counts.setdefault(pool, {})[layer] = count
    return counts


def pool_histories(*, since: datetime) -> dict[str, PoolHistory]:
    """Each pool's history since a moment; it begins with what stood then."""
    earlier = models.PoolDecision.objects.filter(pool=OuterRef("pk"), at__lt=since).order_by("-id")
    pools = list(models.Pool.objects.annotate(stood=Subquery(earlier.values("desired")[:1])))
    desired = {pool.pk: [HistoryPoint(since, pool.stood or 0)] for pool in pools}
    for decision in models.PoolDecision.objects.filter(pool__in=pools, at__gte=since):
        desired[decision.pool_id].append(HistoryPoint(decision.at, decision.desired))
    minutes: dict[int, list[models.PoolMinute]] = defaultdict(list)
    for minute in models.PoolMinute.objects.filter(pool__in=pools, minute__gte=since):
        minutes[minute.pool_id].append(minute)
    warm = _warm(since=since)
    return {
        pool.name: PoolHistory(
            desired=tuple(desired[pool.pk]),
            warm=(HistoryPoint(since, 0), *warm[pool.pk]),
            filled=_filled(pool, minutes[pool.pk]),
            expected=_expected(pool, minutes[pool.pk]),
        )
        for pool in pools
    }


def _warm(*, since: datetime) -> dict[int, list[HistoryPoint]]:
    """By pool, how many were warm from each moment on at which one became so or ceased to be."""
    steps = models.ReplicaStep.objects.filter(Q(at__gte=since) | Q(replica__in=_alive_at(since)))
    moments: dict[int, list[HistoryPoint]] = defaultdict(list)
    states: dict[Any, str] = {}
    count: dict[int, int] = defaultdict(int)
    rows = steps.order_by("at", "id").values_list("replica__pool_id", "replica_id", "state", "at")
    for pool_id, replica_id, state, at in rows:
        was_warm, is_warm = states.get(replica_id) == "warm", state == "warm"
        states[replica_id] = state
        if was_warm != is_warm:
            count[pool_id] += 1 if is_warm else -1
            moments[pool_id].append(HistoryPoint(max(at, since), count[pool_id]))
    return moments


def _alive_at(at: datetime) -> QuerySet[models.Replica]:
    """Replicas made before a moment that were not over by then."""
    over = models.ReplicaStep.objects.filter(replica=OuterRef("pk"), state__in=OVER, at__lt=at)
    return models.Replica.objects.filter(created_at__lt=at).exclude(Exists(over))


def _filled(pool: models.Pool, minutes: Sequence[models.PoolMinute]) -> tuple[HistoryPoint, ...]:
    return tuple(HistoryPoint(row.minute, row.held_peak / pool.slots) for row in minutes)


def _expected(pool: models.Pool, minutes: Sequence[models.PoolMinute]) -> tuple[HistoryPoint, ...]:
    """What was expected, at the moment that it was expected for: one start later."""
    start = timedelta(seconds=pool.start_s)
    return tuple(
        HistoryPoint(row.minute + start, row.expected / pool.slots)
        for row in minutes
        if row.expected is not None
    )
