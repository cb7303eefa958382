"""Predictive prewarming, in turns: reconcile each pool, observe, decide, act, tell every region."""

import os
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import Final

import msgspec
import redis
import structlog
from django.db import connections

from inference.errors import PolicyError, SnapshotMissing, WrongTransition
from inference.fleet import actions, leases, queries, snapshots
from inference.fleet.replica_states import IN_TRANSIT
from inference.fleet.routing import strain
from inference.models import Pool, Replica
from inference.warming import record
from inference.warming.act import act, remove_orphans
from inference.warming.observe import observe, region_redis
from inference.warming.policy import Observation, decide
from inference.warming.reconcile import reconcile_replica
from warmline.kernel import clock
from warmline.kernel.errors import BadInput

log = structlog.get_logger()

# A worker that dies gives its pool back after this. Priming a slow replica takes the longest.
CLAIM_S: Final = 90.0
LOOK_AGAIN_S: Final = 0.25
POOLS_AT_ONCE: Final = 6
# A first word that moved by more is worth telling every region.
FIRST_WORD_MOVED: Final = 1.25


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
        moving = {name: threads.submit(copy_context().run, _work_in_thread, name) for name in names}
    return tuple(name for name, is_moving in moving.items() if is_moving.result())


def _work_in_thread(name: str) -> bool:
    try:
        return work_on(name)
    except Exception:  # one pool's trouble must not keep the others cold
        log.exception("pool not worked on", pool=name)
        return False
    finally:
        connections.close_all()


def work_on(name: str) -> bool:
    """One turn of one pool; whether anything of it is on its way."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    pool = actions.claim_pool(name, worker=worker, seconds=CLAIM_S)
    if pool is None:
        return False
    try:
        return _work(pool)
    except WrongTransition as error:
        # The claim ran out under a slow step; the worker that took over has the newer view.
        log.warning("pool taken over", pool=name, why=str(error))
        return False
    finally:
        actions.release_pool(pool, worker=worker)


def _work(pool: Pool) -> bool:
    changed = False
    for replica in queries.living(pool):
        changed = reconcile_replica(pool, replica, at=clock.now()) or changed
    if _decide_and_act(pool, at=clock.now()) or changed:
        actions.publish_snapshot()
    replicas = queries.living(pool)
    remove_orphans(pool, replicas)
    in_transit = any(replica.state in IN_TRANSIT for replica in replicas)
    return in_transit or _start_is_due(pool, replicas)


def _decide_and_act(pool: Pool, *, at: datetime) -> bool:
    """Bring the pool to what is decided now; whether the regions must be told of it."""
    replicas = queries.living(pool)
    try:
        observation = record_and_observe(pool, replicas, at=at)
        decision = decide(observation, queries.policy_of(pool))
    except redis.RedisError as error:
        why = f"its leases cannot be counted: {error}"
        log.warning("pool not decided", pool=pool.name, why=why)
        return False
    except PolicyError as error:
        log.error("pool not decided", pool=pool.name, why=str(error))
        return False
    if record.note_decision(pool, decision, observation):
        seen = msgspec.to_builtins(observation)
        log.info("pool decided", **msgspec.to_builtins(decision), seen=seen)
    return act(pool, replicas, decision, at=at) or not _regions_know_load(pool, at=at)


def record_and_observe(pool: Pool, replicas: Sequence[Replica], *, at: datetime) -> Observation:
    """The pool's numbers now, written down as they are seen.

    Raises redis.RedisError when its leases cannot be counted: then nothing is decided.
    """
    with region_redis(pool.region_id) as client:
        held = leases.held(client, pool.name)
        record.record_load(client, pool, held=held, at=at)
        observation = observe(client, pool, replicas, held=held, at=at)
    record.note_expected(pool, observation)
    return observation


def _regions_know_load(pool: Pool, *, at: datetime) -> bool:
    """Whether the regions know the pool's load as far as routing minds it.

    A snapshot for each call would cost too much.
    """
    try:
        snapshot = snapshots.current()
    except SnapshotMissing:
        return True  # the next turn begins by publishing it
    except BadInput as error:
        log.warning("snapshot refused", why=str(error))
        return False
    known = snapshot.pool_by_name.get(pool.name)
    if known is None:
        return False
    slots = snapshot.slots_by_pool.get(pool.name, 0)
    held = queries.held_slots(at=at, pool=pool.name).get(pool.name, 0)
    if strain(held, slots=slots) != strain(known.held, slots=slots):
        return False
    quicker, slower = sorted((known.first_word_ms, pool.first_word_ms))
    return slower <= quicker * FIRST_WORD_MOVED


def _start_is_due(pool: Pool, replicas: Sequence[Replica]) -> bool:
    """Whether a wanted replica waits only for another start on its machine."""
    awake = sum(replica.state != "asleep" for replica in replicas)
    return pool.retry_at is None and awake < pool.desired
