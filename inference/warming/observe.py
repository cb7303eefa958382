"""Looks at replicas and pools: probes, metrics, leases, forecasts.

What it sees is written down by `inference.warming.record`.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast

import httpx
import msgspec
import redis

from inference import models
from inference.fleet.prompt_prefixes import Prefix, read_prefixes
from inference.fleet.replica_states import IN_TRANSIT
from inference.warming.history import expect, group_of
from inference.warming.policy import Observation
from inference.warming.record import held_key
from inference.warming.replica_http import replica_client
from inference.warming.staffing import Share
from inference.warming.ttft import TtftTotals, ttft_totals_in
from warmline.kernel.regions import RegionCode, redis_url

PROBE_S: Final = 1.5
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
    """Whether a replica answers, the requests on it, and its TTFT totals (None: not told)."""

    answers: bool
    running: int | None = None
    ttft: TtftTotals | None = None
    why: str = ""


def probe(base_url: str, *, fixed: bool) -> Probe:
    """Ask a replica how it is.

    A fixed endpoint is asked for its models: nothing else is sure to be there.
    """
    try:
        with replica_client(base_url, timeout=PROBE_S) as client:
            status = client.get("/v1/models" if fixed else "/health").status_code
            if status != httpx.codes.OK and not (fixed and status < 500):
                return Probe(answers=False, why=f"answered {status}")
            metrics = client.get("/metrics")
    except httpx.HTTPError as error:
        return Probe(answers=False, why=f"{type(error).__name__}: {error}")
    if metrics.status_code != httpx.codes.OK:
        return Probe(answers=True)
    return Probe(answers=True, running=running_in(metrics.text), ttft=ttft_totals_in(metrics.text))


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


def observe(
    client: "redis.Redis",
    pool: models.Pool,
    replicas: Sequence[models.Replica],
    *,
    held: int,
    at: datetime,
) -> Observation:
    """The pool's numbers now, with `held` slots leased.

    Raises redis.RedisError when its region's Redis does not answer.
    """
    states = [replica.state for replica in replicas]
    warm, in_transit = states.count("warm"), sum(state in IN_TRANSIT for state in states)
    lately = _held_lately(client, pool.name, held)
    expected = expect(pool, held=held, at=at)
    group = group_of(pool, Share(expected, warm + in_transit), at=at) if expected else None
    return Observation(
        pool=pool.name,
        at=at,
        warm=warm,
        in_transit=in_transit,
        draining=states.count("draining"),
        slots=pool.slots,
        held=held,
        held_peak=lately.peak,
        start_s=pool.start_s,
        failures=pool.failures,
        retry_at=pool.retry_at,
        expected=expected,
        group=group,
        held_before=lately.before,
        held_before_s=lately.before_s,
    )


class _HeldLately(NamedTuple):
    """The most slots held over the last minutes, and those `before_s` ago (-1: not known)."""

    peak: int
    before: int = -1
    before_s: float = 0.0


def _held_lately(client: "redis.Redis", pool: str, held: int) -> _HeldLately:
    """By the samples that are kept of the pool's last minutes."""
    now = time.time()
    rows = cast("list[bytes]", client.zrange(held_key(pool), 0, -1))
    pairs = [row.decode().rsplit(":", 1) for row in rows]
    samples = [(now - float(at), int(count)) for at, count in pairs]
    peak = max([held, *(count for _, count in samples)])
    before = [(age, count) for age, count in samples if TREND_S[0] <= age <= TREND_S[1]]
    if not before:
        return _HeldLately(peak)
    age, count = max(before)
    return _HeldLately(peak, count, age)
