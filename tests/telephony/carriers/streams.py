"""The carriers' ends of media sockets: what each sends, and what it makes of what we send."""

import base64
import itertools
from typing import Any, Literal, Protocol

import msgspec

Sent = dict[str, Any]
Received = (
    tuple[Literal["media"], bytes]
    | tuple[Literal["mark"], str]
    | tuple[Literal["clear"], None]
    | tuple[Literal["told"], Sent]
)


class StreamEnd(Protocol):
    """A carrier's end of one stream."""

    def connected(self) -> Sent | None:
        """The first message, where there is one before the start."""

    def start(self, parameters: dict[str, str], tracks: tuple[str, ...]) -> Sent:
        """The stream begins, with the parameters that came with the order to open it."""

    def media(self, track: str, number: int, frame: bytes) -> Sent:
        """20 ms of a track, the `number`th."""

    def mark(self, name: str) -> Sent:
        """Playback reached a mark."""

    def dtmf(self, digit: str) -> Sent:
        """The caller pressed a key."""

    def stop(self) -> Sent:
        """The caller hung up."""

    def read(self, raw: str | bytes) -> Received:
        """What we sent."""


class TwilioStream:
    """As Twilio has it: https://www.twilio.com/docs/voice/media-streams/websocket-messages."""

    def __init__(self, stream_id: str) -> None:
        self.stream_id = stream_id
        self._numbers = itertools.count(1)

    def connected(self) -> Sent:
        return {"event": "connected", "protocol": "Call", "version": "1.0.0"}

    def start(self, parameters: dict[str, str], tracks: tuple[str, ...]) -> Sent:
        start = {
            "streamSid": self.stream_id,
            "accountSid": "AC1",
            "callSid": "CA1",
            "tracks": list(tracks),
            "customParameters": parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return self._numbered("start", start=start)

    def media(self, track: str, number: int, frame: bytes) -> Sent:
        media = {
            "track": track,
            "chunk": str(number + 1),
            "timestamp": str(number * 20),
            "payload": base64.b64encode(frame).decode(),
        }
        return self._numbered("media", media=media)

    def mark(self, name: str) -> Sent:
        return self._numbered("mark", mark={"name": name})

    def dtmf(self, digit: str) -> Sent:
        return self._numbered("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def stop(self) -> Sent:
        return self._numbered("stop", stop={"accountSid": "AC1", "callSid": "CA1"})

    def read(self, raw: str | bytes) -> Received:
        message = msgspec.json.decode(raw)
        assert message["streamSid"] == self.stream_id
        return _received(message)

    def _numbered(self, event: str, **body: Any) -> Sent:
        number = str(next(self._numbers))
        return {"event": event, "sequenceNumber": number, "streamSid": self.stream_id, **body}


class TandemStream:
    """See tests.fakes.carriers.tandem."""

    def __init__(self, stream_id: str) -> None:
        self.stream_id = stream_id
        self._numbers = itertools.count(1)

    def connected(self) -> Sent:
        return {"event": "connected", "version": "1.0.0"}

    def start(self, parameters: dict[str, str], tracks: tuple[str, ...]) -> Sent:
        start = {
            "call_control_id": "v3:1",
            "client_state": base64.b64encode(msgspec.json.encode(parameters)).decode(),
            "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
            "tracks": list(tracks),
        }
        return self._numbered("start", start=start)

    def media(self, track: str, number: int, frame: bytes) -> Sent:
        media = {
            "track": track,
            "chunk": str(number + 1),
            "timestamp": str(number * 20),
            "payload": base64.b64encode(frame).decode(),
        }
        return self._numbered("media", media=media)

    def mark(self, name: str) -> Sent:
        return self._numbered("mark", mark={"name": name})

    def dtmf(self, digit: str) -> Sent:
        return self._numbered("dtmf", dtmf={"digit": digit})

    def stop(self) -> Sent:
        return self._numbered("stop", stop={"call_control_id": "v3:1"})

    def read(self, raw: str | bytes) -> Received:
        message = msgspec.json.decode(raw)
        assert "stream_id" not in message
        return _received(message)

    def _numbered(self, event: str, **body: Any) -> Sent:
        number = str(next(self._numbers))
        return {"event": event, "sequence_number": number, "stream_id": self.stream_id, **body}


class BrowserStream:
    """A page's, as `voice.js` speaks it."""

    def __init__(self, stream_id: str) -> None:
        self.stream_id = stream_id

    def connected(self) -> None:
        return None

    def start(self, parameters: dict[str, str], tracks: tuple[str, ...]) -> Sent:
        return {"event": "start", "stream": self.stream_id, **parameters}

    def media(self, track: str, number: int, frame: bytes) -> Sent:
        payload = base64.b64encode(frame).decode()
        return {"event": "media", "stream": self.stream_id, "at": number * 20, "payload": payload}

    def mark(self, name: str) -> Sent:
        return {"event": "mark", "stream": self.stream_id, "name": name}

    def dtmf(self, digit: str) -> Sent:
        return {"event": "dtmf", "stream": self.stream_id, "digit": digit}

    def say(self, text: str) -> Sent:
        """Words that are written."""
        return {"event": "say", "stream": self.stream_id, "text": text}

    def stop(self) -> Sent:
        return {"event": "stop", "stream": self.stream_id}

    def read(self, raw: str | bytes) -> Received:
        message = msgspec.json.decode(raw)
        match message:
            case {"event": "media", "payload": payload}:
                return "media", base64.b64decode(payload)
            case {"event": "mark", "name": name}:
                return "mark", name
            case {"event": "clear"}:
                return "clear", None
        return "told", message


def _received(message: Any) -> Received:
    match message:
        case {"event": "media", "media": {"payload": payload}}:
            return "media", base64.b64decode(payload)
        case {"event": "mark", "mark": {"name": name}}:
            return "mark", name
        case {"event": "clear"}:
            return "clear", None
    raise AssertionError(f"no message to a carrier: {message}")
