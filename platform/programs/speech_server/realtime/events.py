"""The realtime transcription protocol without I/O: text frames in as frozen events, answers out as
JSON.

Source: the event types of the `openai` package (`openai.types.realtime`).
"""

import binascii
import json
from dataclasses import dataclass
from typing import Any, Final

from programs.speech_server.audio import TELEPHONE_HZ
from programs.speech_server.errors import BadRequest, error_object
from programs.speech_server.stt.vocabularies import checked, phrases_of
from warmline.kernel.errors import WarmlineError

PCM_HZ: Final = 24_000
MAX_APPEND_BYTES: Final = 512 * 1024
_FORMATS: Final = ("audio/pcmu", "audio/pcm")


@dataclass(frozen=True, slots=True)
class Format:
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
class Update:
    """session.update: what the client changes; None is left as it was."""

    event_id: str | None
    format: Format | None
    phrases: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Append:
    """input_audio_buffer.append."""

    event_id: str | None
    audio: bytes


@dataclass(frozen=True, slots=True)
class Commit:
    """input_audio_buffer.commit: the turn is over, its text is wanted now."""

    event_id: str | None


@dataclass(frozen=True, slots=True)
class Clear:
    """input_audio_buffer.clear: forget what was appended."""

    event_id: str | None


ClientEvent = Update | Append | Commit | Clear


class BadEvent(BadRequest):
    """A frame that is no event of this protocol;
    `event_id` is the client's own, where it could be read.
    """

    def __init__(
        self, message: str, *, param: str | None = None, code: str, event_id: str | None = None
    ) -> None:
        super().__init__(message, param=param, code=code)
        self.event_id = event_id


def parse_event(text: str) -> ClientEvent:
    """One text frame as an event, or BadEvent that says what was expected."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise BadEvent("expected a JSON object", code="invalid_json") from broken
    if not isinstance(event, dict):
        raise BadEvent(f"expected a JSON object, got {type(event).__name__}", code="invalid_json")
    event_id = event.get("event_id") if isinstance(event.get("event_id"), str) else None
    try:
        return _parsed(event, event_id)
    except BadEvent:
        raise
    except BadRequest as wrong:
        raise BadEvent(str(wrong), param=wrong.param, code=wrong.code, event_id=event_id) from wrong


def _parsed(event: dict[str, Any], event_id: str | None) -> ClientEvent:
    kind = event.get("type")
    if kind == "input_audio_buffer.append":
        return Append(event_id, _audio(event.get("audio")))
    if kind == "input_audio_buffer.commit":
        return Commit(event_id)
    if kind == "input_audio_buffer.clear":
        return Clear(event_id)
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
    except (binascii.Error, ValueError) as broken:
        raise BadRequest(
            f"expected base64: {broken}", param="audio", code="invalid_audio"
        ) from broken
    if len(audio) > MAX_APPEND_BYTES:
        expected = f"expected at most {MAX_APPEND_BYTES} bytes of audio at once, got {len(audio)}"
        raise BadRequest(expected, param="audio", code="audio_too_long")
    return audio


def _update(session: dict[str, Any], event_id: str | None) -> Update:
    if session.get("type", "transcription") != "transcription":
        raise BadRequest(
            "this server only transcribes: expected 'transcription'", param="session.type"
        )
    listening = _object(_object(session, "audio"), "input")
    if listening.get("turn_detection") is not None:
        raise BadRequest(
            "the client ends each turn with a commit: expected null",
            param="session.audio.input.turn_detection",
        )
    wanted = _format(listening["format"]) if "format" in listening else None
    transcription = _object(listening, "transcription")
    phrases = _phrases(transcription) if {"prompt", "vocabulary"} & transcription.keys() else None
    return Update(event_id, wanted, phrases)


def _format(given: Any) -> Format:
    param = "session.audio.input.format"
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in _FORMATS:
        raise BadRequest(f"expected a type among {', '.join(_FORMATS)}", param=param)
    if kind == "audio/pcmu":
        return Format(kind, TELEPHONE_HZ)
    rate_hz = given.get("rate", PCM_HZ)
    if rate_hz not in {8_000, 16_000, PCM_HZ}:
        raise BadRequest("expected a rate of 8000, 16000 or 24000", param=f"{param}.rate")
    return Format(kind, rate_hz)


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
    child = parent.get(field, {})
    if not isinstance(child, dict):
        raise BadRequest("expected a JSON object", param=field)
    return child


class Answers:
    """The server's events of one session, each with an id of its own."""

    def __init__(self, session_id: str, model: str) -> None:
        self._session_id = session_id
        self._model = model
        self._sent = 0

    def session(self, kind: str, audio_format: Format, phrases: tuple[str, ...]) -> str:
        """session.created or session.updated."""
        transcription = {"model": self._model, "language": "en", "prompt": ", ".join(phrases)}
        coded = {"type": audio_format.type, "rate": audio_format.rate_hz}
        listening = {
            "format": coded,
            "transcription": transcription,
            "turn_detection": None,
            "noise_reduction": None,
        }
        return self._event(
            kind,
            session={
                "type": "transcription",
                "object": "realtime.transcription_session",
                "id": self._session_id,
                "audio": {"input": listening},
            },
        )

    def committed(self, item: int) -> str:
        """input_audio_buffer.committed."""
        previous = self.item_id(item - 1) if item > 1 else None
        return self._event(
            "input_audio_buffer.committed", item_id=self.item_id(item), previous_item_id=previous
        )

    def cleared(self) -> str:
        """input_audio_buffer.cleared."""
        return self._event("input_audio_buffer.cleared")

    def delta(self, item: int, words: str) -> str:
        """Words that are settled before the turn is over."""
        return self._transcription("delta", item, delta=words)

    def completed(self, item: int, transcript: str, *, seconds: float) -> str:
        """The turn's text; it stands where it differs from the deltas."""
        usage = {"type": "duration", "seconds": round(seconds, 3)}
        return self._transcription("completed", item, transcript=transcript, usage=usage)

    def failed(self, item: int, error: WarmlineError) -> str:
        """The turn's text could not be made."""
        return self._transcription("failed", item, error=error_object(error))

    def error(self, error: WarmlineError) -> str:
        """Something the client sent, or the server's own state, stood in the way."""
        return self._event(
            "error", error=error_object(error, event_id=getattr(error, "event_id", None))
        )

    def item_id(self, item: int) -> str:
        """The name of the session's n-th turn."""
        return f"item_{self._session_id.removeprefix('sess_')}_{item}"

    def _transcription(self, what: str, item: int, **fields: Any) -> str:
        kind = f"conversation.item.input_audio_transcription.{what}"
        return self._event(kind, item_id=self.item_id(item), content_index=0, **fields)

    def _event(self, kind: str, **fields: Any) -> str:
        self._sent += 1
        event_id = f"event_{self._session_id.removeprefix('sess_')}_{self._sent}"
        return json.dumps({"type": kind, "event_id": event_id, **fields})
