"""Looks at replicas and pools: probes, metrics, leases. All the warmer's reading I/O is here."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast

import httpx
import msgspec
import redis

from inference import models
from inference.fleet import leases
from inference.fleet.prompt_prefixes import Prefix, read_prefixes
from inference.fleet.replica_states import IN_TRANSIT
from inference.warming.history import expect, group_of, write_down
from inference.warming.policy import Observation
from inference.warming.staffing import Share
from inference.warming.ttft import Served, served_in
from warmline.kernel.regions import RegionCode, redis_url

PROBE_S: Final = 1.5
# How far back the reactive layer looks for the peak of leased slots: a lull shorter than that ends
# no replica.
PEAK_S: Final = 300.0
# How long ago, at least and at most, the slots were held that growth is told from: fewer seconds
# tell of one call more.
TREND_S: Final = (60.0, 120.0)
# Requests on a replica now, by the names of vLLM and of the small speech server.
RUNNING_METRICS: Final = (
    "vllm:num_requests_running",
    "warmline_speech_requests_running",
    "speech_requests_running",
)


class Probe(msgspec.Struct, frozen=True):
    """Whether a replica answers, the requests on it,
    and those it has answered (None: it does not say).
    """

    answers: bool
    running: int | None = None
    served: Served | None = None
    why: str = ""


def probe(base_url: str, *, fixed: bool) -> Probe:
    """Ask a replica how it is. A fixed endpoint is asked for its models:
    nothing else is sure to be there.
    """
    try:
        with httpx.Client(base_url=base_url, timeout=PROBE_S, trust_env=False) as client:
            answered = client.get("/v1/models" if fixed else "/health")
            if answered.status_code != httpx.codes.OK and not (
                fixed and answered.status_code < 500
            ):
                return Probe(answers=False, why=f"answered {answered.status_code}")
            metrics = client.get("/metrics")
    except httpx.HTTPError as wrong:
        return Probe(answers=False, why=f"{type(wrong).__name__}: {wrong}")
    if metrics.status_code != httpx.codes.OK:
        return Probe(answers=True)
    return Probe(answers=True, running=running_in(metrics.text), served=served_in(metrics.text))


def running_in(metrics: str) -> int | None:
    """The sum of the samples that count running requests, or None when there are none."""
    samples = [line for line in metrics.splitlines() if line.startswith(RUNNING_METRICS)]
    if not samples:
        return None
    try:
        return round(sum(float(line.rsplit(" ", 1)[1]) for line in samples))
    except ValueError:
        return None


def region_redis(region: str) -> "redis.Redis":
    """The region's Redis, with a deadline for each answer."""
    url = redis_url(RegionCode(region))
    return redis.Redis.from_url(url, socket_timeout=PROBE_S, socket_connect_timeout=PROBE_S)


def region_prefixes(region: str) -> tuple[Prefix, ...]:
    """The prompt prefixes to prime in a region; none while its Redis is away."""
    try:
        with region_redis(region) as client:
            return read_prefixes(client)
    except redis.RedisError:
        return ()


def observe(pool: models.Pool, replicas: Sequence[models.Replica], *, at: datetime) -> Observation:
    """The pool's numbers now. Raises redis.RedisError when leases cannot be counted:
    then nothing is decided.
    """
    with region_redis(pool.region_id) as client:
        held = leases.held(client, pool.name)
        lately = _lately(client, pool.name, held)
        write_down(client, pool, held=held, at=at)
    states = [replica.state for replica in replicas]
    have = states.count("warm") + sum(1 for state in states if state in IN_TRANSIT)
    expected = expect(pool, held=held, at=at)
    return Observation(
        pool=pool.name,
        at=at,
        warm=states.count("warm"),
        in_transit=sum(1 for state in states if state in IN_TRANSIT),
        draining=states.count("draining"),
        slots=pool.slots,
        held=held,
        held_peak=lately.peak,
        start_s=pool.start_s,
        failures=pool.failures,
        retry_at=pool.retry_at,
        expected=expected,
        group=group_of(pool, Share(expected, have), at=at) if expected is not None else None,
        held_before=lately.before,
        held_before_s=lately.before_s,
    )


class _Lately(NamedTuple):
    """The most slots held over the last minutes, and those held `before_s` seconds ago:
    -1 where nobody looked then.
    """

    peak: int
    before: int = -1
    before_s: float = 0.0


def _lately(client: "redis.Redis", name: str, held: int) -> _Lately:
    """Samples of the slots held are kept beside the leases, scored by their time."""
    key, now = f"held:{name}", time.time()
    change = client.pipeline(transaction=True)
    change.zadd(key, {f"{now:.3f}:{held}": now})
    change.zremrangebyscore(key, "-inf", now - PEAK_S)
    change.expire(key, int(PEAK_S * 2))
    change.zrange(key, 0, -1)
    told = [sample.decode().rsplit(":", 1) for sample in cast("list[bytes]", change.execute()[3])]
    samples = [(now - float(at), int(count)) for at, count in told]
    peak = max(count for _, count in samples)
    ago = [(age, count) for age, count in samples if TREND_S[0] <= age <= TREND_S[1]]
    if not ago:
        return _Lately(peak)
    age, count = max(ago)
    return _Lately(peak, count, age)
