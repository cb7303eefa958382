"""Writes to replicas: ordered, moved from state to state, and held back where their starts fail.

As the control role.
"""

from datetime import timedelta
from typing import Any, Final, cast

import structlog
from django.db import connections, transaction
from django.db.models.functions import Now

from inference import models
from inference.errors import WrongTransition
from inference.fleet import queries
from inference.fleet.replica_states import ReplicaEvent, after
from inference.types import ReplicaState
from tenants.context import CONTROL

log = structlog.get_logger()

# A start that fails is tried again after 5, 10, 20 … seconds, and at last every five minutes.
RETRY_FIRST_S: Final = 5.0
RETRY_MOST_S: Final = 300.0
ALARM_FAILURES: Final = 3


def order_replica(pool: models.Pool, *, provisioner: str, because: str) -> models.Replica:
    """A cold replica's new row, with the least number that is free in its region and role."""
    with transaction.atomic(using=CONTROL):
        taken = queries.numbers_taken(pool)
        number = next(free for free in range(1, len(taken) + 2) if free not in taken)
        replica = models.Replica.objects.create(
            pool=pool, number=number, provisioner=provisioner, because=because
        )
        models.ReplicaStep.objects.create(replica=replica, state="cold", because=because)
        replica.refresh_from_db()
        return replica


def move_replica(
    replica: models.Replica, event: ReplicaEvent, *, because: str = "", **columns: Any
) -> None:
    """Apply an event to a replica and keep the step with its time.

    `columns` change in the same statement. `WrongTransition` when its state does not know the
    event, or when another worker has moved it meanwhile.
    """
    before = cast("ReplicaState", replica.state)
    state = after(before, event)
    with transaction.atomic(using=CONTROL):
        unmoved = models.Replica.objects.filter(pk=replica.pk, state=before)
        if unmoved.update(state=state, state_at=Now(), because=because, **columns) != 1:
            raise WrongTransition(
                f"replica {replica.pk} is no longer {before}: another worker moved it"
            )
        models.ReplicaStep.objects.create(replica=replica, state=state, because=because)
    replica.refresh_from_db()
    log.info(
        "replica moved",
        pool=replica.pool.name,
        replica=str(replica.pk),
        before=before,
        state=state,
        because=because,
    )


def note_replica(replica: models.Replica, **columns: Any) -> None:
    """Keep what was seen of a replica; its state is not changed here."""
    models.Replica.objects.filter(pk=replica.pk).update(**columns)
    for column, value in columns.items():
        setattr(replica, column, value)


def note_start_failed(pool: models.Pool, *, because: str) -> None:
    """Hold back further starts, longer each time; the third failure in a row raises the alarm."""
    failures = pool.failures + 1
    hold_s = min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(failures - 1, 10))
    models.Pool.objects.filter(pk=pool.pk).update(
        failures=failures, retry_at=Now() + timedelta(seconds=hold_s)
    )
    pool.refresh_from_db()
    tell = log.error if failures >= ALARM_FAILURES else log.warning
    tell(
        "pool cannot start a replica",
        pool=pool.name,
        failures=failures,
        again_in_s=hold_s,
        because=because,
    )


def lock_starts() -> None:
    """Keep other workers from starting until this transaction ends, so that a count holds."""
    with connections[CONTROL].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('warmline.inference.starts'))")
