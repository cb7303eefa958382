"""What is kept: recordings, spoken sentences, events, breakers, replicas in favour."""

import asyncio
from collections.abc import Collection, Mapping
from typing import cast

import pytest
import redis.asyncio

from telephony import media_link
from telephony.media.event_outbox import Journal, Outbox
from telephony.media.replicas.endpoints import Endpoint, without_version
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.tts import TtsCache
from telephony.media.session.context import Context
from telephony.media.web_plane import knowledge_breaker
from tests.telephony.media.plans import US_EAST, plan
from tests.telephony.media.valkey import Valkey
from warmline.kernel.agent import Voice
from warmline.kernel.call import CallerTurn, DtmfReceived, PoolRung
from warmline.kernel.conversation import (
    Conversation,
    Message,
    decode_conversation,
    encode_conversation,
)
from warmline.kernel.ids import CallId
from warmline.kernel.roles import Role


def test_greetings_are_kept_within_a_bound() -> None:
    """The least used goes first."""
    cache = TtsCache(max_bytes=100)
    for text in ("a", "b", "c"):
        cache.keep(Voice(), text, b"x" * 40)
    assert cache.get(Voice(), "a") is None
    assert cache.get(Voice(), "c") == b"x" * 40
    assert cache.get(Voice(speed=2.0), "c") is None


def test_a_breaker_opens_after_misses_and_lets_one_through_later() -> None:
    """A turn does not wait for what has just not answered."""
    now = [0.0]
    breaker = knowledge_breaker(clock_s=lambda: now[0])

    def opens_after_misses() -> list[bool]:
        seen = []
        for _ in range(3):
            breaker.failed()
            seen.append(breaker.is_open)
        return seen

    assert opens_after_misses() == [False, False, True]
    now[0] = 11.0
    assert not breaker.is_open
    breaker.answered()
    assert opens_after_misses() == [False, False, True]


class Two:
    """Two replicas for everything."""

    def __init__(self) -> None:
        self.warm = ["r1", "r2"]

    def pick(
        self,
        rung: PoolRung,
        *,
        call_id: CallId,
        prefix: str,
        load: Mapping[str, int],
        avoid: Collection[str],
        stay_with: str | None = None,
    ) -> Endpoint | None:
        free = sorted(
            (name for name in self.warm if name not in avoid), key=lambda name: name != stay_with
        )
        return Endpoint("http://x", free[0], rung.region, rung.model) if free else None


def test_a_call_stays_with_its_replica_until_that_fails() -> None:
    """Then the next one at once, and nothing when none is left."""
    failures: list[tuple[Role, str, str]] = []
    picker = ReplicaPicker(Two())
    ladder = FailoverLadder(
        plan(),
        picker,
        lambda role, endpoint, _, after: failures.append((role, endpoint.replica, after)),
    )
    first = ladder.endpoint("think")
    assert ladder.endpoint("think") is first
    assert picker.load == {"r1": 1}
    ladder.failed("think", first, "died")
    assert ladder.endpoint("think").replica == "r2"
    assert picker.load == {"r2": 1}
    ladder.failed("think", ladder.endpoint("think"), "died")
    with pytest.raises(EveryRungFailed):
        ladder.endpoint("think")
    assert failures == [("think", "r1", "us-east/think r2"), ("think", "r2", "none")]


def test_a_call_leaves_a_replica_that_drains_only_for_another_of_its_pool() -> None:
    """Nobody failed, nobody is told, and it is counted where it is."""
    replicas = Two()
    picker = ReplicaPicker(replicas)
    ladder = FailoverLadder(plan(), picker, lambda *_: pytest.fail("no replica failed"))
    assert ladder.endpoint("think").replica == "r1"
    replicas.warm = ["r2"]
    assert ladder.should_move("think")
    assert ladder.endpoint("think").replica == "r2"
    assert picker.load == {"r2": 1}
    replicas.warm = []
    assert not ladder.should_move("think")
    assert ladder.endpoint("think").replica == "r2"
    ladder.close()
    assert picker.load == {}


def test_what_failed_for_one_call_is_passed_over_by_the_next_for_a_while() -> None:
    """One process learns once."""
    now = [0.0]
    picker = ReplicaPicker(Two(), clock_s=lambda: now[0])
    one = FailoverLadder(plan(), picker, lambda *_: None)
    one.failed("think", one.endpoint("think"), "died")
    assert FailoverLadder(plan(), picker, lambda *_: None).endpoint("think").replica == "r2"
    now[0] = 60.0
    assert FailoverLadder(plan(), picker, lambda *_: None).endpoint("think").replica == "r1"


def test_a_fixed_endpoint_is_a_rung_like_any_other() -> None:
    """A hosted provider after the pools."""
    fixed = PoolRung(US_EAST, "think", "gpt", base_url="https://api.example.com/v1/")
    ladder = FailoverLadder(
        plan(ladder=(PoolRung(US_EAST, "think", "own"), fixed)),
        ReplicaPicker(Two()),
        lambda *_: None,
    )
    for _ in range(2):
        ladder.failed("think", ladder.endpoint("think"), "died")
    assert ladder.endpoint("think").base_url == "https://api.example.com"
    assert without_version("http://127.0.0.1:1/v1") == "http://127.0.0.1:1"


def test_words_that_nobody_heard_are_not_in_the_context() -> None:
    """And two turns of the caller's in a row are one."""
    context = Context(plan())
    context.add([Message("user", "hello")])
    context.agent_said("")
    context.add([Message("user", "are you there")])
    assert context.messages == (Message("user", "hello are you there"),)


def test_a_conversation_is_stored_as_it_was() -> None:
    """Tools and all."""
    calls = ({"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}},)
    stored = Conversation(
        2,
        (Message("user", "x"), Message("assistant", None, calls), Message("tool", "{}", None, "c")),
    )
    assert decode_conversation(encode_conversation(stored)) == stored


async def test_events_wait_for_redis_and_none_is_lost(own_valkey: Valkey) -> None:
    """Redis is killed and started again under a stream of events."""
    client = redis.asyncio.Redis.from_url(own_valkey.url)
    outbox = Outbox(client)
    running = asyncio.create_task(outbox.run())
    of = plan()
    journal = Journal(of, outbox, epoch=1, clock_ms=lambda: 0.0)
    for n in range(30):
        journal.add(DtmfReceived(str(n)))
        if n == 10:
            await outbox.empty()
            own_valkey.kill()
    own_valkey.start()
    async with asyncio.timeout(10):
        await outbox.empty()
    stored = cast(
        "list[tuple[bytes, dict[bytes, bytes]]]", await client.xrange(media_link.EVENTS_STREAM)
    )
    assert {media_link.decode_stored_event(fields).number for _, fields in stored} == set(
        range(1, 31)
    )
    running.cancel()
    await client.aclose()


async def test_past_the_bound_measurements_go_and_words_stay() -> None:
    """Committed turns are never dropped."""
    outbox = Outbox(redis.asyncio.Redis.from_url("unix:///nowhere.sock"), max_waiting=2)
    journal = Journal(plan(), outbox, epoch=1, clock_ms=lambda: 0.0)
    for n in range(5):
        journal.add(DtmfReceived(str(n)))
        journal.add(CallerTurn(n, "words", 0.0, 1.0))
    assert [type(event.happening) for event in outbox.waiting] == [DtmfReceived, *[CallerTurn] * 5]
