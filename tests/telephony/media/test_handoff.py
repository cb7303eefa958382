"""The door between the planes."""

import asyncio
import time
from typing import cast

import redis
import redis.asyncio

from telephony import handoff
from telephony.handoff import MediaHeartbeat
from tests.telephony.media.plans import US_EAST, plan
from warmline.kernel.call import CallEnded, CallEvent, CallPlan
from warmline.kernel.clock import now


def heartbeat(worker: str, *, calls: int = 0, draining: bool = False) -> MediaHeartbeat:
    return MediaHeartbeat(worker, US_EAST, "ws://127.0.0.1:1/twilio/media", calls, 10, time.time(), draining)


def ended(of: CallPlan, number: int) -> CallEvent:
    return CallEvent(of.call_id, of.tenant_id, of.region, 1, number, now(), 5.0, CallEnded("caller_hung_up", 5.0))


async def test_a_plan_comes_out_as_it_went_in(control: redis.Redis, media_redis: redis.asyncio.Redis) -> None:
    """What the webhook puts in, the media plane reads."""
    put = plan()
    handoff.put_plan(control, put)
    assert await handoff.read_plan(media_redis, put.call_id) == put
    assert 0 < control.ttl(handoff.plan_key(put.call_id)) <= 4 * 3600


async def test_calls_that_begin_together_wait_for_a_connection(media_redis: redis.asyncio.Redis) -> None:
    """Two hundred streams in one instant: none is refused because connections are few."""
    calls = [plan().call_id for _ in range(200)]
    claims = await asyncio.gather(*(handoff.claim_stream(media_redis, call, holder="w1 MZ1") for call in calls))
    assert all(claim.granted for claim in claims)


async def test_a_second_stream_is_refused_while_the_first_lives(media_redis: redis.asyncio.Redis) -> None:
    """One call, one stream."""
    call = plan().call_id
    await handoff.beat(media_redis, heartbeat("w1"))
    assert (await handoff.claim_stream(media_redis, call, holder="w1 MZ1")).granted
    second = await handoff.claim_stream(media_redis, call, holder="w2 MZ2")
    assert (second.granted, second.because) == (False, "held")


async def test_a_call_of_a_dead_worker_is_taken_up_in_a_new_epoch(media_redis: redis.asyncio.Redis) -> None:
    """No heartbeat, no claim: the stream goes to whom the carrier sends it next."""
    call = plan().call_id
    assert (await handoff.claim_stream(media_redis, call, holder="dead MZ1")).epoch == 1
    again = await handoff.claim_stream(media_redis, call, holder="w2 MZ2")
    assert (again.granted, again.epoch) == (True, 2)
    assert not await handoff.renew_stream(media_redis, call, holder="dead MZ1")
    assert not await handoff.release_stream(media_redis, call, holder="dead MZ1", reason="media_failed")
    assert await handoff.renew_stream(media_redis, call, holder="w2 MZ2")


async def test_a_stream_that_the_carrier_closed_is_free_at_once(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """The carrier's next verb runs only after the stream is over."""
    call = plan().call_id
    await handoff.beat(media_redis, heartbeat("w1"))
    await handoff.claim_stream(media_redis, call, holder="w1 MZ1")
    assert handoff.stream_holder(control, call) == "w1 MZ1"
    handoff.free_stream(control, call)
    assert (await handoff.claim_stream(media_redis, call, holder="w2 MZ2")).epoch == 2


async def test_the_end_is_known_to_the_carriers_next_verb(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """A call that ended well cannot be opened again; one that was lost can."""
    call = plan().call_id
    await handoff.claim_stream(media_redis, call, holder="w1 MZ1")
    assert handoff.stream_end(control, call) is None
    await handoff.release_stream(media_redis, call, holder="w1 MZ1", reason="stream_lost")
    assert (await handoff.claim_stream(media_redis, call, holder="w1 MZ2")).epoch == 2
    await handoff.release_stream(media_redis, call, holder="w1 MZ2", reason="transferred")
    assert handoff.stream_end(control, call) == "transferred"
    assert (await handoff.claim_stream(media_redis, call, holder="w1 MZ3")).because == "ended"


async def test_events_arrive_in_order(control: redis.Redis, media_redis: redis.asyncio.Redis) -> None:
    """Both sides write the same stream."""
    of = plan()
    await handoff.publish_events(media_redis, [ended(of, 1), ended(of, 2)])
    handoff.publish(control, [ended(of, 3)])
    stored = cast("list[tuple[bytes, dict[bytes, bytes]]]", control.xrange(handoff.EVENTS_STREAM))
    assert [handoff.decode_stored_event(fields).number for _, fields in stored] == [1, 2, 3]


async def test_the_worker_with_most_room_comes_first(control: redis.Redis, media_redis: redis.asyncio.Redis) -> None:
    """Draining workers and those that left are not offered."""
    for beat in (heartbeat("busy", calls=9), heartbeat("free"), heartbeat("drain", draining=True), heartbeat("gone")):
        await handoff.beat(media_redis, beat)
    await handoff.leave(media_redis, "gone")
    assert [beat.worker for beat in handoff.media_workers(control)] == ["free", "busy"]


async def test_the_conversation_is_kept(media_redis: redis.asyncio.Redis) -> None:
    """What one process stored, another reads."""
    call = plan().call_id
    assert await handoff.read_spoken(media_redis, call) is None
    await handoff.keep_spoken(media_redis, call, b'{"turn": 1}')
    assert await handoff.read_spoken(media_redis, call) == b'{"turn": 1}'
