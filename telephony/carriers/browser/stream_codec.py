"""A page's stream without I/O: JSON text frames, audio in base64, as `voice.js` speaks it.

| from the page | fields |
| --- | --- |
| start | stream (an id of the page's own), call, token, rtc: whether it can offer WebRTC |
| offer | stream, sdp: with all candidates; empty: the audio comes over the socket from here on |
| media | stream, payload: raw µ-law at 8 kHz, 20 ms |
| mark | stream, name: playback reached it, or a clear dropped it |
| dtmf | stream, digit |
| say | stream, text: written in place of said, a whole turn |
| stop | stream |

| to the page | |
| --- | --- |
| granted | ice: servers for `RTCPeerConnection`; the page's offer is waited for |
| answer | sdp |
| ready | over (webrtc, socket): the page sends its audio that way from now on |
| media | payload: raw µ-law, played after everything before it |
| mark | name |
| clear | what is not played yet is dropped |
| said | who (caller, agent), turn, text: a caption |
| cut | turn: the caller spoke into the agent's words |
"""

from binascii import b2a_base64
from typing import Annotated, Any, Final

import msgspec

from telephony.carriers.wire import (
    MAX_MESSAGE_BYTES,
    CarrierMessage,
    Dtmf,
    ErrorReason,
    Mark,
    Media,
    Offer,
    Start,
    Stop,
    StreamError,
    Writer,
    Written,
)
from warmline.kernel.call import AgentSentence, BargeIn, CallerTurn, Happening

TRACK: Final = "inbound"
MAX_WRITTEN: Final = 500  # what a caller says in one breath is under 300
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class _Event(msgspec.Struct, tag_field="event", frozen=True):
    stream: _Id


class _Start(_Event, tag="start", frozen=True):
    call: Annotated[str, msgspec.Meta(max_length=64)]
    token: Annotated[str, msgspec.Meta(max_length=100)]
    rtc: bool = False


class _Media(_Event, tag="media", frozen=True):
    payload: bytes  # base64 on the wire
    at: int = 0


class _Mark(_Event, tag="mark", frozen=True):
    name: str


class _Dtmf(_Event, tag="dtmf", frozen=True):
    digit: str


class _Say(_Event, tag="say", frozen=True):
    text: Annotated[str, msgspec.Meta(max_length=MAX_WRITTEN)]


class _Offer(_Event, tag="offer", frozen=True):
    sdp: str


class _Stop(_Event, tag="stop", frozen=True):
    pass


_EVENTS: Final = {"start", "media", "mark", "dtmf", "say", "offer", "stop"}
_decode = msgspec.json.Decoder(_Start | _Media | _Mark | _Dtmf | _Say | _Offer | _Stop).decode


class BrowserWriter:
    """Encodes media, mark and clear; a socket has one stream, so none is named."""

    __slots__ = ()

    def media(self, payload: bytes) -> bytes:
        """Raw µ-law of any length."""
        return b'{"event":"media","payload":"' + b2a_base64(payload, newline=False) + b'"}'

    def mark(self, name: str) -> bytes:
        """A mark after everything sent before it."""
        return b'{"event":"mark","name":' + msgspec.json.encode(name) + b"}"

    def clear(self) -> bytes:
        """Empty what the page has not played."""
        return b'{"event":"clear"}'


class BrowserCodec:
    """The browser's side of `wire.PageCodec`."""

    def parse(self, message: bytes) -> CarrierMessage:
        """What the message says, or a `StreamError` with its reason; never raises."""
        if len(message) > MAX_MESSAGE_BYTES:
            return StreamError("too_big", f"{len(message)} bytes")
        try:
            event = _decode(message)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
            return StreamError(_why(message, error), str(error)[:200])
        return _in_our_words(event)

    def writer(self, stream_id: str) -> Writer:
        """The encoder of one stream."""
        return BrowserWriter()

    def granted(self, ice_servers: list[dict[str, Any]]) -> bytes:
        """The stream has its call, and an offer of WebRTC may come."""
        return msgspec.json.encode({"event": "granted", "ice": ice_servers})

    def answer(self, sdp: str) -> bytes:
        """The answer to the page's offer."""
        return msgspec.json.encode({"event": "answer", "sdp": sdp})

    def ready(self, over: str) -> bytes:
        """The page may speak, over `webrtc` or the `socket`."""
        return msgspec.json.encode({"event": "ready", "over": over})

    def told(self, happening: Happening) -> bytes | None:
        """A caption for what was said; None for what a page is not told."""
        match happening:
            case CallerTurn():
                return _said("caller", happening.turn, happening.text)
            case AgentSentence():
                return _said("agent", happening.turn, happening.text)
            case BargeIn():
                return msgspec.json.encode({"event": "cut", "turn": happening.turn})
        return None


def _said(who: str, turn: int, text: str) -> bytes:
    return msgspec.json.encode({"event": "said", "who": who, "turn": turn, "text": text})


def _in_our_words(event: _Start | _Media | _Mark | _Dtmf | _Say | _Offer | _Stop) -> CarrierMessage:
    match event:
        case _Media(stream=stream, payload=payload, at=at):
            return Media(stream, TRACK, at, payload)
        case _Mark(stream=stream, name=name):
            return Mark(stream, name)
        case _Dtmf(stream=stream, digit=digit):
            return Dtmf(stream, digit[:8])
        case _Say(stream=stream, text=text):
            return Written(stream, " ".join(text.split()))
        case _Offer(stream=stream, sdp=sdp):
            return Offer(stream, sdp)
        case _Stop(stream=stream):
            return Stop(stream)
    parameters = {"call": event.call, "token": event.token, "rtc": "yes" if event.rtc else ""}
    return Start(event.stream, event.call, (TRACK,), parameters)


def _why(message: bytes, error: Exception) -> ErrorReason:
    """The reason of a refusal: the slow path, so it may look twice."""
    try:
        message.decode()
        content: Any = msgspec.json.decode(message)
    except UnicodeDecodeError:
        return "not_utf8"
    except RecursionError:
        return "too_deep"
    except msgspec.MsgspecError:
        return "not_json"
    if not isinstance(content, dict):
        return "not_object"
    if not isinstance(content.get("event"), str) or content["event"] not in _EVENTS:
        return "unknown_event"
    return "bad_base64" if "base64" in str(error) else "bad_fields"


CODEC: Final = BrowserCodec()
