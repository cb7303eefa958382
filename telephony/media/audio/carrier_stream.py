"""Our end of the carrier's socket: frames out, marks, clear, close."""

import asyncio
from typing import Final

import structlog
from picows import WSCloseCode, WSMsgType, WSTransport

from telephony.carriers.wire import FRAME_BYTES, Writer

log = structlog.get_logger()

STUCK_S: Final = 10.0  # a carrier that reads nothing for so long is gone


class CarrierStream:
    """One stream's way out."""

    def __init__(self, transport: WSTransport, writer: Writer) -> None:
        self._transport = transport
        self._writer = writer
        self._rest = b""
        self._stuck: asyncio.TimerHandle | None = None

    def send_audio(self, mulaw: bytes) -> None:
        """µ-law in 20 ms frames; what does not fill a frame waits for `mark` or for more."""
        audio = self._rest + mulaw
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        if whole:
            frames = [audio[start : start + FRAME_BYTES] for start in range(0, whole, FRAME_BYTES)]
            self._write(b"".join([_text_frame(self._writer.media(frame)) for frame in frames]))

    def mark(self, name: str) -> None:
        """Send what is left of the sentence, then the mark."""
        last = b""
        if self._rest:
            last = _text_frame(self._writer.media(self._rest.ljust(FRAME_BYTES, b"\xff")))
            self._rest = b""
        self._write(last + _text_frame(self._writer.mark(name)))

    def clear(self) -> None:
        """Silence at once."""
        self._rest = b""
        self._write(_text_frame(self._writer.clear()))

    def tell(self, message: bytes) -> None:
        """A message of the codec's own beside the audio, such as a caption."""
        self._write(_text_frame(message))

    def ping(self, content: bytes) -> None:
        """Ask the other end for a pong of the same content."""
        if not self._transport.is_disconnected:
            self._transport.send_ping(content)

    def close(self, *, code: WSCloseCode = WSCloseCode.OK) -> None:
        """End the stream: the carrier's next verb runs."""
        if self._stuck is not None:
            self._stuck.cancel()
        if not self._transport.is_disconnected:
            self._transport.send_close(code)
            self._transport.disconnect()

    def paused(self) -> None:
        """The carrier reads more slowly than we write."""
        if self._stuck is None:
            self._stuck = asyncio.get_running_loop().call_later(STUCK_S, self._give_up)

    def resumed(self) -> None:
        """It reads again."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _give_up(self) -> None:
        log.warning("carrier stopped reading", seconds=STUCK_S)
        self._transport.disconnect(graceful=False)

    def _write(self, frames: bytes) -> None:
        if not self._transport.is_disconnected:
            self._transport.underlying_transport.write(frames)


def _text_frame(message: bytes) -> bytes:
    """An unmasked text frame, as servers send them (RFC 6455, section 5.2).

    Built here so that all frames of a piece of speech leave in one write: a system call for each of
    them was the larger part of the cost of speaking.
    """
    size = len(message)
    if size < 126:
        return bytes((0x80 | WSMsgType.TEXT.value, size)) + message
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + message
    return b"\x81\x7f" + size.to_bytes(8, "big") + message
