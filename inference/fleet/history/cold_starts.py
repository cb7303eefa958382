"""Reads of cold starts: how long replicas took from the order to warm, stage by stage."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from statistics import median
from typing import Any, cast

import msgspec
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Q, QuerySet

from inference import models


class ColdStart(msgspec.Struct, frozen=True):
    """One start that became warm: seconds from the order to warm, and those of its stages."""

    pool: str
    replica: str
    at: datetime
    total_s: float
    stages_s: dict[str, float]


def cold_starts(*, pool: str | None = None, last: int = 20) -> tuple[ColdStart, ...]:
    """The latest starts that became warm, newest first, by the steps that were kept."""
    rows = _started()
    if pool is not None:
        rows = rows.filter(pool__name=pool)
    return _cold_starts(rows[:last])


def latest_cold_starts(*, last: int) -> dict[str, tuple[ColdStart, ...]]:
    """Each pool's latest starts that became warm, newest first, in two queries for all pools."""
    newest = _started().filter(pool=OuterRef("pk")).values("pk")[:last]
    ids = models.Pool.objects.values_list(ArraySubquery(newest), flat=True)
    rows = _started().filter(pk__in=list(chain.from_iterable(ids)))
    starts: dict[str, list[ColdStart]] = defaultdict(list)
    for start in _cold_starts(rows):
        starts[start.pool].append(start)
    return {pool: tuple(of_pool) for pool, of_pool in starts.items()}


def usual_start_s(pool: models.Pool) -> float:
    """What a start of this pool takes: the median of its last five; without any, what stands."""
    starts = cold_starts(pool=pool.name, last=5)
    return median(start.total_s for start in starts) if starts else pool.start_s


def _started() -> QuerySet[models.Replica]:
    """Replicas that became warm, newest first, with when they were ordered and warm."""
    return (
        models.Replica.objects.exclude(provisioner="fixed")
        .select_related("pool")
        .annotate(
            begun=Min("steps__at", filter=Q(steps__state="cold")),
            warmed=Min("steps__at", filter=Q(steps__state="warm")),
        )
        .filter(warmed__isnull=False)
        .order_by("-warmed")
    )


def _cold_starts(rows: QuerySet[models.Replica]) -> tuple[ColdStart, ...]:
    return tuple(
        ColdStart(
            pool=row.pool.name,
            replica=str(row.id),
            at=row.begun,
            total_s=round((row.warmed - row.begun).total_seconds(), 2),
            stages_s=dict(row.stages_s),
        )
        for row in cast("Iterable[Any]", rows)
    )
