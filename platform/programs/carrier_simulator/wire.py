"""Twilio Media Streams as the carrier speaks them: JSON text frames, numbers as strings. No I/O.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

import base64
import itertools
from typing import Annotated, Any

import msgspec

from programs.carrier_simulator.sound import FRAME_MS


class _Payload(msgspec.Struct, frozen=True):
    payload: str


class _Name(msgspec.Struct, frozen=True):
    name: str


class Media(msgspec.Struct, frozen=True, tag_field="event", tag="media"):
    """Audio to play, base64 of raw µ-law."""

    streamSid: Annotated[str, msgspec.Meta(min_length=1)]
    media: _Payload


class Mark(msgspec.Struct, frozen=True, tag_field="event", tag="mark"):
    """Tell when playback gets here."""

    streamSid: Annotated[str, msgspec.Meta(min_length=1)]
    mark: _Name


class Clear(msgspec.Struct, frozen=True, tag_field="event", tag="clear"):
    """Drop what is buffered."""

    streamSid: Annotated[str, msgspec.Meta(min_length=1)]


decode = msgspec.json.Decoder(Media | Mark | Clear).decode


class Sender:
    """Makes one stream's messages, with its sequence numbers, chunks and timestamps."""

    def __init__(self, *, stream_sid: str, account_sid: str, call_sid: str) -> None:
        self.stream_sid, self.account_sid, self.call_sid = stream_sid, account_sid, call_sid
        self._sequence = itertools.count(1)
        self._chunks = {"inbound": itertools.count(1), "outbound": itertools.count(1)}

    def connected(self) -> bytes:
        """The first message; it has no sequence number."""
        return msgspec.json.encode({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, *, tracks: list[str], parameters: dict[str, str]) -> bytes:
        """Who calls, and what will come."""
        return self._numbered(
            "start",
            start={
                "accountSid": self.account_sid,
                "streamSid": self.stream_sid,
                "callSid": self.call_sid,
                "tracks": tracks,
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": parameters,
            },
        )

    def media(self, frame: bytes, *, track: str = "inbound") -> bytes:
        """20 ms of one track."""
        chunk = next(self._chunks[track])
        return self._numbered(
            "media",
            media={
                "track": track,
                "chunk": str(chunk),
                "timestamp": str(chunk * FRAME_MS),
                "payload": base64.b64encode(frame).decode(),
            },
        )

    def mark(self, name: str) -> bytes:
        """Playback reached a mark, or a clear dropped it."""
        return self._numbered("mark", mark={"name": name})

    def dtmf(self, digit: str) -> bytes:
        """A key was pressed."""
        return self._numbered("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def stop(self) -> bytes:
        """The stream ends; the socket closes after it."""
        return self._numbered(
            "stop", stop={"accountSid": self.account_sid, "callSid": self.call_sid}
        )

    def _numbered(self, event: str, **fields: Any) -> bytes:
        number = str(next(self._sequence))
        return msgspec.json.encode(
            {"event": event, "sequenceNumber": number, "streamSid": self.stream_sid, **fields}
        )
