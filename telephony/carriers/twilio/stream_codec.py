"""Twilio Media Streams without I/O.

https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from binascii import b2a_base64
from typing import Annotated, Any, Final

import msgspec

from telephony.carriers.wire import (
    MAX_MESSAGE_BYTES,
    CarrierMessage,
    Connected,
    Dtmf,
    ErrorReason,
    Mark,
    Media,
    Start,
    Stop,
    StreamError,
    Writer,
)

MAX_PARAMETERS: Final = 64
# Twilio's have 34 characters. Logs name a stream before it has shown whose it is.
_Id = Annotated[str, msgspec.Meta(max_length=100)]


class _Event(msgspec.Struct, tag_field="event", frozen=True):
    pass


class _Connected(_Event, tag="connected", frozen=True):
    protocol: str = "Call"


class _MediaFormat(msgspec.Struct, frozen=True):
    encoding: str = "audio/x-mulaw"
    sampleRate: int = 8000


class _StartBody(msgspec.Struct, frozen=True):
    streamSid: _Id
    callSid: _Id = ""
    tracks: tuple[str, ...] = ("inbound",)
    customParameters: dict[str, str] = {}
    mediaFormat: _MediaFormat = _MediaFormat()


class _Start(_Event, tag="start", frozen=True):
    start: _StartBody


class _MediaBody(msgspec.Struct, frozen=True):
    payload: bytes  # base64 on the wire
    track: str = "inbound"
    timestamp: int | None = None


class _Media(_Event, tag="media", frozen=True):
    streamSid: str
    media: _MediaBody


class _MarkBody(msgspec.Struct, frozen=True):
    name: str


class _Mark(_Event, tag="mark", frozen=True):
    streamSid: str
    mark: _MarkBody


class _DtmfBody(msgspec.Struct, frozen=True):
    digit: str


class _Dtmf(_Event, tag="dtmf", frozen=True):
    streamSid: str
    dtmf: _DtmfBody


class _Stop(_Event, tag="stop", frozen=True):
    streamSid: str = ""


_EVENTS: Final = {"connected", "start", "media", "mark", "dtmf", "stop"}
# Not strict: the carrier writes its numbers as strings.
_decode = msgspec.json.Decoder(
    _Connected | _Start | _Media | _Mark | _Dtmf | _Stop, strict=False
).decode


def parse_twilio(message: bytes) -> CarrierMessage:
    """What the message says, or a `StreamError` with its reason.

    Never raises, whatever the bytes are.
    """
    if len(message) > MAX_MESSAGE_BYTES:
        return StreamError("too_big", f"{len(message)} bytes, at most {MAX_MESSAGE_BYTES} expected")
    try:
        event = _decode(message)
    except (
        msgspec.MsgspecError,
        UnicodeDecodeError,
        RecursionError,
        ValueError,
        OverflowError,
    ) as error:
        return _why(message, error)
    return _in_our_words(event)


def _in_our_words(event: _Connected | _Start | _Media | _Mark | _Dtmf | _Stop) -> CarrierMessage:
    match event:
        case _Media(streamSid=stream, media=body):
            return Media(stream, body.track, body.timestamp, body.payload)
        case _Mark(streamSid=stream, mark=mark):
            return Mark(stream, mark.name)
        case _Start(start=start):
            return _started(start)
        case _Dtmf(streamSid=stream, dtmf=dtmf):
            return Dtmf(stream, dtmf.digit[:8])
        case _Stop(streamSid=stream):
            return Stop(stream)
    return Connected(event.protocol)


def _started(body: _StartBody) -> CarrierMessage:
    if len(body.customParameters) > MAX_PARAMETERS:
        return StreamError(
            "bad_fields",
            f"{len(body.customParameters)} parameters, at most {MAX_PARAMETERS} expected",
        )
    return Start(
        body.streamSid,
        body.callSid,
        body.tracks,
        body.customParameters,
        body.mediaFormat.encoding,
        body.mediaFormat.sampleRate,
    )


def _why(message: bytes, error: Exception) -> StreamError:
    """The reason of a refusal: the slow path, so it may look twice."""
    reason: ErrorReason = "bad_fields"
    try:
        message.decode()
        content: Any = msgspec.json.decode(message)
    except UnicodeDecodeError:
        reason = "not_utf8"
    except RecursionError:
        reason = "too_deep"
    except msgspec.MsgspecError:
        reason = "not_json"
    else:
        if not isinstance(content, dict):
            reason = "not_object"
        elif not isinstance(content.get("event"), str) or content["event"] not in _EVENTS:
            reason = "unknown_event"
        elif "base64" in str(error):
            reason = "bad_base64"
    # A decoder's words name fields and types, never what was said.
    return StreamError(reason, str(error)[:200])


class TwilioWriter:
    """Encodes media, mark and clear for one stream."""

    __slots__ = ("_clear", "_mark", "_media")

    def __init__(self, stream_id: str) -> None:
        stream = msgspec.json.encode(stream_id)
        self._media = b'{"event":"media","streamSid":' + stream + b',"media":{"payload":"'
        self._mark = b'{"event":"mark","streamSid":' + stream + b',"mark":{"name":'
        self._clear = b'{"event":"clear","streamSid":' + stream + b"}"

    def media(self, payload: bytes) -> bytes:
        """Raw µ-law of any length."""
        return self._media + b2a_base64(payload, newline=False) + b'"}}'

    def mark(self, name: str) -> bytes:
        """A mark after everything sent before it."""
        return self._mark + msgspec.json.encode(name) + b"}}"

    def clear(self) -> bytes:
        """Empty the carrier's buffer."""
        return self._clear


class TwilioCodec:
    """Twilio's side of `wire.Codec`."""

    def parse(self, message: bytes) -> CarrierMessage:
        """As `parse_twilio`."""
        return parse_twilio(message)

    def writer(self, stream_id: str) -> Writer:
        """The encoder of one stream."""
        return TwilioWriter(stream_id)


CODEC: Final = TwilioCodec()
