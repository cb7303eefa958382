"""What went wrong with replicas lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from inference.fleet.queries import database


@dataclass(frozen=True, slots=True)
class ReplicaFailure:
    """A replica that failed, and why."""

    at: datetime
    pool: str
    number: int
    because: str


def replica_failures(*, since: datetime, limit: int = 50) -> Sequence[ReplicaFailure]:
    """The newest failures, of replicas that are gone too."""
    with connections[database()].cursor() as cursor:
        cursor.execute(
            "SELECT s.at, p.name, r.number, s.because FROM inference_replicastep s"
            " JOIN inference_replica r ON r.id = s.replica_id"
            " JOIN inference_pool p ON p.id = r.pool_id"
            " WHERE s.state = 'failed' AND s.at >= %s ORDER BY s.at DESC LIMIT %s",
            [since, limit],
        )
        return [ReplicaFailure(*row) for row in cursor.fetchall()]
