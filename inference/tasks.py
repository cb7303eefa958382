"""The warmer's loop: for each pool, see its replicas through,
observe, decide, act, and tell every region.
"""

import os
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import Final

import msgspec
import redis
import structlog
from celery import shared_task
from django.db import connections

from inference.errors import PolicyError, SnapshotMissing, WrongTransition
from inference.fleet import actions, queries, snapshots
from inference.fleet.replica_states import IN_TRANSIT
from inference.fleet.routing import strain
from inference.models import Pool, Replica
from inference.warming.act import act, settle
from inference.warming.history import LEARN_DAYS, learn
from inference.warming.observe import observe
from inference.warming.policy import decide
from inference.warming.reconcile import advance
from tenants.jobs import TenantTask
from warmline.kernel import clock
from warmline.kernel.errors import BadInput

log = structlog.get_logger()

# A worker that dies gives its pool back after this. Priming a slow replica takes the longest.
CLAIM_S: Final = 90.0
# Beat comes every five seconds; while something is starting, this turn looks again until then.
TURN_S: Final = 4.5
LOOK_AGAIN_S: Final = 0.25
POOLS_AT_ONCE: Final = 6
# A forecast is refitted when it is older: a day's calls move it by little.
LEARN_AGAIN: Final = timedelta(hours=23)
# A first word that moved by more is worth telling every region.
FIRST_WORD_MOVED: Final = 1.25


@shared_task(name="inference.tasks.warm_pools", base=TenantTask, cross_tenant=True, time_limit=110)
def warm_pools() -> None:
    """One turn of the warmer over all pools, side by side;
    a pool that another worker has is left to it.
    """
    warm_for(TURN_S)


@shared_task(
    name="inference.tasks.learn_pools", base=TenantTask, cross_tenant=True, time_limit=3600
)
def learn_pools() -> None:
    """Refit to its history the forecast of each pool that has none of the last day; delete minutes
    too old for any.

    Beat asks each hour, so that a machine that is restarted every day learns too.
    """
    at = clock.now()
    actions.forget_minutes(before=at - timedelta(days=LEARN_DAYS))
    for pool in queries.pools_to_learn(fitted_before=at - LEARN_AGAIN):
        fitted = learn(pool, at=at)
        told = "not enough history" if fitted is None else f"excess {fitted.excess:.4f}"
        log.info("pool learnt", pool=pool.name, told=told)


def warm_for(seconds: float) -> None:
    """Work on all pools once, and again while replicas are on their way, until the time is over."""
    until = time.monotonic() + seconds
    moving = queries.pool_names()
    actions.publish_if_missing()
    while moving:
        moving = _work_side_by_side(moving)
        if not moving or time.monotonic() + LOOK_AGAIN_S > until:
            return
        time.sleep(LOOK_AGAIN_S)


def _work_side_by_side(names: Sequence[str]) -> tuple[str, ...]:
    """The pools among these that have something on its way."""
    with ThreadPoolExecutor(max_workers=POOLS_AT_ONCE, thread_name_prefix="warm") as threads:
        asked = {name: threads.submit(copy_context().run, _work_in_thread, name) for name in names}
    return tuple(name for name, answer in asked.items() if answer.result())


def _work_in_thread(name: str) -> bool:
    try:
        return work_on(name)
    except Exception:  # one pool's trouble must not keep the others cold
        log.exception("pool not worked on", pool=name)
        return False
    finally:
        connections.close_all()


def work_on(name: str) -> bool:
    """One pool: see its replicas through, observe, decide, act;
    whether anything of it is on its way.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}"
    pool = actions.claim_pool(name, worker=worker, seconds=CLAIM_S)
    if pool is None:
        return False
    try:
        return _work(pool)
    except WrongTransition as wrong:
        # The claim ran out under a slow step and another worker took over: its view is the newer
        # one.
        log.warning("pool taken over", pool=name, why=str(wrong))
        return False
    finally:
        actions.release_pool(pool, worker=worker)


def _work(pool: Pool) -> bool:
    replicas = queries.living(pool)
    changed = False
    for replica in replicas:
        changed = advance(pool, replica, at=clock.now()) or changed
    at = clock.now()
    replicas = queries.living(pool)
    try:
        observation = observe(pool, replicas, at=at)
        decision = decide(observation, queries.policy_of(pool))
    except redis.RedisError as blind:
        log.warning(
            "pool not decided", pool=pool.name, why=f"its leases cannot be counted: {blind}"
        )
    except PolicyError as wrong:
        log.error("pool not decided", pool=pool.name, why=str(wrong))
    else:
        if actions.note_decision(pool, decision, observation):
            log.info(
                "pool decided",
                **msgspec.to_builtins(decision),
                seen=msgspec.to_builtins(observation),
            )
        changed = act(pool, replicas, decision, at=at) or changed or not _is_told(pool, at=at)
    if changed:
        actions.publish_snapshot()
    replicas = queries.living(pool)
    settle(pool, replicas)
    return any(replica.state in IN_TRANSIT for replica in replicas) or _waits(pool, replicas)


def _is_told(pool: Pool, *, at: datetime) -> bool:
    """Whether the regions know what routing makes of the pool's load:
    a snapshot for each call would cost too much.
    """
    try:
        snapshot = snapshots.current()
    except SnapshotMissing:
        return True  # the next turn begins by publishing it
    except BadInput as wrong:
        log.warning("snapshot refused", why=str(wrong))
        return False
    told = snapshot.pool_by_name.get(pool.name)
    if told is None:
        return False
    slots = snapshot.slots_by_pool.get(pool.name, 0)
    held = queries.held_slots(at=at, pool=pool.name).get(pool.name, 0)
    quicker, slower = sorted((told.first_word_ms, pool.first_word_ms))
    return (
        strain(held, slots=slots) == strain(told.held, slots=slots)
        and slower <= quicker * FIRST_WORD_MOVED
    )


def _waits(pool: Pool, replicas: Sequence[Replica]) -> bool:
    """Whether the pool wants a replica that may be started any moment:
    another start is under way on its machine.
    """
    return (
        pool.retry_at is None and sum(replica.state != "asleep" for replica in replicas) < pool.want
    )
