"""Whatever is sent, the sender is told what was expected, and nobody else notices."""

import base64
import contextlib
import json
import struct
from typing import Any

import aiohttp
import pytest

from tests.programs.speech_server.caller import calling, spoken

_SESSION = {"type": "transcription"}


def _update(**listening: Any) -> str:
    return json.dumps(
        {"type": "session.update", "session": {**_SESSION, "audio": {"input": listening}}}
    )


def _beta(**session: Any) -> str:
    return json.dumps({"type": "session.update", "session": session})


def _append(audio: Any) -> str:
    return json.dumps({"type": "input_audio_buffer.append", "audio": audio})


BAD_EVENTS = {
    "not JSON": "hello",
    "nothing": "",
    "an array": "[1, 2]",
    "a number": "17",
    "NaN": "NaN",
    "nested a hundred thousand deep": "[" * 100_000,
    "no type": "{}",
    "a type that is a list": '{"type": ["session.update"]}',
    "an unknown event": '{"type": "response.create"}',
    "audio that is no text": _append(7),
    "audio that is no base64": _append("%%%%"),
    "base64 of a wrong length": _append("AAA"),
    "base64 with a stranger in it": _append("AAAA\u00e4AAA"),
    "too much audio at once": _append(base64.b64encode(bytes(600 * 1024)).decode()),
    "a session that is a list": '{"type": "session.update", "session": []}',
    "a session that speaks": '{"type": "session.update", "session": {"type": "realtime"}}',
    "the server's turn detection": _update(turn_detection={"type": "server_vad"}),
    "an unknown format": _update(format={"type": "audio/opus"}),
    "a format that is text": _update(format="pcmu"),
    "a format that is null": _update(format=None),
    "A-law": _update(format={"type": "audio/pcma"}),
    "a type that is a list of types": _update(format={"type": ["audio/pcmu"]}),
    "µ-law at a rate it does not have": _update(format={"type": "audio/pcmu", "rate": 16_000}),
    "two channels": _update(format={"type": "audio/pcm", "rate": 8_000, "channels": 2}),
    "a rate that is a list": _update(format={"type": "audio/pcm", "rate": [8_000]}),
    "a rate that is an object": _update(format={"type": "audio/pcm", "rate": {}}),
    "a rate with a point": _update(format={"type": "audio/pcm", "rate": 8_000.0}),
    "a rate that is text": _update(format={"type": "audio/pcm", "rate": "8000"}),
    "a language that is not heard here": _update(transcription={"language": "es"}),
    "a language that is a number": _update(transcription={"language": 5}),
    "a model that is a list": _update(transcription={"model": ["whisper"]}),
    "half a character in a phrase": _update(transcription={"vocabulary": ["\ud83d"]}),
    "the beta's format": _beta(input_audio_format="g711_ulaw"),
    "the beta's turn detection": _beta(turn_detection={"type": "server_vad"}),
    "an unknown rate": _update(format={"type": "audio/pcm", "rate": 11_025}),
    "a prompt that is a number": _update(transcription={"prompt": 5}),
    "a vocabulary of numbers": _update(transcription={"vocabulary": [1, 2]}),
    "too many phrases": _update(transcription={"vocabulary": [f"word {n}" for n in range(500)]}),
    "a phrase of a thousand letters": _update(transcription={"vocabulary": ["a" * 1000]}),
    "a commit of nothing": '{"type": "input_audio_buffer.commit", "event_id": "mine"}',
}


@pytest.mark.parametrize("bad", BAD_EVENTS.values(), ids=BAD_EVENTS.keys())
async def test_a_bad_event_is_answered_and_the_session_goes_on(speech: str, bad: str) -> None:
    """An error event says what was expected; the next turn of the same session is heard."""
    async with calling(speech) as caller:
        await caller.configure()
        await caller.socket.send_str(bad)
        error = (await caller.until("error"))["error"]
        assert error["type"] == "invalid_request_error"
        assert "expected" in error["message"]
        await caller.speak(spoken("yes_please"))
        assert await caller.text() == "yes please"


async def test_an_error_names_the_event_that_caused_it(speech: str) -> None:
    """The client's own event id comes back."""
    async with calling(speech) as caller:
        await caller.send(type="input_audio_buffer.append", event_id="evt-9", audio="?")
        assert (await caller.until("error"))["error"]["event_id"] == "evt-9"


async def test_half_a_sample_is_refused(speech: str) -> None:
    """16-bit audio of an odd length is an error, and the session goes on."""
    async with calling(speech) as caller:
        await caller.configure({"type": "audio/pcm", "rate": 8_000})
        await caller.send(type="input_audio_buffer.append", audio=base64.b64encode(b"abc").decode())
        assert (await caller.until("error"))["error"]["code"] == "invalid_audio"


async def test_a_binary_frame_is_refused(speech: str) -> None:
    """The protocol is text; the session goes on."""
    async with calling(speech) as caller:
        await caller.configure()
        await caller.socket.send_bytes(b"\x00\x01")
        assert (await caller.until("error"))["error"]["code"] == "invalid_frame"
        await caller.speak(spoken("yes_please"))
        assert await caller.text() == "yes please"


async def test_a_huge_frame_closes_its_own_session_only(speech: str) -> None:
    """Past the bound the socket is closed with 1009; another session is not disturbed."""
    async with calling(speech) as other, calling(speech) as caller:
        await other.configure()
        # the server may hang up before the last byte is sent
        with contextlib.suppress(ConnectionError):
            await caller.socket.send_str("x" * 3_000_000)
        while (closing := await caller.socket.receive(timeout=20)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert closing.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
        await other.speak(spoken("yes_please"))
        assert await other.text() == "yes please"


async def test_a_client_that_vanishes_leaves_its_decoder_behind(speech: str) -> None:
    """A connection that is dropped in mid-sentence frees what it held."""
    for _ in range(5):
        async with aiohttp.ClientSession() as http:
            socket = await http.ws_connect(f"{speech}/v1/realtime")
            audio = base64.b64encode(spoken("plumbing_booking")).decode()
            await socket.send_str(_append(audio))
            # aiohttp offers no way to drop a connection, and mypy knows no private name.
            connection = getattr(socket, "_conn")  # noqa: B009
            connection.transport.abort()
    async with calling(speech) as caller:
        await caller.configure()
        await caller.speak(spoken("yes_please"))
        assert await caller.text() == "yes please"


def wav(
    data: bytes, *, coding: int = 1, channels: int = 1, rate_hz: int = 8000, bits: int = 16
) -> bytes:
    """A WAV file of this layout, whatever the data is."""
    frame_bytes = channels * bits // 8 % 65_536
    layout = struct.pack(
        "<HHIIHH", coding, channels, rate_hz, rate_hz * frame_bytes % 2**32, frame_bytes, bits
    )
    sound = b"data" + struct.pack("<I", len(data)) + data
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


BAD_UPLOADS = {
    "no samples": wav(b""),
    "half a sample": wav(b"\0"),
    "fewer bytes than a frame of its many channels": wav(b"\0" * 100, channels=65_535),
    "a header cut after its sound's length": wav(b"\0" * 100)[:44],
    "a header cut in its layout": wav(b"\0" * 100)[:30],
    "8 bits": wav(b"\x80" * 800, bits=8),
    "no bits": wav(b"\0" * 800, bits=0),
    "floating point": wav(b"\0" * 800, coding=3, bits=32),
    "A-law": wav(b"\xd5" * 800, coding=6, bits=8),
    "a rate of four billion": wav(b"\0" * 800, rate_hz=4_000_000_000),
    "big-endian": b"RIFX" + wav(b"\0" * 800)[4:],
    "an MP3": b"ID3\x04" + bytes(800),
    "nothing": b"",
    "text": b"hello",
    "a header alone": b"RIFF\x24\x00\x00\x00WAVE",
    "a format cut short": b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00",
    "24 bits": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"
    b"\x80\x3e\0\0\x80\x3e\0\0\x03\0\x18\0data\0\0\0\0",
}


@pytest.mark.parametrize("file", BAD_UPLOADS.values(), ids=BAD_UPLOADS.keys())
async def test_a_file_that_is_no_recording_is_a_400(speech: str, file: bytes) -> None:
    """The error names the field."""
    form = aiohttp.FormData()
    form.add_field("file", file, filename="call.wav", content_type="audio/wav")
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/audio/transcriptions", data=form) as answer,
    ):
        assert answer.status == 400
        error = (await answer.json())["error"]
    assert error["param"] == "file"
    assert "expected" in error["message"]


RECORDINGS = {
    "one sample": wav(b"\0\0"),
    "two samples": wav(b"\0\0" * 2),
    "both sides of a call": wav(b"\0" * 16_000, channels=2),
    "a rate of nowhere": wav(b"\0\0" * 8_001, rate_hz=8_001),
    "a length that is not known yet": wav(b"\0" * 800).replace(
        b"data \x03\0\0", b"data\xff\xff\xff\xff"
    ),
    "µ-law": wav(b"\xff" * 800, coding=7, bits=8),
}


@pytest.mark.parametrize("file", RECORDINGS.values(), ids=RECORDINGS.keys())
async def test_a_recording_of_silence_has_no_words(speech: str, file: bytes) -> None:
    """However short, and in whatever layout is taken."""
    form = aiohttp.FormData()
    form.add_field("file", file, filename="call.wav", content_type="audio/wav")
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/audio/transcriptions", data=form) as answer,
    ):
        assert (answer.status, (await answer.json())["text"]) == (200, "")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"phrases": ["\\ud83d"]}', b"\xff", b"[1]"])
async def test_a_vocabulary_that_is_none_is_a_400(speech: str, body: bytes) -> None:
    """Nested without end, half a character, no text at all."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/vocabularies", data=body) as answer,
    ):
        assert answer.status == 400
        assert "expected" in (await answer.json())["error"]["message"]


BAD_SPEECH: dict[str, Any] = {
    "not an object": [1],
    "no text": {"voice": "en-us"},
    "blank text": {"input": "  ", "voice": "en-us"},
    "too long": {"input": "a" * 5_000, "voice": "en-us"},
    "an unknown voice": {"input": "hi", "voice": "nobody"},
    "a voice of another kind": {"input": "hi", "voice": 4},
    "an unknown format": {"input": "hi", "voice": "en-us", "response_format": "mp3"},
    "a format of another kind": {"input": "hi", "voice": "en-us", "response_format": ["pcm"]},
    "a speed of another kind": {"input": "hi", "voice": "en-us", "speed": "fast"},
    "a speed out of bounds": {"input": "hi", "voice": "en-us", "speed": 9},
}


@pytest.mark.parametrize("body", BAD_SPEECH.values(), ids=BAD_SPEECH.keys())
async def test_speech_that_cannot_be_said_is_a_400(speech: str, body: Any) -> None:
    """The error says what was expected."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/audio/speech", json=body) as answer,
    ):
        assert answer.status == 400
        assert "expected" in (await answer.json())["error"]["message"]
