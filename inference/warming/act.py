"""Brings a pool to what was decided: starts what is missing, drains what is too much."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import structlog
from django.db import transaction

from inference import models
from inference.errors import ProvisionerFailed
from inference.fleet import actions, queries
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
    """Start or drain until as many replicas as wanted are warm or on their way;
    whether anything was done.
    """
    own = provisioner_for(pool=pool.name, fixed_url=queries.fixed_url(pool)).name
    usable = [each for each in replicas if each.state == "warm" or each.state in IN_TRANSIT]
    missing = decision.want - len(usable)
    if missing > 0:
        recalled = _recall(replicas, missing, decision.because, own=own)
        missing -= recalled
        woken = [each for each in replicas if each.state == "asleep"][:missing]
        for replica in woken:
            actions.move_replica(replica, "wake", because=decision.because)
        return (
            _start(pool, missing - len(woken), decision.because, at=at)
            or bool(woken)
            or recalled > 0
        )
    warm = [each for each in usable if each.state == "warm"]
    # Never drain for a replica that is not warm yet: it may not become so.
    spare = min(-missing, len(warm) - decision.want)
    if spare <= 0:
        return False
    # Those of another provisioner first: so a pool that was switched moves to the new one.
    order = sorted(
        warm, key=lambda each: (each.provisioner == own, each.busy, -each.created_at.timestamp())
    )
    for replica in order[:spare]:
        actions.move_replica(replica, "drain", because=decision.because)
    return True


def _recall(replicas: Sequence[models.Replica], missing: int, because: str, *, own: str) -> int:
    """Take back what drains, the busiest first:
    it is still warm, and a start would take its time. How many.
    """
    draining = [each for each in replicas if each.state == "draining" and each.provisioner == own]
    back = sorted(draining, key=lambda each: -each.busy)[:missing]
    for replica in back:
        actions.move_replica(replica, "recall", because=because)
    return len(back)


def _start(pool: models.Pool, missing: int, because: str, *, at: datetime) -> bool:
    if pool.retry_at is not None and at < pool.retry_at:
        return False
    fixed_url = queries.fixed_url(pool)
    maker = provisioner_for(pool=pool.name, fixed_url=fixed_url)
    if fixed_url:
        missing = min(missing, 1)
    for _ in range(missing):
        replica = _order(pool, maker, because)
        if replica is None:
            return False
        order = Order(
            replica=ReplicaId(str(replica.pk)),
            region=RegionCode(pool.region_id),
            role=cast("Role", pool.role),
            model=pool.model,
            slots=pool.slots,
            number=replica.number,
            fixed_url=fixed_url,
            may_sleep=pool.sleepers > 0,
        )
        try:
            started = maker.start(order)
        except ProvisionerFailed as refused:
            actions.move_replica(replica, "fail", because=str(refused))
            actions.note_start_failed(pool, because=str(refused))
            return True
        actions.move_replica(
            replica, "start", because=because, base_url=started.base_url, handle=started.handle
        )
    return True


def _order(pool: models.Pool, maker: Provisioner, because: str) -> models.Replica | None:
    """A row for one more start, or None while the provisioner has as many under way as serve it."""
    with transaction.atomic(using=CONTROL):
        actions.lock_starts()
        if maker.starts_at_once is not None and pool.role == roles.LLM:
            under_way = models.Replica.objects.filter(
                provisioner=maker.name, pool__role=roles.LLM, state__in=HEAVY
            )
            if under_way.count() >= maker.starts_at_once or _others_turn(pool):
                return None
        return actions.order_replica(pool, provisioner=maker.name, because=because)


def _others_turn(pool: models.Pool) -> bool:
    """Whether a pool defined earlier still waits for its first replica: its callers come first."""
    earlier = models.Pool.objects.filter(role=pool.role, id__lt=pool.pk, want__gt=0, failures=0)
    return earlier.exclude(replicas__in=models.Replica.objects.exclude(state__in=OVER)).exists()


def settle(pool: models.Pool, replicas: Sequence[models.Replica]) -> None:
    """Tell the pool's provisioner which replicas live, so that nothing runs that no row knows."""
    maker = provisioner_for(pool=pool.name, fixed_url=queries.fixed_url(pool))
    handles = [each.handle for each in replicas if each.provisioner == maker.name and each.handle]
    role = cast("Role", pool.role)
    try:
        maker.settle(
            region=RegionCode(pool.region_id), role=role, model=pool.model, handles=handles
        )
    except ProvisionerFailed as wrong:
        log.warning("pool not settled", pool=pool.name, why=str(wrong))
