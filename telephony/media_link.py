"""The one door between the planes: plans in, numbered events out, and who holds which call's
stream.

No Django here: the media plane imports it. Reading and writing functions come in pairs where both
planes need them; the control plane passes a `redis.Redis`, the media plane a `redis.asyncio.Redis`,
both without decoding. Every key of a call expires: a forgotten call leaves nothing behind.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import msgspec
import redis as sync_redis
import redis.asyncio as async_redis

from warmline.kernel.call import CallEvent, CallPlan, EndReason, decode_event, decode_plan, encode
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

EVENTS_STREAM: Final = "events"
EVENT_FIELD: Final = b"event"
RECORDER_GROUP: Final = "recorder"
EVENTS_MAXLEN: Final = 1_000_000

CALL_KEYS_SECONDS: Final = 4 * 3600
STREAM_HOLD_SECONDS: Final = 30
HEARTBEAT_SECONDS: Final = 3  # beaten every second: a dead worker is known within three
MEDIA_CONNECTIONS: Final = 16
MEDIA_ANSWER_S: Final = 2.0  # for a connection to be free, to stand, and to answer
WORKERS_SET: Final = "media:workers"

# stands where a holder stood: no worker's name, so anyone may claim, and nobody may renew
_FREED: Final = b"freed"
# A stream ended so may be taken up again; any other end is the call's, and its token is used up.
RESUMABLE: Final[frozenset[EndReason]] = frozenset({"stream_lost", "media_failed"})


class MediaHeartbeat(msgspec.Struct, frozen=True):
    """A media process as the control plane sees it.

    `slots` bounds `calls`; `draining` takes no new ones.
    """

    worker: str
    region: RegionCode
    ws_url: str
    calls: int
    slots: int
    at: float  # seconds since 1970 on the worker's clock, for people; liveness is the key's expiry
    draining: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim. `epoch` counts from 1; above 1 the call is being taken up again."""

    granted: bool
    epoch: int
    because: Literal["granted", "held", "ended"]


def plan_key(call_id: str) -> str:
    """Where a call's plan lies."""
    return f"call:{call_id}:plan"


def stream_key(call_id: str) -> str:
    """Who holds a call's stream: worker and stream, separated by a space."""
    return f"call:{call_id}:stream"


def epoch_key(call_id: str) -> str:
    """How often a call's stream has been claimed."""
    return f"call:{call_id}:epoch"


def conversation_key(call_id: str) -> str:
    """The conversation so far, kept for a process that takes the call up again."""
    return f"call:{call_id}:spoken"


def moved_key(call_id: str, streams: int) -> str:
    """What the carrier was told when the call failed over to here after so many streams."""
    return f"call:{call_id}:moved:{streams}"


def ended_key(call_id: str) -> str:
    """Why the media plane ended the call, once it did."""
    return f"call:{call_id}:ended"


def worker_key(worker: str) -> str:
    """A media process's heartbeat."""
    return f"media:{worker}"


# ---- the control plane's side --------------------------------------------------------------------

_CLOSE = """
local ended = redis.call('GET', KEYS[1])
if not ended or ended == 'stream_lost' or ended == 'media_failed' then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""


def put_plan(redis: sync_redis.Redis, plan: CallPlan) -> None:
    """Leave the plan in the region's Redis: the media plane reads it when the stream opens."""
    redis.set(plan_key(plan.call_id), encode(plan), ex=_plan_seconds(plan))


def _plan_seconds(plan: CallPlan) -> int:
    """A plan is of use until its token expires."""
    if not plan.until:
        return CALL_KEYS_SECONDS
    return max(1, min(CALL_KEYS_SECONDS, int(plan.until - time.time())))


def media_workers(redis: sync_redis.Redis) -> tuple[MediaHeartbeat, ...]:
    """The region's living media processes, the one with the most free slots first.

    Draining ones are left out.
    """
    names = sorted(cast("set[bytes]", redis.smembers(WORKERS_SET)))
    if not names:
        return ()
    raw = cast("list[bytes | None]", redis.mget([worker_key(name.decode()) for name in names]))
    dead = [name for name, beat in zip(names, raw, strict=True) if beat is None]
    if dead:
        redis.srem(WORKERS_SET, *dead)
    beats = [_decode_heartbeat(beat) for beat in raw if beat is not None]
    living = [beat for beat in beats if not beat.draining]
    return tuple(sorted(living, key=lambda beat: (beat.calls - beat.slots, beat.worker)))


def stream_holder(redis: sync_redis.Redis, call_id: CallId) -> str | None:
    """`worker stream` of the process that holds the call's stream now, or None."""
    holder = cast("bytes | None", redis.get(stream_key(call_id)))
    return None if holder is None or holder == _FREED else holder.decode()


def has_stream(redis: sync_redis.Redis, call_id: CallId) -> bool:
    """Whether a process holds or lately held the call's stream, or a new one is on its way.

    Lately is half a minute; a new one is on its way once the carrier was told of it.
    """
    return bool(redis.exists(stream_key(call_id)))


def stream_end(redis: sync_redis.Redis, call_id: CallId) -> EndReason | None:
    """Why the media plane ended the call.

    None: it did not, so after a closed stream its process has died. It is known here before the
    event reaches the database, so the carrier's next verb is decided by it.
    """
    reason = cast("bytes | None", redis.get(ended_key(call_id)))
    return None if reason is None else cast("EndReason", reason.decode())


def free_stream(redis: sync_redis.Redis, call_id: CallId) -> None:
    """Forget the stream's holder: the carrier said that this stream is over, so another may be
    opened at once.

    A holder that still lives finds out when it renews, and stops.
    """
    redis.set(stream_key(call_id), _FREED, ex=STREAM_HOLD_SECONDS)


def put_moved_call(
    redis: sync_redis.Redis, plan: CallPlan, *, streams: int, spoken: bytes | None, answer: str
) -> None:
    """Leave a call that failed over from another region, all of it or nothing: its plan, what was
    said, what the carrier was told.

    `streams` is how many streams the call has had. A stream claims one epoch, so the next one here
    stands above every epoch elsewhere: its events come after those, and it greets as a process that
    takes a call up.
    """
    with redis.pipeline(transaction=True) as change:
        change.set(plan_key(plan.call_id), encode(plan), ex=_plan_seconds(plan))
        change.set(epoch_key(plan.call_id), streams, ex=CALL_KEYS_SECONDS)
        change.set(stream_key(plan.call_id), _FREED, ex=STREAM_HOLD_SECONDS)
        change.set(moved_key(plan.call_id, streams), answer, ex=CALL_KEYS_SECONDS)
        if spoken is not None:
            change.set(conversation_key(plan.call_id), spoken, ex=CALL_KEYS_SECONDS)
        change.execute()


def close_call(redis: sync_redis.Redis, call_id: CallId, *, reason: EndReason) -> None:
    """No stream of the call begins any more; its plan and what was said are forgotten.

    What the media plane gave as its reason stays.
    """
    redis.eval(_CLOSE, 1, ended_key(call_id), reason, CALL_KEYS_SECONDS)
    redis.delete(plan_key(call_id))
    redis.delete(conversation_key(call_id))


def stored_conversation(redis: sync_redis.Redis, call_id: CallId) -> bytes | None:
    """The conversation that the media plane kept, or None when nothing was said yet."""
    return cast("bytes | None", redis.get(conversation_key(call_id)))


def stored_plan(redis: sync_redis.Redis, call_id: CallId) -> CallPlan | None:
    """The call's plan as it lies in the region, or None."""
    raw = cast("bytes | None", redis.get(plan_key(call_id)))
    return None if raw is None else decode_plan(raw)


def decode_stored_event(fields: dict[bytes, bytes]) -> CallEvent:
    """An entry of the event stream.

    `KeyError` or `msgspec.MsgspecError` for an entry that is none.
    """
    return decode_event(fields[EVENT_FIELD])


def publish(redis: sync_redis.Redis, events: Iterable[CallEvent]) -> None:
    """Append events to the region's stream, in order, in one round trip."""
    with redis.pipeline(transaction=False) as pipeline:
        for event in events:
            pipeline.xadd(
                EVENTS_STREAM, {EVENT_FIELD: encode(event)}, maxlen=EVENTS_MAXLEN, approximate=True
            )
        pipeline.execute()


# ---- the media plane's side ----------------------------------------------------------------------

_CLAIM = """
local ended = redis.call('GET', KEYS[3])
if ended and ended ~= 'stream_lost' and ended ~= 'media_failed' then return {-1, 0} end
local holder = redis.call('GET', KEYS[1])
if holder then
  local worker = string.match(holder, '^%S+')
  if redis.call('EXISTS', 'media:' .. worker) == 1 then return {0, 0} end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('DEL', KEYS[3])
local epoch = redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return {1, epoch}
"""
# A key that is gone was lost with Redis's memory, or expired while Redis was away: the holder puts
# it back.
_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
return redis.call('DEL', KEYS[1])
"""


def media_client(url: str) -> async_redis.Redis:
    """A media process's client of its region's Redis.

    Calls that begin together wait their turn for a connection: a pool that does not wait refused 44
    of 150.
    """
    pool = async_redis.BlockingConnectionPool.from_url(
        url,
        max_connections=MEDIA_CONNECTIONS,
        timeout=MEDIA_ANSWER_S,
        socket_timeout=MEDIA_ANSWER_S,
        socket_connect_timeout=MEDIA_ANSWER_S,
    )
    return async_redis.Redis.from_pool(pool)


async def read_plan(redis: async_redis.Redis, call_id: str) -> CallPlan | None:
    """The call's plan, or None.

    A plan that does not decode is `msgspec.ValidationError`, naming the field.
    """
    raw = cast("bytes | None", await redis.get(plan_key(call_id)))
    return None if raw is None else decode_plan(raw)


async def claim_stream(redis: async_redis.Redis, call_id: CallId, *, holder: str) -> Claim:
    """Hold the call's stream alone.

    `holder` is `worker stream`; a holder whose worker beats no more has lost it.
    """
    keys = (stream_key(call_id), epoch_key(call_id), ended_key(call_id))
    answer, epoch = await _eval(
        redis, _CLAIM, keys, (holder, STREAM_HOLD_SECONDS, CALL_KEYS_SECONDS)
    )
    if answer == 1:
        return Claim(granted=True, epoch=epoch, because="granted")
    return Claim(granted=False, epoch=0, because="held" if answer == 0 else "ended")


async def renew_stream(redis: async_redis.Redis, call_id: CallId, *, holder: str) -> bool:
    """Hold it for another 30 s.

    False: another process has taken the call up, so this one must stop.
    """
    return bool(await _eval(redis, _RENEW, (stream_key(call_id),), (holder, STREAM_HOLD_SECONDS)))


async def release_stream(
    redis: async_redis.Redis, call_id: CallId, *, holder: str, reason: EndReason
) -> bool:
    """Let the stream go and leave the reason for the carrier's next verb.

    False: it was another's already.
    """
    keys = (stream_key(call_id), ended_key(call_id))
    return bool(await _eval(redis, _RELEASE, keys, (holder, reason, CALL_KEYS_SECONDS)))


async def publish_events(redis: async_redis.Redis, events: Iterable[CallEvent]) -> None:
    """As `publish`, from the media plane."""
    async with redis.pipeline(transaction=False) as pipeline:
        for event in events:
            pipeline.xadd(
                EVENTS_STREAM, {EVENT_FIELD: encode(event)}, maxlen=EVENTS_MAXLEN, approximate=True
            )
        await pipeline.execute()


async def keep_conversation(redis: async_redis.Redis, call_id: CallId, conversation: bytes) -> None:
    """Store the conversation so far for a process that takes the call up again."""
    await redis.set(conversation_key(call_id), conversation, ex=CALL_KEYS_SECONDS)


async def read_conversation(redis: async_redis.Redis, call_id: CallId) -> bytes | None:
    """The stored conversation, or None when nothing was said yet."""
    return cast("bytes | None", await redis.get(conversation_key(call_id)))


async def beat(redis: async_redis.Redis, heartbeat: MediaHeartbeat) -> None:
    """Say that this media process lives; it counts as dead three seconds after its last beat."""
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.set(worker_key(heartbeat.worker), encode(heartbeat), ex=HEARTBEAT_SECONDS)
        pipeline.sadd(WORKERS_SET, heartbeat.worker)
        await pipeline.execute()


async def leave(redis: async_redis.Redis, worker: str) -> None:
    """Take this media process out of the living ones."""
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.delete(worker_key(worker))
        pipeline.srem(WORKERS_SET, worker)
        await pipeline.execute()


async def _eval(
    redis: async_redis.Redis, script: str, keys: tuple[str, ...], values: tuple[str | int, ...]
) -> Any:
    return await redis.eval(script, len(keys), *keys, *values)


_decode_heartbeat = msgspec.json.Decoder(MediaHeartbeat).decode
