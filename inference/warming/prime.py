"""What makes a replica warm: real requests that run on it and answer rightly.

`/health` is not readiness. think: the region's own prompt prefixes, then a canary whose answer at
temperature 0 must be the stored one. hear: a short recording, whose words must come back. speak: a
sentence, whose sound must come back.
"""

import audioop
import base64
import json
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import websockets.exceptions
import websockets.sync.client

from inference.errors import PrimingFailed
from inference.fleet.chat_requests import (
    MOST_TRIES,
    REFUSALS,
    RefusedFields,
    api_url,
    key_headers,
)
from inference.fleet.credentials import bearer
from inference.fleet.prompt_prefixes import Prefix
from inference.warming.replica_http import replica_client
from warmline.kernel import roles
from warmline.kernel.roles import Role

# A prefix of a thousand tokens on a CPU takes under a second; a queue of them under a minute.
REQUEST_S: Final = 30.0
RECORDING: Final = Path(__file__).with_name("canary.wav")
RECORDING_WORDS: Final = frozenset({"i", "would", "like", "to", "book", "an", "appointment"})
PIECE_BYTES: Final = 480  # 60 ms of telephone audio
SENTENCE: Final = "Thank you for calling. How can I help?"
SHORTEST_S, LONGEST_S = 0.8, 15.0
QUIETEST_RMS: Final = 100
CANARY: Final[list[dict[str, Any]]] = [
    {
        "role": "system",
        "content": "You are Anna, the receptionist at Miller Plumbing.\nhours: monday to friday",
    },
    {"role": "user", "content": "hello when are you open"},
]


class Primed(msgspec.Struct, frozen=True):
    """A replica answered rightly: its canary's answer, and the milliseconds to first output."""

    answer: str
    first_word_ms: float


def prime(
    role: Role,
    base_url: str,
    model: str,
    *,
    prefixes: Sequence[Prefix] = (),
    stored: str | None = None,
    key: str | None = None,
) -> Primed:
    """Run the real requests of a role on a replica; `PrimingFailed` says what it did instead.

    `key` is what a provider's endpoint asks for.
    """
    limits = httpx.Timeout(REQUEST_S, connect=2.0)
    try:
        with asking(base_url, key=key, timeout=limits) as client:
            match role:
                case roles.LLM:
                    run_prefixes(client, model, prefixes)
                    return llm_canary(client, model, stored)
                case roles.STT:
                    return stt_canary(base_url, model, key=key)
                case roles.TTS:
                    return tts_canary(client, model)
                case _:
                    raise PrimingFailed(f"there is no canary for the role {role}")
    except httpx.HTTPStatusError as error:
        answer = f"{error.response.status_code} to {error.request.method} {error.request.url.path}"
        raise PrimingFailed(f"{role} at {base_url} answered {answer}") from error
    except (httpx.HTTPError, KeyError, IndexError, TypeError, ValueError) as error:
        raise PrimingFailed(f"{role} at {base_url}: {type(error).__name__}: {error}") from error


def asking(base_url: str, *, key: str | None, timeout: httpx.Timeout) -> httpx.Client:
    """A client of an endpoint, with its key and whatever its address has after a question mark."""
    address, _, query = base_url.partition("?")
    headers = key_headers(base_url, key)
    return replica_client(address, params=query, timeout=timeout, headers=headers)


def run_prefixes(client: httpx.Client, model: str, prefixes: Sequence[Prefix]) -> None:
    """Have a think replica read each prefix once, so that its cache holds them."""
    for prefix in prefixes:
        _chat(
            client,
            model,
            [*prefix.messages, {"role": "user", "content": "hello"}],
            prefix.tools,
            max_tokens=1,
        )


def llm_canary(client: httpx.Client, model: str, stored: str | None) -> Primed:
    """The canary's answer, equal to the stored one if any.

    It is asked twice: the first time pays first-request work.
    """
    answer = _chat(client, model, CANARY, (), max_tokens=24)
    if not answer.strip():
        raise PrimingFailed("the canary's answer is empty")
    if stored is not None and answer != stored:
        raise PrimingFailed(f"the canary answered {answer[:80]!r}, not {stored[:80]!r} as before")
    begun = time.monotonic()
    _chat(client, model, CANARY, (), max_tokens=1)
    return Primed(answer, _ms_since(begun))


def _chat(
    client: httpx.Client,
    model: str,
    messages: Sequence[dict[str, Any]],
    tools: Sequence[Any],
    *,
    max_tokens: int,
) -> str:
    body: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "temperature": 0,
        "max_tokens": max_tokens,
    }
    if tools:
        body["tools"] = tools
    url, refused = api_url(str(client.base_url), "chat/completions"), RefusedFields()
    for _ in range(MOST_TRIES):
        sent = refused.body(url, body)
        answered = client.post(url, json=sent)
        if answered.status_code not in REFUSALS or not refused.learn(url, sent, answered.content):
            break
    choice = answered.raise_for_status().json()["choices"][0]
    if choice["message"].get("content"):
        return str(choice["message"]["content"])
    # A model that reasons needs more than these tokens for its first word.
    return "(reasoning)" if choice.get("finish_reason") == "length" else ""


def stt_canary(base_url: str, model: str, *, key: str | None = None) -> Primed:
    """The recording through the realtime transcription socket, as fast as it was spoken: half its
    words at least.

    What counts is the wait from its end to its text, since a replica decodes while the caller
    speaks.
    """
    with wave.open(str(RECORDING)) as recording:
        mulaw = audioop.lin2ulaw(recording.readframes(recording.getnframes()), 2)
    url = "ws" + base_url.removeprefix("http") + "/v1/realtime?intent=transcription"
    listening = {
        "format": {"type": "audio/pcmu"},
        "transcription": {"model": model},
        "turn_detection": None,
    }
    session = {"type": "transcription", "audio": {"input": listening}}
    try:
        with websockets.sync.client.connect(
            url, proxy=None, open_timeout=2.0, close_timeout=1.0, additional_headers=bearer(key)
        ) as socket:
            socket.send(json.dumps({"type": "session.update", "session": session}))
            begun = time.monotonic()
            for start in range(0, len(mulaw), PIECE_BYTES):
                piece = base64.b64encode(mulaw[start : start + PIECE_BYTES]).decode()
                socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": piece}))
                time.sleep(max(0.0, begun + (start + PIECE_BYTES) / 8000 - time.monotonic()))
            committed = time.monotonic()
            socket.send(json.dumps({"type": "input_audio_buffer.commit"}))
            text = _transcript(socket, until=committed + REQUEST_S)
    except (OSError, websockets.exceptions.WebSocketException) as error:
        raise PrimingFailed(f"hear at {base_url}: {type(error).__name__}: {error}") from error
    if len(RECORDING_WORDS & set(text.lower().split())) * 2 < len(RECORDING_WORDS):
        raise PrimingFailed(f"the recording was heard as {text[:80]!r}")
    return Primed(text, _ms_since(committed))


def _transcript(socket: websockets.sync.client.ClientConnection, *, until: float) -> str:
    while True:
        event = json.loads(socket.recv(timeout=max(0.0, until - time.monotonic())))
        if event["type"] == "conversation.item.input_audio_transcription.completed":
            return str(event["transcript"])
        if event["type"] in {"error", "conversation.item.input_audio_transcription.failed"}:
            raise PrimingFailed(f"the recording was answered with {str(event.get('error'))[:200]}")


def tts_canary(client: httpx.Client, model: str) -> Primed:
    """The sentence as 24 kHz PCM of a plausible length that is not silence."""
    first_ms, sound = 0.0, b""
    for _ in range(2):
        begun = time.monotonic()
        parts: list[bytes] = []
        body = {"model": model, "input": SENTENCE, "voice": "en-us", "response_format": "pcm"}
        with client.stream("POST", "/v1/audio/speech", json=body) as answered:
            answered.raise_for_status()
            for part in answered.iter_bytes():
                first_ms = first_ms if parts else _ms_since(begun)
                parts.append(part)
        sound = b"".join(parts)
    seconds = len(sound) / 2 / 24_000
    loudness = audioop.rms(sound[: len(sound) // 2 * 2], 2) if sound else 0
    if not SHORTEST_S <= seconds <= LONGEST_S or loudness < QUIETEST_RMS:
        raise PrimingFailed(
            f"the sentence came as {seconds:.1f} s of sound with a loudness of {loudness}"
        )
    return Primed(f"{seconds:.1f} s", first_ms)


def _ms_since(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000, 1)
