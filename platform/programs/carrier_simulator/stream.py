"""One Media Streams socket of one call, opened as the carrier opens it."""

import asyncio
import base64
import secrets
from typing import Self

import msgspec
import structlog
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from programs.carrier_simulator import wire
from programs.carrier_simulator.playout import Playout
from programs.carrier_simulator.twiml import Stream

log = structlog.get_logger()

CONNECT_S = 5.0


class MediaStream(WSListener):
    """A stream in progress. Frames go out by `send_frame`;
    what comes back is played by `play_frame`.
    """

    def __init__(self, *, account_sid: str, call_sid: str) -> None:
        super().__init__()
        sid = "MZ" + secrets.token_hex(16)
        self.sender = wire.Sender(stream_sid=sid, account_sid=account_sid, call_sid=call_sid)
        self.playout = Playout()
        self.refused: list[str] = []
        self.closed = asyncio.Event()
        self.close_code: int | None = None
        self._transport: WSTransport | None = None

    @classmethod
    async def open(
        cls, stream: Stream, *, account_sid: str, call_sid: str, signature: str, both: bool
    ) -> Self:
        """Connect, say connected and start; `OSError` or `TimeoutError` when nobody answers."""
        made = cls(account_sid=account_sid, call_sid=call_sid)
        async with asyncio.timeout(CONNECT_S):
            await ws_connect(
                lambda: made, stream.url, extra_headers={"X-Twilio-Signature": signature}
            )
        made._send(made.sender.connected())
        tracks = ["inbound", "outbound"] if both else ["inbound"]
        made._send(made.sender.start(tracks=tracks, parameters=stream.parameters))
        return made

    def on_ws_connected(self, transport: WSTransport) -> None:
        """picows: the socket is open."""
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """picows: the socket is gone."""
        self.closed.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """picows: something came. What Twilio would refuse is kept in `refused`."""
        if frame.msg_type == WSMsgType.CLOSE:
            self.close_code = frame.get_close_code().value
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self._take(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.BINARY:
            self.refused.append("a binary frame")

    def _take(self, raw: bytes) -> None:
        try:
            message = wire.decode(raw)
            if message.streamSid != self.sender.stream_sid:
                self.refused.append("another stream's sid")
            elif isinstance(message, wire.Media):
                self.playout.media(base64.b64decode(message.media.payload, validate=True))
            elif isinstance(message, wire.Mark):
                self._report(self.playout.mark(message.mark.name))
            else:
                self._report(self.playout.clear())
        except (msgspec.MsgspecError, ValueError) as wrong:
            self.refused.append(str(wrong))

    def play_frame(self) -> bytes:
        """The next 20 ms that the caller hears."""
        frame, marks = self.playout.tick()
        self._report(marks)
        return frame

    def send_frame(self, frame: bytes, *, track: str = "inbound") -> None:
        """20 ms of what is said on a track."""
        self._send(self.sender.media(frame, track=track))

    def press(self, digit: str) -> None:
        """A key."""
        self._send(self.sender.dtmf(digit))

    async def stop(self) -> None:
        """Say stop and close, as the carrier does when the call ends."""
        if not self.closed.is_set() and self._transport is not None:
            self._send(self.sender.stop())
            self._transport.send_close(WSCloseCode.OK)
            try:
                async with asyncio.timeout(2):
                    await self.closed.wait()
            except TimeoutError:
                self._transport.disconnect()

    def cut(self) -> None:
        """Drop the connection without a word, as a network does."""
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def send_raw(self, raw: bytes, *, binary: bool = False) -> None:
        """Anything at all: for trying what the media plane does with it."""
        if self._transport is not None and not self.closed.is_set():
            self._transport.send(WSMsgType.BINARY if binary else WSMsgType.TEXT, raw)

    def _report(self, marks: list[str]) -> None:
        for name in marks:
            self._send(self.sender.mark(name))

    def _send(self, raw: bytes) -> None:
        if self._transport is not None and not self.closed.is_set():
            self._transport.send(WSMsgType.TEXT, raw)
