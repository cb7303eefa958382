"""Reads for the ledger: what each pool's replicas did in a period, by steps and minutes."""

from datetime import datetime
from itertools import pairwise
from typing import cast

from django.db.models import Q, Sum

from inference import models
from inference.fleet import queries
from inference.fleet.history.ledger import PoolAccount, StateSpan, seconds_by_state, split_sleep
from inference.fleet.replica_states import OVER
from inference.types import ReplicaState
from warmline.kernel.regions import RegionCode


def accounts(*, since: datetime, until: datetime) -> tuple[PoolAccount, ...]:
    """Every pool's replica-seconds and what calls filled of them, within a period."""
    spans = split_sleep(_spans(since=since, until=until), gpus=queries.gpus())
    return tuple(
        PoolAccount(
            pool=pool.name,
            region=RegionCode(pool.region_id),
            price_an_hour=pool.price_an_hour,
            seconds=seconds_by_state(spans, pool=pool.name, since=since, until=until),
            filled_s=_filled_s(pool, since=since, until=until),
            cold_calls_avoided=_avoided(pool, since=since, until=until),
        )
        for pool in models.Pool.objects.order_by("id")
    )


def sleep_seconds(*, since: datetime, until: datetime) -> dict[str, dict[str, float]]:
    """Replica-seconds by state of each pool that names a GPU, with sleep split by its use."""
    gpus = queries.gpus()
    if not gpus:
        return {}
    spans = split_sleep(_spans(since=since, until=until), gpus=gpus)
    return {pool: seconds_by_state(spans, pool=pool, since=since, until=until) for pool in gpus}


def _spans(*, since: datetime, until: datetime) -> list[StateSpan]:
    """Every replica's states, each until its next step; the last one until the period's end."""
    living = models.Replica.objects.exclude(state__in=OVER)
    seen = models.Replica.objects.filter(steps__at__gte=since)
    steps = models.ReplicaStep.objects.filter(
        Q(replica__in=living) | Q(replica__in=seen), at__lt=until
    )
    rows = steps.order_by("replica_id", "at", "id").values_list(
        "replica_id", "replica__pool__name", "state", "at"
    )
    spans: list[StateSpan] = []
    for (replica, pool, state, at), (after, _, _, ends) in pairwise([*rows, (None, "", "", until)]):
        spans.append(
            StateSpan(pool, cast("ReplicaState", state), at, ends if after == replica else until)
        )
    return [span for span in spans if span.state not in OVER]


def _avoided(pool: models.Pool, *, since: datetime, until: datetime) -> int:
    minutes = models.PoolMinute.objects.filter(pool=pool, minute__gte=since, minute__lt=until)
    return minutes.aggregate(total=Sum("avoided"))["total"] or 0


def _filled_s(pool: models.Pool, *, since: datetime, until: datetime) -> float:
    minutes = models.PoolMinute.objects.filter(
        pool=pool, minute__gte=since, minute__lt=until, samples__gt=0
    )
    return sum(60 * row.held_sum / row.samples / pool.slots for row in minutes)
