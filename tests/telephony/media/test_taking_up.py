"""A call outlives its media process, and a screened call says nothing."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import aiohttp
import pytest
import websockets
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from inference.fleet import leases, snapshots
from inference.types import Pool, Replica, Snapshot, pool_name
from telephony import media_link
from telephony.media.session import shadow_session
from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import US_EAST
from warmline.embedded.ports import choose_port
from warmline.kernel import env
from warmline.kernel.call import (
    AgentSentence,
    CallAnswered,
    CallEnded,
    CallerTurn,
    Recorded,
    SentenceHeard,
    ToolCalled,
    ToolReturned,
)
from warmline.kernel.ids import ReplicaId
from warmline.kernel.roles import Role

DROPPED = "warmline_media_screen_turns_dropped_total"


async def test_a_second_process_takes_a_lost_call_up(plane: Plane) -> None:
    """The stream breaks; another worker knows what was said, says so, and numbers a new epoch."""
    plane.script(
        heard=["are you open on saturday", "thank you"], answer=lambda _: "Yes, until noon."
    )
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
        caller.socket.transport.abort()
        await plane.ended(call)
    second, plane.ws_url = await plane.another_server("w2")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard, times=4)
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, CallerTurn, times=2)
        await plane.happened(call, SentenceHeard, times=5)
    await plane.happened(call, Recorded, times=2)
    assert set(plane.web.recordings) == {1, 2}
    answered = [h for h in plane.happenings(call) if isinstance(h, CallAnswered)]
    assert [(h.worker, h.resumed) for h in answered] == [("w1", False), ("w2", True)]
    assert {event.epoch for event in plane.events(call)} == {1, 2}
    assert next(event.number for event in plane.events(call) if event.epoch == 2) == 1
    assert [h.turn for h in plane.happenings(call) if isinstance(h, CallerTurn)] == [1, 2]
    assert "lost you" in [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)][2]
    contents = [message["content"] for message in plane.stub.requests[-1]["messages"][1:]]
    assert contents[:3] == ["Hello.", "are you open on saturday", "Yes, until noon."]
    await second.drain(deadline_s=0.1)


async def test_a_question_left_open_is_answered_after_the_bridge(plane: Plane) -> None:
    """The process died between the caller's words and the answer."""
    plane.script(answer=lambda _: "Yes, until noon.")
    call = plane.answer_call(greeting="Hello.")
    await media_link.claim_stream(plane.redis, call.call_id, holder="dead MZ0")
    stored = {"turn": 1, "at_ms": 5000.0, "messages": [{"role": "user", "content": "are you open"}]}
    await media_link.keep_conversation(plane.redis, call.call_id, json.dumps(stored).encode())
    async with plane.caller(call):
        await plane.happened(call, SentenceHeard, times=2)
    texts = [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert texts == ["Sorry, I lost you for a moment.", "Yes, until noon."]


async def test_a_worker_that_lost_its_call_stops(plane: Plane) -> None:
    """Only one process speaks: the claim is fenced."""
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call):
        await plane.happened(call, CallAnswered)
        holder = media_link.stream_holder(plane.control, call.call_id)
        assert holder is not None
        media_link.free_stream(plane.control, call.call_id)
        claim = await media_link.claim_stream(plane.redis, call.call_id, holder="w2 MZ2")
        assert (claim.granted, claim.epoch) == (True, 2)
        assert not await media_link.renew_stream(plane.redis, call.call_id, holder=holder)


async def test_a_worker_whose_call_went_elsewhere_tells_no_end(plane: Plane) -> None:
    """The carrier's stop reaches it late:
    the call's end and its slots belong to whoever has it now.
    """
    call = plane.answer_call(greeting="Hello.", leases=("us-east/think/stub",))
    leases.take(plane.control, "us-east/think/stub", call.call_id, tenant=call.tenant_id, slots=8)
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        media_link.free_stream(plane.control, call.call_id)
        await media_link.claim_stream(plane.redis, call.call_id, holder="w2 MZ2")
        await caller.stop()
        await plane.ended(call)
    assert not any(isinstance(h, CallEnded) for h in plane.happenings(call))
    assert leases.held(plane.control, "us-east/think/stub") == 1


async def test_a_screened_call_is_thought_along_and_nothing_is_said_or_done(plane: Plane) -> None:
    """Both tracks become turns, the agent's words go to the screen,
    tools that write are only noted.
    """
    plane.script(
        heard=["hello how much is a repair", "it is ninety dollars", "book it please"],
        answer=lambda m: (
            asks_tool("book_visit", '{"day": "tuesday"}')
            if "book" in m[-1]["content"]
            else "It is ninety."
        ),
    )
    call = plane.answer_call(audience="screen")
    async with plane.caller(call, tracks=("inbound", "outbound")) as caller:
        await plane.happened(call, CallAnswered)
        await caller.say(voice("yes"), track="inbound")
        await plane.happened(call, CallerTurn, times=1)
        await caller.say(voice("yes"), track="outbound")
        await plane.happened(call, CallerTurn, times=2)
        await caller.say(voice("yes"), track="inbound")
        [called] = await plane.happened(call, ToolCalled)
        assert caller.heard == b""
        await caller.stop()
        await plane.happened(call, CallEnded)
    turns = [h for h in plane.happenings(call) if isinstance(h, CallerTurn)]
    assert [h.speaker for h in turns] == ["caller", "human", "caller"]
    assert not called.ran
    assert plane.web.tool_calls == []
    assert [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)] == [
        "It is ninety."
    ]
    messages = plane.stub.requests[-1]["messages"][1:]
    assert [(m["role"], m["content"]) for m in messages] == [
        ("user", "hello how much is a repair"),
        ("assistant", "it is ninety dollars"),
        ("user", "book it please"),
    ]
    assert len(plane.web.recordings) == 1


async def test_a_screened_call_may_look_things_up(plane: Plane) -> None:
    """A tool that only reads is run, and the agent goes on with its result."""
    asks = asks_tool("check_status", '{"reference": "five"}')
    plane.web.result = {"status": "found", "state": "on the way"}
    plane.script(answer=lambda m: "It is on the way." if m[-1]["role"] == "tool" else asks)
    call = plane.answer_call(audience="screen")
    async with plane.caller(call, tracks=("inbound", "outbound")) as caller:
        await caller.say(voice("yes"), track="inbound")
        await plane.happened(call, AgentSentence)
    [called] = [h for h in plane.happenings(call) if isinstance(h, ToolCalled)]
    [returned] = [h for h in plane.happenings(call) if isinstance(h, ToolReturned)]
    assert (called.ran, returned.ok) == (True, True)


async def test_a_turn_for_which_the_agent_is_too_slow_is_dropped_and_counted(
    plane: Plane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is bounded, and no shadow holds up a call:
    the later turn is let go, and the log says so.
    """
    monkeypatch.setattr(shadow_session, "WAITING_TURNS", 1)
    plane.script(
        heard=["one", "two", "three"],
        answer=lambda _: "I am thinking of nothing.",
        between_tokens_s=1.0,
    )
    before = REGISTRY.get_sample_value(DROPPED)
    call = plane.answer_call(audience="screen")
    with capture_logs() as logs:
        async with plane.caller(call, tracks=("inbound", "outbound")) as caller:
            for _ in range(3):
                await caller.say(voice("yes"), track="inbound")
                await asyncio.sleep(1.0)  # a turn ends by silence
            await plane.happened(call, CallerTurn, times=2)
            await caller.stop()
            await plane.happened(call, CallEnded)
    assert (REGISTRY.get_sample_value(DROPPED) or 0) - (before or 0) == 1
    [dropped] = [line for line in logs if line["event"] == "turn not shadowed"]
    assert (dropped["track"], dropped["waiting"]) == ("inbound", 1)


class MediaProcess:
    """`python -m telephony.media` as it is started in production."""

    def __init__(self, plane: Plane, url: str) -> None:
        self._plane = plane
        self._env = {**os.environ, "WARMLINE_REGIONS_REDIS": json.dumps({"us-east": url})}
        self.process: subprocess.Popen[bytes]

    async def start(self) -> str:
        """Start it, and wait for its heartbeat; the address for carriers."""
        known = {beat.worker for beat in media_link.media_workers(self._plane.control)}
        self.port = choose_port("WARMLINE_MEDIA_PORT", preferred=0, taken={0})
        command = [
            sys.executable,
            "-m",
            "telephony.media",
            "--region",
            "us-east",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(command, env=self._env, cwd=env.REPOSITORY)
        async with asyncio.timeout(60):
            while True:
                new = [
                    b
                    for b in media_link.media_workers(self._plane.control)
                    if b.worker not in known
                ]
                if new:
                    return new[0].ws_url
                await asyncio.sleep(0.1)

    async def listens(self) -> None:
        """Wait until its door is open."""
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            while True:
                await asyncio.sleep(0.1)
                with suppress(aiohttp.ClientConnectionError):
                    async with http.get(f"http://127.0.0.1:{self.port}/health"):
                        return


def stub_pools(plane: Plane) -> Snapshot:
    """Pools whose only replica is the stub."""
    roles: tuple[Role, ...] = ("hear", "think", "speak")
    names = [pool_name(US_EAST, role, "stub") for role in roles]
    now = datetime.now(UTC)
    return Snapshot(
        1,
        now,
        pools=tuple(Pool(US_EAST, role, "stub", 8) for role in roles),
        replicas=tuple(
            Replica(
                ReplicaId(f"r-{role}"), name, US_EAST, role, "stub", plane.stub.url, "warm", 8, now
            )
            for role, name in zip(roles, names, strict=True)
        ),
    )


async def test_no_call_is_sent_to_a_process_that_knows_no_replica_yet(
    plane: Plane, valkey: object
) -> None:
    """It listens at once, and says that calls may come when the pools are known."""
    known, started = media_link.media_workers(plane.control), MediaProcess(plane, plane.url)
    coming = asyncio.create_task(started.start())
    try:
        await started.listens()
        assert set(media_link.media_workers(plane.control)) <= set(known)
        snapshots.put(stub_pools(plane), urls={US_EAST: plane.url})
        assert await coming
    finally:
        coming.cancel()
        started.process.kill()
        started.process.wait()


@pytest.fixture
async def process(plane: Plane, valkey: object) -> AsyncIterator[MediaProcess]:
    """A media process whose pools are the stub replica."""
    snapshots.put(stub_pools(plane), urls={US_EAST: plane.url})
    started = MediaProcess(plane, plane.url)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait(10)


async def test_a_rollout_cuts_no_call(plane: Plane, process: MediaProcess) -> None:
    """SIGTERM: the call goes on to its end,
    then the process leaves, taking nothing new meanwhile.
    """
    plane.ws_url = await process.start()
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        process.process.send_signal(signal.SIGTERM)
        await plane.happened(call, SentenceHeard, times=2)
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=3)
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(plane.ws_url)
        await caller.stop()
    assert await asyncio.to_thread(process.process.wait, 20) == 0
    assert [h.reason for h in plane.happenings(call) if isinstance(h, CallEnded)] == [
        "caller_hung_up"
    ]


async def test_a_killed_process_is_followed_by_another(plane: Plane, process: MediaProcess) -> None:
    """kill -9 in a call: what was committed is in the stream,
    and the next process goes on with it.
    """
    plane.ws_url = await process.start()
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
        process.process.kill()
        process.process.wait(10)
    before = len(plane.happenings(call))
    media_link.free_stream(plane.control, call.call_id)
    plane.ws_url = await process.start()
    async with plane.caller(call):
        await plane.happened(call, CallAnswered, times=2)
        await plane.happened(call, SentenceHeard, times=4)
    assert plane.events(call)[before].epoch == 2
