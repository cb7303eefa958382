"""What a carrier's media socket says, in our words: each carrier's `stream_codec.py` turns its own
wire into these.

Without I/O: a codec is given messages and gives messages.
"""

from typing import Any, Final, Literal, Protocol, runtime_checkable

import msgspec

from warmline.kernel.call import Happening

FRAME_MS = 20
FRAME_BYTES = 160  # 20 ms of µ-law at 8 kHz
BYTES_PER_MS = 8
# a start with every parameter is under 8 kB; 8,000 bytes of audio under 11 kB
MAX_MESSAGE_BYTES: Final = 64 * 1024

Track = Literal["inbound", "outbound"]
ErrorReason = Literal[
    "not_utf8",
    "not_json",
    "not_object",
    "too_deep",
    "too_big",
    "unknown_event",
    "bad_fields",
    "bad_base64",
]


class Connected(msgspec.Struct, frozen=True):
    """The socket speaks the carrier's protocol."""

    protocol: str


class Start(msgspec.Struct, frozen=True):
    """The stream begins. `parameters` are our own, put into the answer to the webhook."""

    stream_id: str
    carrier_call_id: str
    tracks: tuple[str, ...]
    parameters: dict[str, str]
    encoding: str = "audio/x-mulaw"
    sample_rate_hz: int = 8000


class Media(msgspec.Struct, frozen=True):
    """Audio of one track: raw µ-law of any length.

    `timestamp_ms` counts from the stream's start, as the carrier has it; None where it says none.
    """

    stream_id: str
    track: str
    timestamp_ms: int | None
    payload: bytes


class Mark(msgspec.Struct, frozen=True):
    """Playback reached a mark of ours, or a clear dropped it."""

    stream_id: str
    name: str


class Dtmf(msgspec.Struct, frozen=True):
    """A key was pressed."""

    stream_id: str
    digit: str


class Stop(msgspec.Struct, frozen=True):
    """The carrier ends the stream."""

    stream_id: str


class Offer(msgspec.Struct, frozen=True):
    """A page offers its audio over WebRTC, by an SDP; empty: over the socket from here on."""

    stream_id: str
    sdp: str


class Written(msgspec.Struct, frozen=True):
    """Words that the caller wrote in place of saying them."""

    stream_id: str
    text: str


class StreamError(msgspec.Struct, frozen=True):
    """A message that cannot be used: counted by its reason, never raised."""

    reason: ErrorReason
    detail: str = ""


CarrierMessage = Connected | Start | Media | Mark | Dtmf | Stop | Offer | Written | StreamError


class Writer(Protocol):
    """Encodes what we say on one stream."""

    def media(self, payload: bytes) -> bytes:
        """Raw µ-law to be played after everything sent before it."""

    def mark(self, name: str) -> bytes:
        """A name that comes back when playback reaches it."""

    def clear(self) -> bytes:
        """Drop everything that is not played yet."""


class Codec(Protocol):
    """One carrier's wire format."""

    def parse(self, message: bytes) -> CarrierMessage:
        """A message in our words; never raises."""

    def writer(self, stream_id: str) -> Writer:
        """The encoder of one stream."""


@runtime_checkable
class PageCodec(Codec, Protocol):
    """The wire of a page that somebody looks at: it shows what is said, and whoever closes it has
    hung up, since no carrier brings the call back.
    """

    def granted(self, ice_servers: list[dict[str, Any]]) -> bytes:
        """The stream has its call, and an offer of WebRTC may come."""

    def answer(self, sdp: str) -> bytes:
        """The answer to the page's offer."""

    def ready(self, over: str) -> bytes:
        """The page may speak, over `webrtc` or the `socket`."""

    def told(self, happening: Happening) -> bytes | None:
        """What the page is shown of it; None for what it is not told."""
