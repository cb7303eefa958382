"""POST /v1/audio/transcriptions: a whole recording in, its text out."""

from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, web

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, read_wav
from programs.speech_server.errors import BadRequest
from programs.speech_server.stt.engine import SttEngine
from programs.speech_server.stt.languages import check_language
from programs.speech_server.stt.vocabularies import checked, phrases_of

MAX_UPLOAD_BYTES: Final = 25 * 1024 * 1024  # as OpenAI has it
MAX_FIELD_BYTES: Final = 64 * 1024
MAX_RECORDING_S: Final = 600.0
_FORMATS: Final = ("json", "text", "verbose_json")


@dataclass(frozen=True, slots=True)
class _Upload:
    file: bytes
    phrases: tuple[str, ...]
    response_format: str


async def transcribe(request: web.Request, engine: SttEngine) -> web.Response:
    """The recording's words; the first request with some phrases waits until they are learnt."""
    upload = await _read(request)
    samples, rate_hz = read_wav(upload.file)
    if not len(samples):
        raise BadRequest("expected a recording with sound in it, got no samples", param="file")
    if len(samples) > MAX_RECORDING_S * rate_hz:
        raise BadRequest(f"expected at most {MAX_RECORDING_S:.0f} s of audio", param="file")
    resampler = Resampler(rate_hz, TELEPHONE_HZ)
    spoken = [resampler.feed(samples), resampler.flush()]
    text = await _text(spoken, upload.phrases, engine)
    if upload.response_format == "text":
        return web.Response(text=text + "\n")
    seconds = round(len(samples) / rate_hz, 3)
    body: dict[str, object] = {"text": text, "usage": {"type": "duration", "seconds": seconds}}
    if upload.response_format == "verbose_json":
        body |= {
            "task": "transcribe",
            "language": "english",
            "duration": seconds,
            "segments": [],
            "words": [],
        }
    return web.json_response(body)


async def _text(spoken: list[Samples], phrases: tuple[str, ...], engine: SttEngine) -> str:
    async with engine.ears(phrases) as ears:
        await ears.begin()
        for samples in spoken:
            await ears.feed(samples)
        return (await ears.finish()).text


async def _read(request: web.Request) -> _Upload:
    if request.content_type != "multipart/form-data":
        raise BadRequest("expected multipart/form-data with a file", param="file")
    try:
        fields = await _fields(request)
    except (ValueError, AssertionError) as error:  # aiohttp's reader of multipart raises both
        raise BadRequest(
            f"expected well-formed multipart/form-data: {error}", param="file"
        ) from error
    if "file" not in fields:
        raise BadRequest("expected a file", param="file")
    response_format = fields.get("response_format", b"json").decode(errors="replace")
    if response_format not in _FORMATS:
        raise BadRequest(f"expected one of {', '.join(_FORMATS)}", param="response_format")
    check_language(fields.get("language", b"").decode(errors="replace"), param="language")
    phrases = phrases_of(fields.get("prompt", b"").decode(errors="replace"))
    return _Upload(fields["file"], checked(phrases), response_format)


async def _fields(request: web.Request) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        bound = MAX_UPLOAD_BYTES if part.name == "file" else MAX_FIELD_BYTES
        received = bytearray()
        while piece := await part.read_chunk(64 * 1024):
            received += piece
            if len(received) > bound:
                raise BadRequest(
                    f"expected at most {bound} bytes", param=part.name, code="too_large"
                )
        fields[part.name] = bytes(received)
    return fields
