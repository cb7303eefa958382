"""Moves each replica along its life by what is seen of it:
started, listening, primed, warm, drained, dead.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import httpx
import structlog
from django.db.models.functions import Now

from inference import models
from inference.errors import PrimingFailed, ProvisionerFailed
from inference.fleet import actions, queries
from inference.fleet.credentials import bearer, key_of, model_at
from inference.fleet.prompt_prefixes import Prefix, digest_of
from inference.fleet.replica_states import IN_TRANSIT
from inference.provisioners.registry import provisioner
from inference.provisioners.types import Look
from inference.warming.observe import Probe, probe, region_prefixes
from inference.warming.prime import Primed, prime, run_prefixes
from inference.warming.sleep import SleepFailed, put_to_sleep, wake
from inference.warming.ttft import Looks
from tenants.context import as_control
from warmline.kernel import roles
from warmline.kernel.roles import Role

log = structlog.get_logger()

GRACE_S: Final = 5.0
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
# A replica that dies this soon after it became warm counts as a failed start.
YOUNG_S: Final = 60.0
_LOOKS: Final = Looks()


def advance(pool: models.Pool, replica: models.Replica, *, at: datetime) -> bool:
    """See one replica and move it if it is time; whether anything about it changed."""
    before = (replica.state, replica.busy)
    try:
        look = (
            provisioner(replica.provisioner).look(replica.handle)
            if replica.handle
            else Look(running=True)
        )
    except ProvisionerFailed as blind:
        # Whoever cannot be asked is not dead: the probe below still says whether callers are
        # answered.
        log.warning("replica not seen", pool=pool.name, replica=str(replica.pk), why=str(blind))
        look = Look(running=True, loading=True)
    found = {"base_url": look.base_url, "handle": look.handle}
    if replica.state in {"starting", "loading"} and look.running:
        found["because"] = look.why  # such as: no node has a card to spare
    if learnt := {
        column: value
        for column, value in found.items()
        if value and value != getattr(replica, column)
    }:
        actions.note_replica(replica, **learnt)
    if dict(look.stages_s) != replica.stages_s and replica.state in IN_TRANSIT and look.stages_s:
        actions.note_replica(replica, stages_s={**replica.stages_s, **look.stages_s})
    if look.gone:
        # Nobody's failure: nothing holds back its successor.
        actions.move_replica(replica, "fail", because=look.why, busy=0)
    elif not look.running:
        fail(pool, replica, because=look.why, at=at)
    else:
        _STEPS[replica.state](pool, replica, look, at)
    return (replica.state, replica.busy) != before


def _cold(pool: models.Pool, replica: models.Replica, _look: Look, at: datetime) -> None:
    """A row whose start never came to be: its worker died between the order and the start."""
    if _age_s(replica, at) > START_LEAST_S:
        fail(pool, replica, because="the worker that ordered it did not start it", at=at)


def _starting(pool: models.Pool, replica: models.Replica, look: Look, at: datetime) -> None:
    if look.loading and replica.state == "starting":
        actions.move_replica(replica, "load", because="its log says that the model is being loaded")
    limit_s = max(START_LEAST_S, START_FACTOR * pool.start_s)
    if _probe(replica).answers:
        # Its log is read again: by now it tells every stage.
        told = provisioner(replica.provisioner).look(replica.handle).stages_s
        stages_s = {**told, "listen": round((at - replica.created_at).total_seconds(), 2)}
        actions.move_replica(replica, "listen", because="its socket answers", stages_s=stages_s)
        _priming(pool, replica, look, at)
    elif _age_s(replica, at) > limit_s:
        why = f": {look.why}" if look.why else ""
        fail(pool, replica, because=f"not answering {limit_s:.0f} s after its start{why}", at=at)


def _priming(pool: models.Pool, replica: models.Replica, _look: Look, at: datetime) -> None:
    prefixes = _prefixes(pool)
    begun = time.monotonic()
    try:
        primed = _prime(pool, replica, prefixes)
    except PrimingFailed as wrong:
        fail(pool, replica, because=str(wrong), at=at)
        return
    actions.note_replica(
        replica, stages_s={**replica.stages_s, "prime": round(time.monotonic() - begun, 2)}
    )
    _keep(pool, replica, primed)
    ran = f"{len(prefixes)} prefixes and the canary" if pool.role == roles.LLM else "the canary"
    because = f"{ran} ran, first output in {primed.first_word_ms:.0f} ms"
    actions.move_replica(
        replica,
        "primed",
        because=because,
        primed=digest_of(prefixes),
        unanswered=0,
        busy=0,
        probed_at=Now(),
    )
    actions.note_warm(pool, first_word_ms=primed.first_word_ms)


def _warm(pool: models.Pool, replica: models.Replica, _look: Look, at: datetime) -> None:
    seen = _probe(replica)
    if not seen.answers:
        unanswered = replica.unanswered + 1
        actions.note_replica(replica, unanswered=unanswered)
        if unanswered >= UNANSWERED_MOST:
            fail(
                pool,
                replica,
                because=f"{unanswered} probes unanswered, the last: {seen.why}",
                at=at,
            )
        return
    if replica.unanswered or (seen.running or 0) != replica.busy:
        actions.note_replica(replica, unanswered=0, busy=seen.running or 0)
    _note_waits(pool, replica, seen)
    idle_s = (at - (replica.probed_at or replica.state_at)).total_seconds()
    if replica.busy == 0 and idle_s >= CANARY_EVERY_S:
        _run_canary(pool, replica, at)
    elif pool.role == roles.LLM:
        _run_new_prefixes(pool, replica)


def _note_waits(pool: models.Pool, replica: models.Replica, seen: Probe) -> None:
    """What callers waited on it since the last look counts for the pool;
    the warmer's own requests do not.
    """
    if seen.served is None:
        return
    mark = (replica.probed_at, replica.primed)
    if waited := _LOOKS.waited(str(replica.pk), seen.served, mark=mark):
        actions.note_waits(pool, mean_ms=waited.mean_ms, requests=waited.requests)


def _run_canary(pool: models.Pool, replica: models.Replica, at: datetime) -> None:
    """What a caller would meet: the prefixes, which keeps them in its cache, and the canary."""
    prefixes = _prefixes(pool)
    try:
        primed = _prime(pool, replica, prefixes)
    except PrimingFailed as wrong:
        fail(pool, replica, because=str(wrong), at=at)
        return
    actions.note_replica(replica, probed_at=Now(), primed=digest_of(prefixes))
    replica.probed_at = at
    actions.note_first_word(pool, first_word_ms=primed.first_word_ms)


def _run_new_prefixes(pool: models.Pool, replica: models.Replica) -> None:
    """An agent version went live after this replica became warm:
    its prompt runs once, while calls go on.
    """
    prefixes = _prefixes(pool)
    if not prefixes or digest_of(prefixes) == replica.primed:
        return
    try:
        headers = bearer(_key(pool, replica))
        with httpx.Client(
            base_url=replica.base_url, timeout=30.0, trust_env=False, headers=headers
        ) as client:
            run_prefixes(client, model_at(replica.base_url, pool.model), prefixes)
    except httpx.HTTPError as wrong:
        log.warning("prefixes not run", pool=pool.name, replica=str(replica.pk), why=str(wrong))
        return
    actions.note_replica(replica, primed=digest_of(prefixes))
    log.info("prefixes run", pool=pool.name, replica=str(replica.pk), prefixes=len(prefixes))


def _draining(pool: models.Pool, replica: models.Replica, _look: Look, at: datetime) -> None:
    drained_s = _age_s(replica, at)
    seen = _probe(replica)
    if drained_s < DRAIN_LEAST_S:
        return
    if seen.answers and seen.running and drained_s < DRAIN_MOST_S:
        actions.note_replica(replica, busy=seen.running)
        return
    if _may_sleep(pool, replica):
        try:
            took_s = put_to_sleep(replica.base_url)
        except SleepFailed as wrong:
            log.warning(
                "replica not put to sleep", pool=pool.name, replica=str(replica.pk), why=str(wrong)
            )
        else:
            actions.move_replica(
                replica, "sleep", because=f"drained, asleep in {took_s:.2f} s", busy=0
            )
            return
    actions.move_replica(replica, "stop", because=f"drained in {drained_s:.0f} s", busy=0)
    _stop(replica)


def _may_sleep(pool: models.Pool, replica: models.Replica) -> bool:
    """A fixed endpoint is somebody else's: it is never put to sleep."""
    return (
        pool.role == roles.LLM
        and replica.provisioner != "fixed"
        and queries.asleep(pool) < pool.sleepers
    )


def _asleep(pool: models.Pool, replica: models.Replica, _look: Look, _at: datetime) -> None:
    """It stays so until it is wanted, or fewer shall sleep than do."""
    if queries.asleep(pool) > pool.sleepers:
        actions.move_replica(replica, "stop", because=f"at most {pool.sleepers} shall sleep")
        _stop(replica)


def _waking(pool: models.Pool, replica: models.Replica, look: Look, at: datetime) -> None:
    """Awake is not warm: its caches are empty, and its first answers are slow."""
    try:
        took_s = wake(replica.base_url)
    except SleepFailed as wrong:
        fail(pool, replica, because=str(wrong), at=at)
        return
    stages_s = {**replica.stages_s, "wake": round(took_s, 3)}
    actions.move_replica(replica, "woken", because=f"awake in {took_s:.2f} s", stages_s=stages_s)
    _priming(pool, replica, look, at)


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


def retire_lost() -> None:
    """Fail at once what an earlier run of this machine left in the rows,
    so that nobody is routed to it.
    """
    with as_control():
        retired = [_retired(replica) for replica in queries.handled()]
        if any(retired):
            actions.publish_snapshot()


def _retired(replica: models.Replica) -> bool:
    try:
        look = provisioner(replica.provisioner).look(replica.handle)
    except ProvisionerFailed as blind:
        log.warning("replica not seen", replica=str(replica.pk), why=str(blind))
        return False
    if look.gone:
        actions.move_replica(replica, "fail", because=look.why, busy=0)
    return look.gone


def fail(pool: models.Pool, replica: models.Replica, *, because: str, at: datetime) -> None:
    """A replica is dead to callers: out of the snapshot first, then stopped;
    a bad start holds back the next one.
    """
    was, young = replica.state, _age_s(replica, at) < YOUNG_S
    actions.move_replica(replica, "fail", because=because, busy=0)
    actions.publish_snapshot()
    log.warning("replica failed", pool=pool.name, replica=str(replica.pk), was=was, because=because)
    if was in IN_TRANSIT or young:
        actions.note_start_failed(pool, because=because)
    _stop(replica)


def _stop(replica: models.Replica) -> None:
    if not replica.handle:
        return
    try:
        provisioner(replica.provisioner).stop(replica.handle, grace_s=GRACE_S)
    except ProvisionerFailed as wrong:
        log.warning("replica not stopped", replica=str(replica.pk), why=str(wrong))


def _prefixes(pool: models.Pool) -> tuple[Prefix, ...]:
    """What a think pool's replicas run before calls.
    A hosted provider's cache is not ours to fill, at its price.
    """
    return (
        region_prefixes(pool.region_id)
        if pool.role == roles.LLM and pool.purpose != "hosted"
        else ()
    )


def _prime(pool: models.Pool, replica: models.Replica, prefixes: Sequence[Prefix]) -> Primed:
    return prime(
        _role(pool),
        replica.base_url,
        model_at(replica.base_url, pool.model),
        prefixes=prefixes,
        stored=_stored(pool, replica),
        key=_key(pool, replica),
    )


def _key(pool: models.Pool, replica: models.Replica) -> str | None:
    return key_of(pool.name, replica.base_url) if replica.provisioner == "fixed" else None


def _probe(replica: models.Replica) -> Probe:
    if not replica.base_url:
        return Probe(answers=False, why="it has no address yet")
    return probe(replica.base_url, fixed=replica.provisioner == "fixed")


def _stored(pool: models.Pool, replica: models.Replica) -> str | None:
    fingerprint = _fingerprint(pool, replica)
    return actions.canary_answer(pool.model, fingerprint) if fingerprint else None


def _keep(pool: models.Pool, replica: models.Replica, primed: Primed) -> None:
    if fingerprint := _fingerprint(pool, replica):
        actions.keep_canary(pool.model, fingerprint, primed.answer)


def _fingerprint(pool: models.Pool, replica: models.Replica) -> str:
    """What makes two replicas of a think pool answer the same; empty where that is not known."""
    return (
        provisioner(replica.provisioner).fingerprint(pool.model) if pool.role == roles.LLM else ""
    )


def _role(pool: models.Pool) -> Role:
    return cast("Role", pool.role)


def _age_s(replica: models.Replica, at: datetime) -> float:
    return (at - replica.state_at).total_seconds()
