"""Brings a pool to what was decided: starts what is missing, drains surplus, removes orphans."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import structlog
from django.db import transaction

from inference import models
from inference.errors import ProvisionerFailed
from inference.fleet import queries
from inference.fleet.replica_actions import (
    lock_starts,
    move_replica,
    note_start_failed,
    order_replica,
)
from inference.fleet.replica_states import IN_TRANSIT, OVER
from inference.provisioners.registry import provisioner_for
from inference.provisioners.types import Order, Provisioner
from inference.warming.policy import Decision
from tenants.context import CONTROL
from warmline.kernel import roles
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

log = structlog.get_logger()

# States in which a start takes processor and disk from another one on the same machine: until its
# imports are over.
HEAVY: Final = ("cold", "starting")


def act(
    pool: models.Pool, replicas: Sequence[models.Replica], decision: Decision, *, at: datetime
) -> bool:
    """Start or drain until as many replicas as desired are warm or on their way.

    Returns whether anything was done.
    """
    warm = [replica for replica in replicas if replica.state == "warm"]
    in_transit = sum(replica.state in IN_TRANSIT for replica in replicas)
    missing = decision.desired - len(warm) - in_transit
    if missing > 0:
        return _add(pool, replicas, missing, decision.because, at=at)
    # Never drain for a replica that is not warm yet: it may not become so.
    return _drain(pool, warm, min(-missing, len(warm) - decision.desired), decision.because)


def _add(
    pool: models.Pool,
    replicas: Sequence[models.Replica],
    missing: int,
    because: str,
    *,
    at: datetime,
) -> bool:
    """The quickest first: those that drain are taken back, those asleep woken, others started."""
    recalled = _recall(pool, replicas, missing, because)
    missing -= recalled
    asleep = [replica for replica in replicas if replica.state == "asleep"][:missing]
    for replica in asleep:
        move_replica(replica, "wake", because=because)
    started = _start(pool, missing - len(asleep), because, at=at)
    return started or bool(asleep) or recalled > 0


def _drain(pool: models.Pool, warm: Sequence[models.Replica], count: int, because: str) -> bool:
    if count <= 0:
        return False
    own = _provisioner(pool).name
    # Those of another provisioner first: so a pool that was switched moves to the new one.
    order = sorted(
        warm,
        key=lambda replica: (
            replica.provisioner == own,
            replica.busy,
            -replica.created_at.timestamp(),
        ),
    )
    for replica in order[:count]:
        move_replica(replica, "drain", because=because)
    return True


def _provisioner(pool: models.Pool) -> Provisioner:
    return provisioner_for(pool=pool.name, fixed_url=queries.fixed_url(pool))


def _recall(
    pool: models.Pool, replicas: Sequence[models.Replica], missing: int, because: str
) -> int:
    """Take back what drains, the busiest first, instead of a start; returns how many."""
    own = _provisioner(pool).name
    draining = [
        replica
        for replica in replicas
        if replica.state == "draining" and replica.provisioner == own
    ]
    recalled = sorted(draining, key=lambda replica: -replica.busy)[:missing]
    for replica in recalled:
        move_replica(replica, "recall", because=because)
    return len(recalled)


def _start(pool: models.Pool, missing: int, because: str, *, at: datetime) -> bool:
    if pool.retry_at is not None and at < pool.retry_at:
        return False
    provisioner = _provisioner(pool)
    if queries.fixed_url(pool):
        missing = min(missing, 1)
    for _ in range(missing):
        replica = _order(pool, provisioner, because)
        if replica is None:
            return False
        try:
            started = provisioner.start(_start_order(pool, replica))
        except ProvisionerFailed as error:
            move_replica(replica, "fail", because=str(error))
            note_start_failed(pool, because=str(error))
            return True
        move_replica(
            replica, "start", because=because, base_url=started.base_url, handle=started.handle
        )
    return True


def _start_order(pool: models.Pool, replica: models.Replica) -> Order:
    return Order(
        replica=ReplicaId(str(replica.pk)),
        region=RegionCode(pool.region_id),
        role=cast("Role", pool.role),
        model=pool.model,
        slots=pool.slots,
        number=replica.number,
        fixed_url=queries.fixed_url(pool),
        may_sleep=pool.max_asleep > 0,
    )


def _order(pool: models.Pool, provisioner: Provisioner, because: str) -> models.Replica | None:
    """A row for one more start, or None while the provisioner has as many under way as serve it."""
    with transaction.atomic(using=CONTROL):
        lock_starts()
        if provisioner.starts_at_once is not None and pool.role == roles.LLM:
            under_way = models.Replica.objects.filter(
                provisioner=provisioner.name, pool__role=roles.LLM, state__in=HEAVY
            )
            if under_way.count() >= provisioner.starts_at_once or _earlier_pool_waits(pool):
                return None
        return order_replica(pool, provisioner=provisioner.name, because=because)


def _earlier_pool_waits(pool: models.Pool) -> bool:
    """Whether a pool defined earlier still waits for its first replica: its callers come first."""
    earlier = models.Pool.objects.filter(role=pool.role, id__lt=pool.pk, desired__gt=0, failures=0)
    return earlier.exclude(replicas__in=models.Replica.objects.exclude(state__in=OVER)).exists()


def remove_orphans(pool: models.Pool, replicas: Sequence[models.Replica]) -> None:
    """Tell the pool's provisioner which replicas live, so that nothing runs that no row knows."""
    provisioner = _provisioner(pool)
    handles = [
        replica.handle
        for replica in replicas
        if replica.provisioner == provisioner.name and replica.handle
    ]
    region, role = RegionCode(pool.region_id), cast("Role", pool.role)
    try:
        provisioner.remove_orphans(region=region, role=role, model=pool.model, handles=handles)
    except ProvisionerFailed as error:
        log.warning("orphans not removed", pool=pool.name, why=str(error))
