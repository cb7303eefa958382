"""POST /v1/audio/speech: text in, sound out while it is being made."""

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from programs.speech_server.audio import (
    TELEPHONE_HZ,
    Resampler,
    Samples,
    to_mulaw,
    to_pcm,
    wav_header,
)
from programs.speech_server.errors import BadRequest
from programs.speech_server.measures import FIRST_SOUND_SECONDS, SPOKEN_SECONDS
from programs.speech_server.tts.synthesis import Synthesiser
from programs.speech_server.tts.voices import DEFAULT, espeak_voice, words_per_minute

MAX_TEXT_CHARS: Final = 4_096  # as OpenAI has it
PCM_HZ: Final = 24_000
GAIN: Final = 0.8  # eSpeak NG speaks near full scale; a telephone line is kept below it


@dataclass(frozen=True, slots=True)
class _Coding:
    media_type: str
    rate_hz: int
    code: Callable[[Samples], bytes]
    header: bytes = b""


_CODINGS: Final = {
    "pcm": _Coding("audio/pcm", PCM_HZ, to_pcm),
    # beyond OpenAI: what a telephone line carries
    "pcmu": _Coding("audio/pcmu", TELEPHONE_HZ, to_mulaw),
    "wav": _Coding("audio/wav", PCM_HZ, to_pcm, wav_header(PCM_HZ)),
}


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What to say and how, checked."""

    text: str
    voice: str  # eSpeak NG's name
    words_per_minute: int
    coding: _Coding


async def parse_speech(request: web.Request) -> SpeechRequest:
    """The request's body, or BadRequest that names the field.
    Without response_format the sound is a WAV.
    """
    try:
        body = await request.json()
    except (ValueError, RecursionError) as broken:
        raise BadRequest("expected a JSON object", code="invalid_json") from broken
    if not isinstance(body, dict):
        raise BadRequest("expected a JSON object", code="invalid_json")
    text, coding = body.get("input"), body.get("response_format", "wav")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT_CHARS:
        raise BadRequest(f"expected text of 1 to {MAX_TEXT_CHARS} characters", param="input")
    if not isinstance(coding, str) or coding not in _CODINGS:
        raise BadRequest(f"expected one of {', '.join(_CODINGS)}", param="response_format")
    speed = body.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise BadRequest("expected a number", param="speed")
    voice = espeak_voice(_voice_name(body.get("voice", DEFAULT)))
    return SpeechRequest(_speakable(text), voice, words_per_minute(speed), _CODINGS[coding])


async def say(
    request: web.Request, speech: SpeechRequest, mouth: Synthesiser
) -> web.StreamResponse:
    """Stream the speech; SlotsFull if too many wait, before anything is sent."""
    began = time.monotonic()
    coding = speech.coding
    resampler = Resampler(mouth.rate_hz, coding.rate_hz)
    response = web.StreamResponse(
        headers={"Content-Type": coding.media_type, "X-Sample-Rate": str(coding.rate_hz)}
    )
    spoken = mouth.speak(speech.text, voice=speech.voice, words_per_minute=speech.words_per_minute)
    async with aclosing(spoken) as pieces:  # type: ignore[type-var]
        async for samples in pieces:
            if not response.prepared:
                await response.prepare(request)
                await response.write(coding.header) if coding.header else None
                FIRST_SOUND_SECONDS.observe(time.monotonic() - began)
            await _write(response, coding, resampler.feed(samples))
    if not response.prepared:
        await response.prepare(request)
    await _write(response, coding, resampler.rest())
    await response.write_eof()
    return response


async def _write(response: web.StreamResponse, coding: _Coding, samples: Samples) -> None:
    if len(samples):
        SPOKEN_SECONDS.inc(len(samples) / coding.rate_hz)
        await response.write(coding.code(samples * GAIN))


def _voice_name(voice: Any) -> str:
    name = voice.get("id") if isinstance(voice, dict) else voice
    if not isinstance(name, str):
        raise BadRequest("expected a name", param="voice")
    return name


def _speakable(text: str) -> str:
    """Without what C cannot carry (NUL) and what UTF-8 cannot (lone surrogates)."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
