"""Ends replicas: those that failed, those that are drained, and those that an earlier run lost."""

from datetime import datetime
from typing import Final

import structlog

from inference import models
from inference.errors import ProvisionerFailed
from inference.fleet import actions, queries, replica_actions
from inference.fleet.replica_states import IN_TRANSIT
from inference.provisioners.registry import provisioner
from tenants.context import as_control

log = structlog.get_logger()

GRACE_S: Final = 5.0
# A replica that dies this soon after it became warm counts as a failed start.
YOUNG_S: Final = 60.0


def fail(pool: models.Pool, replica: models.Replica, *, because: str, at: datetime) -> None:
    """A replica is dead to callers: out of the snapshot first, then stopped.

    A bad start holds back the next one.
    """
    was, is_young = replica.state, (at - replica.state_at).total_seconds() < YOUNG_S
    replica_actions.move_replica(replica, "fail", because=because, busy=0)
    actions.publish_snapshot()
    log.warning("replica failed", pool=pool.name, replica=str(replica.pk), was=was, because=because)
    if was in IN_TRANSIT or is_young:
        replica_actions.note_start_failed(pool, because=because)
    _end_process(replica)


def stop(replica: models.Replica, *, because: str) -> None:
    """Stop a replica that is no longer needed."""
    replica_actions.move_replica(replica, "stop", because=because, busy=0)
    _end_process(replica)


def retire_lost() -> None:
    """Fail at once the replicas of an earlier run, so that nobody is routed to them."""
    with as_control():
        retired = [_retire_if_lost(replica) for replica in queries.handled()]
        if any(retired):
            actions.publish_snapshot()


def _retire_if_lost(replica: models.Replica) -> bool:
    try:
        status = provisioner(replica.provisioner).status(replica.handle)
    except ProvisionerFailed as error:
        log.warning("replica not seen", replica=str(replica.pk), why=str(error))
        return False
    if status.gone:
        replica_actions.move_replica(replica, "fail", because=status.why, busy=0)
    return status.gone


def _end_process(replica: models.Replica) -> None:
    if not replica.handle:
        return
    try:
        provisioner(replica.provisioner).stop(replica.handle, grace_s=GRACE_S)
    except ProvisionerFailed as error:
        log.warning("replica not stopped", replica=str(replica.pk), why=str(error))
