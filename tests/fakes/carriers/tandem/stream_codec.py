"""Tandem's media socket without I/O."""

import base64
from binascii import b2a_base64
from typing import Final

import msgspec

from telephony.carriers.wire import (
    MAX_MESSAGE_BYTES,
    CarrierMessage,
    Connected,
    Dtmf,
    Mark,
    Media,
    Start,
    Stop,
    StreamError,
    Writer,
)

_ENCODINGS: Final = {"PCMU": "audio/x-mulaw", "PCMA": "audio/x-alaw"}


class _Event(msgspec.Struct, tag_field="event", frozen=True):
    pass


class _Connected(_Event, tag="connected", frozen=True):
    version: str


class _MediaFormat(msgspec.Struct, frozen=True):
    encoding: str
    sample_rate: int


class _StartBody(msgspec.Struct, frozen=True):
    call_control_id: str
    client_state: bytes  # base64 of a JSON object: what we gave with the stream's command
    media_format: _MediaFormat
    tracks: tuple[str, ...] = ("inbound",)


class _Start(_Event, tag="start", frozen=True):
    stream_id: str
    start: _StartBody


class _MediaBody(msgspec.Struct, frozen=True):
    track: str
    timestamp: int
    payload: bytes


class _Media(_Event, tag="media", frozen=True):
    stream_id: str
    media: _MediaBody


class _MarkBody(msgspec.Struct, frozen=True):
    name: str


class _Mark(_Event, tag="mark", frozen=True):
    stream_id: str
    mark: _MarkBody


class _DtmfBody(msgspec.Struct, frozen=True):
    digit: str


class _Dtmf(_Event, tag="dtmf", frozen=True):
    stream_id: str
    dtmf: _DtmfBody


class _Stop(_Event, tag="stop", frozen=True):
    stream_id: str


_decode = msgspec.json.Decoder(
    _Connected | _Start | _Media | _Mark | _Dtmf | _Stop, strict=False
).decode
_decode_parameters = msgspec.json.Decoder(dict[str, str]).decode


def parse(message: bytes) -> CarrierMessage:
    """What the message says; never raises."""
    if len(message) > MAX_MESSAGE_BYTES:
        return StreamError("too_big", f"{len(message)} bytes")
    try:
        return _in_our_words(_decode(message))
    except (ValueError, RecursionError) as error:  # what msgspec raises is a ValueError too
        return StreamError("bad_fields", str(error)[:200])


def _in_our_words(event: _Connected | _Start | _Media | _Mark | _Dtmf | _Stop) -> CarrierMessage:
    match event:
        case _Start(stream_id=stream, start=start):
            return Start(
                stream,
                start.call_control_id,
                start.tracks,
                _decode_parameters(start.client_state),
                _ENCODINGS.get(start.media_format.encoding, start.media_format.encoding),
                start.media_format.sample_rate,
            )
        case _Media(stream_id=stream, media=media):
            return Media(stream, media.track, media.timestamp, media.payload)
        case _Mark(stream_id=stream, mark=mark):
            return Mark(stream, mark.name)
        case _Dtmf(stream_id=stream, dtmf=dtmf):
            return Dtmf(stream, dtmf.digit)
        case _Stop(stream_id=stream):
            return Stop(stream)
    return Connected(event.version)


class TandemWriter:
    """Media, mark and clear: none of them names the stream."""

    def media(self, payload: bytes) -> bytes:
        """Raw µ-law of any length."""
        encoded = b2a_base64(payload, newline=False)
        return b'{"event":"media","media":{"payload":"' + encoded + b'"}}'

    def mark(self, name: str) -> bytes:
        """A mark after everything sent before it."""
        return msgspec.json.encode({"event": "mark", "mark": {"name": name}})

    def clear(self) -> bytes:
        """Empty the carrier's buffer."""
        return b'{"event":"clear"}'


class TandemCodec:
    """Tandem's side of `wire.Codec`."""

    def parse(self, message: bytes) -> CarrierMessage:
        """As `parse`."""
        return parse(message)

    def writer(self, stream_id: str) -> Writer:
        """The encoder of one stream."""
        return TandemWriter()


CODEC: Final = TandemCodec()


def client_state(content: object) -> str:
    """What the carrier gives back as it was given: base64 of JSON."""
    return base64.b64encode(msgspec.json.encode(content)).decode()
