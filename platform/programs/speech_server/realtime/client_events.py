"""The realtime transcription protocol without I/O: a client's text frames as frozen events.

Source: the event types of the `openai` package (`openai.types.realtime`).
"""

import binascii
import json
from dataclasses import dataclass
from typing import Any, Final

from programs.speech_server.audio import TELEPHONE_HZ
from programs.speech_server.errors import BadRequest
from programs.speech_server.stt.languages import check_language
from programs.speech_server.stt.vocabularies import checked, phrases_of

PCM_HZ: Final = 24_000
MAX_APPEND_BYTES: Final = 512 * 1024
CONFIDENCE: Final = "item.input_audio_transcription.logprobs"
_FORMATS: Final = ("audio/pcmu", "audio/pcm")
_PCM_RATES: Final = (8_000, 16_000, PCM_HZ)
# Where the protocol's beta had what is now under session.audio.input: taken as said, it would be
# ignored, and the audio heard in another format than it has.
_EARLIER_FIELDS: Final = {
    "input_audio_format": "format",
    "input_audio_transcription": "transcription",
    "turn_detection": "turn_detection",
}


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """How the client's audio is coded: µ-law at 8 kHz, or 16-bit PCM at its rate."""

    type: str = "audio/pcm"
    rate_hz: int = PCM_HZ

    @property
    def is_mulaw(self) -> bool:
        """Whether a byte is a sample."""
        return self.type == "audio/pcmu"

    def seconds(self, size_bytes: int) -> float:
        """How long that much audio lasts."""
        return size_bytes / (self.rate_hz * (1 if self.is_mulaw else 2))


@dataclass(frozen=True, slots=True)
class SessionUpdate:
    """session.update: what the client changes; None is left as it was."""

    event_id: str | None
    format: AudioFormat | None
    phrases: tuple[str, ...] | None
    gives_confidence: bool | None = None


@dataclass(frozen=True, slots=True)
class BufferAppend:
    """input_audio_buffer.append: more of the turn's audio."""

    event_id: str | None
    audio: bytes


@dataclass(frozen=True, slots=True)
class BufferCommit:
    """input_audio_buffer.commit: the turn is over, its text is wanted now."""

    event_id: str | None


@dataclass(frozen=True, slots=True)
class BufferClear:
    """input_audio_buffer.clear: forget what was appended."""

    event_id: str | None


ClientEvent = SessionUpdate | BufferAppend | BufferCommit | BufferClear


class BadEvent(BadRequest):
    """A frame that is no event of this protocol; `event_id` is the client's own, where readable."""

    def __init__(
        self, message: str, *, param: str | None = None, code: str, event_id: str | None = None
    ) -> None:
        super().__init__(message, param=param, code=code)
        self.event_id = event_id


def parse_event(text: str) -> ClientEvent:
    """One text frame as an event, or BadEvent that says what was expected."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadEvent("expected a JSON object", code="invalid_json") from error
    if not isinstance(event, dict):
        raise BadEvent(f"expected a JSON object, got {type(event).__name__}", code="invalid_json")
    event_id = event.get("event_id") if isinstance(event.get("event_id"), str) else None
    try:
        return _parsed(event, event_id)
    except BadEvent:
        raise
    except BadRequest as error:
        raise BadEvent(str(error), param=error.param, code=error.code, event_id=event_id) from error


def _parsed(event: dict[str, Any], event_id: str | None) -> ClientEvent:
    kind = event.get("type")
    if kind == "input_audio_buffer.append":
        return BufferAppend(event_id, _audio(event.get("audio")))
    if kind == "input_audio_buffer.commit":
        return BufferCommit(event_id)
    if kind == "input_audio_buffer.clear":
        return BufferClear(event_id)
    if kind == "session.update":
        return _update(_object(event, "session"), event_id)
    expected = "session.update or input_audio_buffer.append, .commit, .clear"
    raise BadRequest(
        f"expected {expected}, got {str(kind)[:60]!r}", param="type", code="unknown_event"
    )


def _audio(encoded: Any) -> bytes:
    if not isinstance(encoded, str):
        raise BadRequest("expected base64 text", param="audio", code="invalid_audio")
    try:
        audio = binascii.a2b_base64(encoded, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(
            f"expected base64: {error}", param="audio", code="invalid_audio"
        ) from error
    if len(audio) > MAX_APPEND_BYTES:
        expected = f"expected at most {MAX_APPEND_BYTES} bytes of audio at once, got {len(audio)}"
        raise BadRequest(expected, param="audio", code="audio_too_long")
    return audio


def _update(session: dict[str, Any], event_id: str | None) -> SessionUpdate:
    if session.get("type", "transcription") != "transcription":
        raise BadRequest(
            "this server only transcribes: expected 'transcription'", param="session.type"
        )
    _refuse_earlier_fields(session)
    audio_input = _object(_object(session, "audio"), "input")
    if audio_input.get("turn_detection") is not None:
        raise BadRequest(
            "the client ends each turn with a commit: expected null",
            param="session.audio.input.turn_detection",
        )
    audio_format = _format(audio_input["format"]) if "format" in audio_input else None
    transcription = _object(audio_input, "transcription")
    _check_heard(transcription)
    phrases = _phrases(transcription) if {"prompt", "vocabulary"} & transcription.keys() else None
    return SessionUpdate(event_id, audio_format, phrases, _gives_confidence(session))


def _refuse_earlier_fields(session: dict[str, Any]) -> None:
    for field, now_called in _EARLIER_FIELDS.items():
        if session.get(field) is not None:
            raise BadRequest(
                f"expected session.audio.input.{now_called} in place of session.{field}; "
                f"formats: {', '.join(_FORMATS)}",
                param=f"session.{field}",
            )


def _check_heard(transcription: dict[str, Any]) -> None:
    """The language that is heard here; the model's name is the pool's, and may be any."""
    param = "session.audio.input.transcription"
    if not isinstance(transcription.get("model", ""), str | None):
        raise BadRequest("expected a model's name", param=f"{param}.model")
    check_language(transcription.get("language"), param=f"{param}.language")


def _gives_confidence(session: dict[str, Any]) -> bool | None:
    include = session.get("include")
    if include is None:
        return None
    if not isinstance(include, list) or any(item != CONFIDENCE for item in include):
        raise BadRequest(f"expected a list of {CONFIDENCE}", param="session.include")
    return bool(include)


def _format(given: Any) -> AudioFormat:
    param = "session.audio.input.format"
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in _FORMATS:
        raise BadRequest(f"expected a type among {', '.join(_FORMATS)}", param=param)
    if given.get("channels", 1) != 1:
        raise BadRequest("expected one channel", param=f"{param}.channels")
    rate_hz = given.get("rate", TELEPHONE_HZ if kind == "audio/pcmu" else PCM_HZ)
    if kind == "audio/pcmu":
        if rate_hz != TELEPHONE_HZ:
            raise BadRequest(f"expected {kind} at a rate of 8000", param=f"{param}.rate")
        return AudioFormat(kind, TELEPHONE_HZ)
    if rate_hz not in _PCM_RATES or isinstance(rate_hz, float):
        raise BadRequest("expected a rate of 8000, 16000 or 24000", param=f"{param}.rate")
    return AudioFormat(kind, rate_hz)


def _phrases(transcription: dict[str, Any]) -> tuple[str, ...]:
    prompt, vocabulary = transcription.get("prompt") or "", transcription.get("vocabulary") or []
    if not isinstance(prompt, str):
        raise BadRequest("expected text", param="session.audio.input.transcription.prompt")
    if not isinstance(vocabulary, list) or not all(
        isinstance(phrase, str) for phrase in vocabulary
    ):
        raise BadRequest(
            "expected a list of texts", param="session.audio.input.transcription.vocabulary"
        )
    return checked((*phrases_of(prompt), *vocabulary))


def _object(parent: dict[str, Any], field: str) -> dict[str, Any]:
    child = parent.get(field)
    if child is None:
        return {}
    if not isinstance(child, dict):
        raise BadRequest("expected a JSON object", param=field)
    return child
