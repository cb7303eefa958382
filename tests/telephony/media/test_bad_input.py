"""Bad input on the stream: ignored and counted, or refused with a reason;
the other calls notice nothing.
"""

import asyncio
import base64
import time
from contextlib import suppress
from typing import Any

import aiohttp
import msgspec
import pytest
import websockets

from tests.telephony.media.caller import Caller, voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import plan
from warmline.kernel.call import CallAnswered, CallEnded, CallerTurn, SentenceHeard


def media(stream: str, payload: bytes | str, **fields: Any) -> str:
    text = payload if isinstance(payload, str) else base64.b64encode(payload).decode()
    body = {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": text} | fields
    return msgspec.json.encode({"event": "media", "streamSid": stream, "media": body}).decode()


async def closed_with(caller: Caller) -> tuple[int | None, str]:
    async with asyncio.timeout(15):
        await caller.closed.wait()
    return caller.close_code, caller.socket.close_reason or ""


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"token": "another"}, "wrong_token"),
        ({"token": ""}, "wrong_token"),
        ({"call": "0190ffff-0000-7000-8000-000000000000"}, "unknown_call"),
        ({"call": ""}, "no_call"),
        ({"call": "x" * 5000}, "no_call"),
        ({"token": "ünïcode"}, "wrong_token"),
    ],
)
async def test_a_stream_without_its_call_is_refused(
    plane: Plane, parameters: dict[str, str], reason: str
) -> None:
    """The call's id and its own token open a stream, nothing else."""
    call = plane.answer_call()
    async with plane.caller(call, **parameters) as caller:
        assert await closed_with(caller) == (1008, reason)
    assert plane.happenings(call) == []
    async with plane.caller(call) as allowed:
        await plane.happened(call, CallAnswered)
        assert not allowed.closed.is_set()


async def test_a_second_stream_for_a_call_is_refused(plane: Plane) -> None:
    """The first one is not disturbed."""
    call = plane.answer_call()
    async with plane.caller(call) as first:
        await plane.happened(call, CallAnswered)
        async with plane.caller(call) as second:
            assert await closed_with(second) == (1008, "held")
        await plane.happened(call, SentenceHeard, times=2)
        assert not first.closed.is_set()


async def test_a_used_token_opens_nothing(plane: Plane) -> None:
    """After the call's end its token is worth nothing."""
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        await caller.stop()
        await plane.happened(call, CallEnded)
    async with plane.caller(call) as again:
        assert await closed_with(again) == (1008, "ended")


async def test_an_expired_token_opens_nothing(plane: Plane) -> None:
    """However well it fits the call."""
    call = plane.answer_call(until=time.time() - 1)
    async with plane.caller(call) as caller:
        assert await closed_with(caller) == (1008, "expired")
    assert plane.happenings(call) == []


RUBBISH: list[bytes | str] = [
    "not json",
    "[]",
    "null",
    '{"event": 5}',
    '{"event": "party"}',
    '{"event": "media"}',
    '{"event": "media", "streamSid": "%", "media": {"payload": "***"}}',
    '{"event": "media", "streamSid": "%", "media": {"payload": "abc"}}',
    '{"event": "media", "streamSid": "%", "media": {"payload": null}}',
    '{"event": "media", "streamSid": "%", "media": {"payload": "", "timestamp": "NaN"}}',
    '{"event": "media", "streamSid": "MZother", "media": {"payload": "AAAA"}}',
    '{"event": "mark", "streamSid": "%", "mark": {"name": "never sent"}}',
    '{"event": "mark", "streamSid": "%", "mark": []}',
    '{"event": "start", "streamSid": "%", "start": {"streamSid": "%"}}',
    '{"event": "connected", "event": "stop", "event": "nothing"}',
    "[" * 10_000,
    "x" * 200_000,
    b"\x00\x01binary",
]


async def test_rubbish_in_a_call_changes_nothing(plane: Plane) -> None:
    """Every kind of unusable message, then a turn as if nothing had been."""
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        for message in RUBBISH:
            filled = message.replace("%", caller.stream_id) if isinstance(message, str) else message
            await caller.send(filled)
        await caller.say(voice("yes"))
        await plane.happened(call, CallerTurn)
        assert not caller.closed.is_set()


@pytest.mark.parametrize("size", [0, 1, 159, 161, 8000])
async def test_frames_of_any_size_are_heard(plane: Plane, size: int) -> None:
    """The carrier may cut its audio as it likes."""
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        speech = voice("yes") + b"\xff" * 8000
        for start in range(0, len(speech) if size else 0, max(1, size)):
            await caller.send(media(caller.stream_id, speech[start : start + size]))
            if size < 100:
                continue
            await asyncio.sleep(0)
        if not size:
            await caller.send(media(caller.stream_id, b""))
            await caller.say(voice("yes"))
        await plane.happened(call, CallerTurn, within_s=20)


async def test_time_that_goes_back_is_ignored(plane: Plane) -> None:
    """Timestamps are the carrier's claim; the audio counts."""
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        for timestamp in ("999999999999999999999", "-5", "0"):
            await caller.send(media(caller.stream_id, b"\x00" * 160, timestamp=timestamp))
        await caller.say(voice("yes"))
        await plane.happened(call, CallerTurn)


async def test_a_frame_beyond_all_bounds_closes_its_own_socket_only(plane: Plane) -> None:
    """10 MB in one frame: that socket ends, the call beside it goes on."""
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        async with websockets.connect(plane.ws_url, max_size=None, compression=None) as wild:
            with suppress(websockets.ConnectionClosed):
                await wild.send("x" * 10_000_000)
            with pytest.raises(websockets.ConnectionClosed):
                await wild.recv()
        await plane.happened(call, SentenceHeard, times=2)
        assert not caller.closed.is_set()


async def test_messages_before_the_start_are_ignored(plane: Plane) -> None:
    """Media, marks and a stop without a start; then the start is taken."""
    call = plane.answer_call()
    caller = plane.caller(call)
    async with websockets.connect(plane.ws_url, compression=None) as socket:
        for early in (
            media(caller.stream_id, b"\xff" * 160),
            '{"event": "stop", "streamSid": "MZ"}',
            "{}",
        ):
            await socket.send(early)
        await socket.send(msgspec.json.encode(caller.start_message()).decode())
        await plane.happened(call, CallAnswered)


async def test_a_socket_of_nothing_but_rubbish_is_closed(plane: Plane) -> None:
    """Past a bound it is no carrier's."""
    async with websockets.connect(plane.ws_url, compression=None) as socket:
        with suppress(websockets.ConnectionClosed):
            for _ in range(5000):
                await socket.send("{")
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
    assert socket.close_code == 1008


async def test_audio_of_another_kind_is_refused(plane: Plane) -> None:
    """The agent hears µ-law at 8 kHz."""
    call = plane.answer_call()
    message = plane.caller(call).start_message()
    message["start"]["mediaFormat"]["sampleRate"] = 16000
    async with websockets.connect(plane.ws_url, compression=None) as socket:
        await socket.send(msgspec.json.encode(message).decode())
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
    assert socket.close_reason == "bad_audio"


async def test_a_plan_that_does_not_decode_is_refused(plane: Plane) -> None:
    """Whatever lies in Redis, the process lives."""
    call = plan()
    plane.control.set(f"call:{call.call_id}:plan", b'{"call_id": 5}')
    async with plane.caller(call) as caller:
        assert await closed_with(caller) == (1008, "bad_plan")


async def test_another_path_is_not_found(plane: Plane) -> None:
    """Only the carrier's path takes streams."""
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(plane.ws_url.replace("/twilio/media", "/admin"))
    assert refused.value.response.status_code == 404


async def test_a_stream_beyond_the_slots_is_refused(plane: Plane) -> None:
    """A full process says so before the socket opens."""
    plane.server.slots = 0
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(plane.ws_url)
    assert refused.value.response.status_code == 503


async def test_a_socket_that_breaks_is_not_a_caller_who_hung_up(plane: Plane) -> None:
    """Without a stop the stream is lost, and may be taken up again."""
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        caller.socket.transport.abort()
        await plane.ended(call)
    assert plane.control.get(f"call:{call.call_id}:ended") == b"stream_lost"
    assert not any(isinstance(h, CallEnded) for h in plane.happenings(call))


async def test_figures_are_not_where_carriers_call(plane: Plane) -> None:
    """They have a listener of their own, which takes no streams."""
    inside = await plane.server.listen_internally("127.0.0.1", 0)
    port = inside.sockets[0].getsockname()[1]
    outside = plane.ws_url.replace("ws://", "http://").replace("/twilio/media", "/metrics")
    async with aiohttp.ClientSession() as http:
        async with http.get(outside) as refused:
            assert refused.status == 404
        async with http.get(f"http://127.0.0.1:{port}/metrics") as figures:
            assert "# HELP" in await figures.text()
        async with http.get(f"http://127.0.0.1:{port}/health") as health:
            assert (await health.json())["status"] == "ok"
    with pytest.raises(websockets.InvalidStatus) as no_stream:
        await websockets.connect(f"ws://127.0.0.1:{port}/twilio/media")
    assert no_stream.value.response.status_code == 404
    inside.close()
