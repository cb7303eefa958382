"""POST /v1/audio/speech: text in, audio out while it is being made."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from programs.speech_server.audio import TELEPHONE_HZ, Samples, to_mulaw, to_pcm, wav_header
from programs.speech_server.errors import BadRequest
from programs.speech_server.metrics import FIRST_AUDIO_SECONDS, SYNTHESISED_SECONDS
from programs.speech_server.tts.engine import Style
from programs.speech_server.tts.synthesis import Synthesiser
from programs.speech_server.tts.voices import DEFAULT, voice_named
from verticals.spoken.speech import spoken_form

MAX_TEXT_CHARS: Final = 4_096  # as OpenAI has it
PCM_HZ: Final = 24_000
QUICK_CHARS: Final = 300
SLOWEST, FASTEST = 0.25, 4.0  # as OpenAI has it


@dataclass(frozen=True, slots=True)
class _ResponseFormat:
    media_type: str
    rate_hz: int
    encode: Callable[[Samples], bytes]
    header: bytes = b""


_FORMATS: Final = {
    "pcm": _ResponseFormat("audio/pcm", PCM_HZ, to_pcm),
    # beyond OpenAI: what a telephone line carries
    "pcmu": _ResponseFormat("audio/pcmu", TELEPHONE_HZ, to_mulaw),
    "wav": _ResponseFormat("audio/wav", PCM_HZ, to_pcm, wav_header(PCM_HZ)),
}


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A checked request: the text, and how it is to sound."""

    text: str
    style: Style
    model: str
    response_format: _ResponseFormat


async def parse_speech(request: web.Request) -> SpeechRequest:
    """The request's body, or BadRequest that names the field; the default format is WAV."""
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise BadRequest("expected a JSON object", code="invalid_json") from error
    if not isinstance(body, dict):
        raise BadRequest("expected a JSON object", code="invalid_json")
    text, format_name = body.get("input"), body.get("response_format", "wav")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT_CHARS:
        raise BadRequest(f"expected text of 1 to {MAX_TEXT_CHARS} characters", param="input")
    if not isinstance(format_name, str) or format_name not in _FORMATS:
        raise BadRequest(f"expected one of {', '.join(_FORMATS)}", param="response_format")
    speed = body.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise BadRequest("expected a number", param="speed")
    if not SLOWEST <= speed <= FASTEST:
        raise BadRequest(f"expected a speed from {SLOWEST} to {FASTEST}", param="speed")
    voice = voice_named(_voice_name(body.get("voice", DEFAULT)))
    response_format = _FORMATS[format_name]
    style = Style(voice, float(speed), response_format.rate_hz)
    return SpeechRequest(
        await _in_words(_speakable(text), voice.language),
        style,
        str(body.get("model", "")),
        response_format,
    )


async def stream_speech(
    request: web.Request, speech: SpeechRequest, synthesiser: Synthesiser
) -> web.StreamResponse:
    """Stream the speech; SlotsFull if too many wait, before anything is sent."""
    began = time.monotonic()
    response_format = speech.response_format
    response = web.StreamResponse(
        headers={
            "Content-Type": response_format.media_type,
            "X-Sample-Rate": str(response_format.rate_hz),
        }
    )
    audio = synthesiser.synthesise(speech.text, style=speech.style, model=speech.model)
    async with aclosing(audio) as pieces:
        async for samples in pieces:
            if not response.prepared:
                await response.prepare(request)
                if response_format.header:
                    await response.write(response_format.header)
                FIRST_AUDIO_SECONDS.observe(time.monotonic() - began)
            await _write(response, response_format, samples)
    if not response.prepared:
        await response.prepare(request)
    await response.write_eof()
    return response


async def _write(
    response: web.StreamResponse, response_format: _ResponseFormat, samples: Samples
) -> None:
    if len(samples):
        SYNTHESISED_SECONDS.inc(len(samples) / response_format.rate_hz)
        await response.write(response_format.encode(samples))


async def _in_words(text: str, language: str) -> str:
    """Figures in words: 0.1 ms for a sentence, and 40 for a page of nothing else."""
    if len(text) <= QUICK_CHARS:
        return spoken_form(text, language)
    return await asyncio.to_thread(spoken_form, text, language)


def _voice_name(voice: Any) -> str:
    name = voice.get("id") if isinstance(voice, dict) else voice
    if not isinstance(name, str):
        raise BadRequest("expected a name", param="voice")
    return name


def _speakable(text: str) -> str:
    """Without what C cannot carry (NUL) and what UTF-8 cannot (lone surrogates)."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
