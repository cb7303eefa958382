"""The door between the planes."""

import asyncio
import time
from typing import cast

import msgspec
import pytest
import redis
import redis.asyncio

from telephony import media_link
from telephony.media_link import MediaHeartbeat
from tests.telephony.media.plans import CHECK, US_EAST, plan
from warmline.kernel.agent import Limits, Voice
from warmline.kernel.call import CallEnded, CallEvent, CallPlan, PoolRung, encode
from warmline.kernel.clock import now
from warmline.kernel.ids import CallId

# As version 0.1 wrote it, to the byte.
FLAT_PLAN = (
    b'{"call_id":"0190aaaa-0000-7000-8000-000000000002",'
    b'"tenant_id":"0190aaaa-0000-7000-8000-000000000001",'
    b'"carrier_call_id":"CA00000000000000000000000000000001","vertical":"homeservices",'
    b'"agent_version_id":"v1",'
    b'"prompt":"You are Anna, the receptionist at Rivertown Plumbing.",'
    b'"greeting":"Thanks for calling Rivertown Plumbing, this is Anna. How can I help?",'
    b'"tools":[{"name":"check_status","description":"look a job up","parameters":'
    b'[{"name":"reference","description":"number","required":true}],"writes":false}],'
    b'"knowledge":"tenant","vocabulary":["boiler"],"voice":{"name":"en-gb","speed":1.1},'
    b'"language":"en-US","limits":{"max_seconds":300,"max_turns":60,"silence_ms":700,'
    b'"idle_seconds":20},"region":"us-east","ladder":[{"region":"us-east","role":"think",'
    b'"model":"stub","base_url":null,"expected_first_word_ms":null,"because":"",'
    b'"purpose":"calls"}],"routing_because":"nearest warm region","audience":"caller",'
    b'"token":"token-of-the-call","web_url":"http://127.0.0.1:9","human_number":null,'
    b'"caller_number":"","leases":["us-east/think/stub"]}'
)


def heartbeat(worker: str, *, calls: int = 0, draining: bool = False) -> MediaHeartbeat:
    return MediaHeartbeat(
        worker, US_EAST, "ws://127.0.0.1:1/twilio/media", calls, 10, time.time(), draining
    )


def ended(of: CallPlan, number: int) -> CallEvent:
    return CallEvent(
        of.call_id, of.tenant_id, of.region, 1, number, now(), 5.0, CallEnded("caller_hung_up", 5.0)
    )


async def test_a_plan_comes_out_as_it_went_in(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """What the webhook puts in, the media plane reads."""
    put = plan()
    media_link.put_plan(control, put)
    assert await media_link.read_plan(media_redis, put.call_id) == put
    assert 0 < control.ttl(media_link.plan_key(put.call_id)) <= 4 * 3600


async def test_a_plan_of_an_older_web_process_is_still_read(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """During a deployment web processes of the version before leave the agent's fields flat."""
    control.set(media_link.plan_key("0190aaaa-0000-7000-8000-000000000002"), FLAT_PLAN)
    read = await media_link.read_plan(media_redis, "0190aaaa-0000-7000-8000-000000000002")
    assert read == plan(
        call_id=CallId("0190aaaa-0000-7000-8000-000000000002"),
        tools=(CHECK,),
        knowledge="tenant",
        vocabulary=("boiler",),
        voice=Voice("en-gb", 1.1),
        limits=Limits(max_seconds=300, silence_ms=700),
        ladder=(PoolRung(US_EAST, "think", "stub"),),
        leases=("us-east/think/stub",),
    )


async def test_a_plan_whose_agent_lacks_a_field_is_refused_by_its_name(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """Neither form is guessed at: what is missing is said."""
    call = plan().call_id
    for torn in (FLAT_PLAN, encode(plan())):
        control.set(media_link.plan_key(call), torn.replace(b'"prompt":', b'"prompts":'))
        with pytest.raises(msgspec.ValidationError, match="`prompt`"):
            await media_link.read_plan(media_redis, call)


async def test_calls_that_begin_together_wait_for_a_connection(
    media_redis: redis.asyncio.Redis,
) -> None:
    """Two hundred streams in one instant: none is refused because connections are few."""
    calls = [plan().call_id for _ in range(200)]
    claims = await asyncio.gather(
        *(media_link.claim_stream(media_redis, call, holder="w1 MZ1") for call in calls)
    )
    assert all(claim.granted for claim in claims)


async def test_a_second_stream_is_refused_while_the_first_lives(
    media_redis: redis.asyncio.Redis,
) -> None:
    """One call, one stream."""
    call = plan().call_id
    await media_link.beat(media_redis, heartbeat("w1"))
    assert (await media_link.claim_stream(media_redis, call, holder="w1 MZ1")).granted
    second = await media_link.claim_stream(media_redis, call, holder="w2 MZ2")
    assert (second.granted, second.because) == (False, "held")


async def test_a_call_of_a_dead_worker_is_taken_up_in_a_new_epoch(
    media_redis: redis.asyncio.Redis,
) -> None:
    """No heartbeat, no claim: the stream goes to whom the carrier sends it next."""
    call = plan().call_id
    assert (await media_link.claim_stream(media_redis, call, holder="dead MZ1")).epoch == 1
    again = await media_link.claim_stream(media_redis, call, holder="w2 MZ2")
    assert (again.granted, again.epoch) == (True, 2)
    assert not await media_link.renew_stream(media_redis, call, holder="dead MZ1")
    assert not await media_link.release_stream(
        media_redis, call, holder="dead MZ1", reason="media_failed"
    )
    assert await media_link.renew_stream(media_redis, call, holder="w2 MZ2")


async def test_a_stream_that_the_carrier_closed_is_free_at_once(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """The carrier's next verb runs only after the stream is over."""
    call = plan().call_id
    await media_link.beat(media_redis, heartbeat("w1"))
    await media_link.claim_stream(media_redis, call, holder="w1 MZ1")
    assert media_link.stream_holder(control, call) == "w1 MZ1"
    media_link.free_stream(control, call)
    assert (await media_link.claim_stream(media_redis, call, holder="w2 MZ2")).epoch == 2


async def test_the_end_is_known_to_the_carriers_next_verb(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """A call that ended well cannot be opened again; one that was lost can."""
    call = plan().call_id
    await media_link.claim_stream(media_redis, call, holder="w1 MZ1")
    assert media_link.stream_end(control, call) is None
    await media_link.release_stream(media_redis, call, holder="w1 MZ1", reason="stream_lost")
    assert (await media_link.claim_stream(media_redis, call, holder="w1 MZ2")).epoch == 2
    await media_link.release_stream(media_redis, call, holder="w1 MZ2", reason="transferred")
    assert media_link.stream_end(control, call) == "transferred"
    assert (await media_link.claim_stream(media_redis, call, holder="w1 MZ3")).because == "ended"


async def test_events_arrive_in_order(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """Both sides write the same stream."""
    of = plan()
    await media_link.publish_events(media_redis, [ended(of, 1), ended(of, 2)])
    media_link.publish(control, [ended(of, 3)])
    stored = cast(
        "list[tuple[bytes, dict[bytes, bytes]]]", control.xrange(media_link.EVENTS_STREAM)
    )
    assert [media_link.decode_stored_event(fields).number for _, fields in stored] == [1, 2, 3]


async def test_the_worker_with_most_room_comes_first(
    control: redis.Redis, media_redis: redis.asyncio.Redis
) -> None:
    """Draining workers and those that left are not offered."""
    for beat in (
        heartbeat("busy", calls=9),
        heartbeat("free"),
        heartbeat("drain", draining=True),
        heartbeat("gone"),
    ):
        await media_link.beat(media_redis, beat)
    await media_link.leave(media_redis, "gone")
    assert [beat.worker for beat in media_link.media_workers(control)] == ["free", "busy"]


async def test_the_conversation_is_kept(media_redis: redis.asyncio.Redis) -> None:
    """What one process stored, another reads."""
    call = plan().call_id
    assert await media_link.read_conversation(media_redis, call) is None
    await media_link.keep_conversation(media_redis, call, b'{"turn": 1}')
    assert await media_link.read_conversation(media_redis, call) == b'{"turn": 1}'
