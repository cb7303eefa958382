"""Reconciles each replica's row with what is seen of it: started, primed, warm, asleep, dead."""

import time
from datetime import datetime
from typing import Final

import structlog
from django.db.models.functions import Now

from inference import models
from inference.errors import PrimingFailed, ProvisionerFailed
from inference.fleet import queries
from inference.fleet.replica_actions import move_replica, note_replica
from inference.fleet.replica_states import IN_TRANSIT
from inference.provisioners.registry import provisioner
from inference.provisioners.types import ReplicaStatus
from inference.warming import record
from inference.warming.observe import Probe, probe
from inference.warming.retire import fail, stop
from inference.warming.sleep import SleepFailed, put_to_sleep, wake
from inference.warming.ttft import TtftWatch
from inference.warming.warm_up import keep_answer, run_new_prefixes, warm_up
from warmline.kernel import roles

log = structlog.get_logger()

# A start may take four times its usual length, and five minutes in any case, before it is given up.
START_FACTOR: Final = 4.0
START_LEAST_S: Final = 300.0
# A warm replica that leaves this many probes in a row unanswered is dead to callers.
UNANSWERED_MOST: Final = 3
# Out of the snapshot this long, nobody chooses it any more; then its requests may run out, up to a
# call's length.
DRAIN_LEAST_S: Final = 3.0
DRAIN_MOST_S: Final = 900.0
# An idle replica runs its canary this often: caches and connections stay warm, and a sick one is
# found out.
CANARY_EVERY_S: Final = 60.0
_TTFT_WATCH: Final = TtftWatch()


def reconcile_replica(pool: models.Pool, replica: models.Replica, *, at: datetime) -> bool:
    """See one replica and move it if it is time; whether anything about it changed."""
    before = (replica.state, replica.busy)
    status = _status(pool, replica)
    _note_status(replica, status)
    if status.gone:
        # Nobody's failure: nothing holds back its successor.
        move_replica(replica, "fail", because=status.why, busy=0)
    elif not status.running:
        fail(pool, replica, because=status.why, at=at)
    else:
        _STEPS[replica.state](pool, replica, status, at)
    return (replica.state, replica.busy) != before


def _status(pool: models.Pool, replica: models.Replica) -> ReplicaStatus:
    if not replica.handle:
        return ReplicaStatus(running=True)
    try:
        return provisioner(replica.provisioner).status(replica.handle)
    except ProvisionerFailed as error:
        # Whoever cannot be asked is not dead: the probe still says whether callers are answered.
        log.warning("replica not seen", pool=pool.name, replica=str(replica.pk), why=str(error))
        return ReplicaStatus(running=True, loading=True)


def _note_status(replica: models.Replica, status: ReplicaStatus) -> None:
    """Keep what its provisioner has learnt of it."""
    columns = {"base_url": status.base_url, "handle": status.handle}
    if replica.state in {"starting", "loading"} and status.running:
        columns["because"] = status.why  # such as: no node has a GPU to spare
    changed = {
        column: value
        for column, value in columns.items()
        if value and value != getattr(replica, column)
    }
    if changed:
        note_replica(replica, **changed)
    stages_s = {**replica.stages_s, **status.stages_s}
    if stages_s != replica.stages_s and replica.state in IN_TRANSIT:
        note_replica(replica, stages_s=stages_s)


def _cold(pool: models.Pool, replica: models.Replica, _status: ReplicaStatus, at: datetime) -> None:
    """A row whose start never came to be: its worker died between the order and the start."""
    if _age_s(replica, at) > START_LEAST_S:
        fail(pool, replica, because="the worker that ordered it did not start it", at=at)


def _starting(
    pool: models.Pool, replica: models.Replica, status: ReplicaStatus, at: datetime
) -> None:
    if status.loading and replica.state == "starting":
        move_replica(replica, "load", because="its log says that the model is being loaded")
    limit_s = max(START_LEAST_S, START_FACTOR * pool.start_s)
    if _probe(replica).answers:
        # Its log is read again: by now it tells every stage.
        stages_s = {
            **provisioner(replica.provisioner).status(replica.handle).stages_s,
            "listen": round((at - replica.created_at).total_seconds(), 2),
        }
        move_replica(replica, "listen", because="its socket answers", stages_s=stages_s)
        _priming(pool, replica, status, at)
    elif _age_s(replica, at) > limit_s:
        why = f": {status.why}" if status.why else ""
        fail(pool, replica, because=f"not answering {limit_s:.0f} s after its start{why}", at=at)


def _priming(
    pool: models.Pool, replica: models.Replica, _status: ReplicaStatus, at: datetime
) -> None:
    begun = time.monotonic()
    try:
        warmed = warm_up(pool, replica)
    except PrimingFailed as error:
        fail(pool, replica, because=str(error), at=at)
        return
    took_s = round(time.monotonic() - begun, 2)
    keep_answer(pool, replica, warmed)
    is_llm = pool.role == roles.LLM
    ran = f"{warmed.prefixes} prefixes and the canary" if is_llm else "the canary"
    move_replica(
        replica,
        "primed",
        because=f"{ran} ran, first output in {warmed.ttft_ms:.0f} ms",
        stages_s={**replica.stages_s, "prime": took_s},
        primed=warmed.digest,
        unanswered=0,
        busy=0,
        probed_at=Now(),
    )
    record.note_warm(pool, ttft_ms=warmed.ttft_ms)


def _warm(pool: models.Pool, replica: models.Replica, _status: ReplicaStatus, at: datetime) -> None:
    seen = _probe(replica)
    if not seen.answers:
        _count_unanswered(pool, replica, seen, at)
        return
    if replica.unanswered or (seen.running or 0) != replica.busy:
        note_replica(replica, unanswered=0, busy=seen.running or 0)
    _note_callers_ttft(pool, replica, seen)
    idle_s = (at - (replica.probed_at or replica.state_at)).total_seconds()
    if replica.busy == 0 and idle_s >= CANARY_EVERY_S:
        _run_canary(pool, replica, at)
    elif pool.role == roles.LLM:
        run_new_prefixes(pool, replica)


def _count_unanswered(
    pool: models.Pool, replica: models.Replica, seen: Probe, at: datetime
) -> None:
    unanswered = replica.unanswered + 1
    note_replica(replica, unanswered=unanswered)
    if unanswered >= UNANSWERED_MOST:
        because = f"{unanswered} probes unanswered, the last: {seen.why}"
        fail(pool, replica, because=because, at=at)


def _note_callers_ttft(pool: models.Pool, replica: models.Replica, seen: Probe) -> None:
    """What callers waited on it since the last look counts for the pool.

    The warmer's own requests do not.
    """
    if seen.ttft is None:
        return
    mark = (replica.probed_at, replica.primed)
    if mean := _TTFT_WATCH.since_last(str(replica.pk), seen.ttft, mark=mark):
        record.note_callers_ttft(pool, mean_ms=mean.mean_ms, requests=mean.requests)


def _run_canary(pool: models.Pool, replica: models.Replica, at: datetime) -> None:
    """What a caller would meet: the prefixes, which keeps them in its cache, and the canary."""
    try:
        warmed = warm_up(pool, replica)
    except PrimingFailed as error:
        fail(pool, replica, because=str(error), at=at)
        return
    note_replica(replica, probed_at=Now(), primed=warmed.digest)
    replica.probed_at = at
    record.note_canary_ttft(pool, ttft_ms=warmed.ttft_ms)


def _draining(
    pool: models.Pool, replica: models.Replica, _status: ReplicaStatus, at: datetime
) -> None:
    drained_s = _age_s(replica, at)
    seen = _probe(replica)
    if drained_s < DRAIN_LEAST_S:
        return
    if seen.answers and seen.running and drained_s < DRAIN_MOST_S:
        note_replica(replica, busy=seen.running)
    elif not _fell_asleep(pool, replica):
        stop(replica, because=f"drained in {drained_s:.0f} s")


def _fell_asleep(pool: models.Pool, replica: models.Replica) -> bool:
    """Put it to sleep where its pool keeps some asleep; a fixed endpoint is somebody else's."""
    if pool.role != roles.LLM or replica.provisioner == "fixed":
        return False
    if queries.asleep(pool) >= pool.max_asleep:
        return False
    try:
        took_s = put_to_sleep(replica.base_url)
    except SleepFailed as error:
        why = str(error)
        log.warning("replica not put to sleep", pool=pool.name, replica=str(replica.pk), why=why)
        return False
    move_replica(replica, "sleep", because=f"drained, asleep in {took_s:.2f} s", busy=0)
    return True


def _asleep(
    pool: models.Pool, replica: models.Replica, _status: ReplicaStatus, _at: datetime
) -> None:
    """Stop a sleeper when more sleep than the pool allows."""
    if queries.asleep(pool) > pool.max_asleep:
        stop(replica, because=f"at most {pool.max_asleep} shall sleep")


def _waking(
    pool: models.Pool, replica: models.Replica, status: ReplicaStatus, at: datetime
) -> None:
    """Awake is not warm: its caches are empty, and its first answers are slow."""
    try:
        took_s = wake(replica.base_url)
    except SleepFailed as error:
        fail(pool, replica, because=str(error), at=at)
        return
    stages_s = {**replica.stages_s, "wake": round(took_s, 3)}
    move_replica(replica, "woken", because=f"awake in {took_s:.2f} s", stages_s=stages_s)
    _priming(pool, replica, status, at)


_STEPS: Final = {
    "cold": _cold,
    "starting": _starting,
    "loading": _starting,
    "priming": _priming,
    "warm": _warm,
    "draining": _draining,
    "asleep": _asleep,
    "waking": _waking,
}


def _probe(replica: models.Replica) -> Probe:
    if not replica.base_url:
        return Probe(answers=False, why="it has no address yet")
    return probe(replica.base_url, fixed=replica.provisioner == "fixed")


def _age_s(replica: models.Replica, at: datetime) -> float:
    return (at - replica.state_at).total_seconds()
