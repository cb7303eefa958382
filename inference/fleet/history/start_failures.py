"""Starts that failed, for whoever waits for a warm replica."""

from datetime import datetime

import msgspec

from inference import models


class StartFailures(msgspec.Struct, frozen=True):
    """A pool whose replicas failed: how many since a moment, and the last one's reason in words."""

    pool: str
    failures: int
    because: str


def start_failures(*, since: datetime) -> tuple[StartFailures, ...]:
    """Every pool of which a replica failed since then, in the order of their first failure."""
    failed = models.Replica.objects.filter(state="failed", state_at__gte=since).order_by("state_at")
    reasons: dict[str, list[str]] = {}
    for pool, because in failed.values_list("pool__name", "because"):
        reasons.setdefault(pool, []).append(because)
    return tuple(
        StartFailures(pool, len(becauses), becauses[-1]) for pool, becauses in reasons.items()
    )
