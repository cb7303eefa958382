"""The realtime transcription protocol without I/O: the server's events as JSON.

Source: the event types of the `openai` package (`openai.types.realtime`).
"""

import json
from collections.abc import Sequence
from typing import Any

from programs.speech_server.errors import error_object
from programs.speech_server.realtime.client_events import AudioFormat
from programs.speech_server.stt.engine import Piece
from warmline.kernel.errors import WarmlineError


class ServerEvents:
    """Encodes one session's events, each with an id of its own."""

    def __init__(self, session_id: str, model: str) -> None:
        self._session_id = session_id
        self._model = model
        self._sent = 0

    def session(self, kind: str, audio_format: AudioFormat, phrases: tuple[str, ...]) -> str:
        """session.created or session.updated."""
        transcription = {"model": self._model, "language": "en", "prompt": ", ".join(phrases)}
        coded = {"type": audio_format.type, "rate": audio_format.rate_hz}
        audio_input = {
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
                "audio": {"input": audio_input},
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

    def completed(
        self, item: int, transcript: str, pieces: Sequence[Piece], *, seconds: float
    ) -> str:
        """The turn's text; it stands where it differs from the deltas.

        Pieces of words come with their probabilities' logarithms, as OpenAI's logprobs.
        """
        usage = {"type": "duration", "seconds": round(seconds, 3)}
        sure: dict[str, Any] = {"logprobs": [_logprob(piece) for piece in pieces]} if pieces else {}
        return self._transcription("completed", item, transcript=transcript, usage=usage, **sure)

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


def _logprob(piece: Piece) -> dict[str, Any]:
    written = list(piece.text.encode())
    return {"token": piece.text, "bytes": written, "logprob": round(piece.logprob, 4)}
