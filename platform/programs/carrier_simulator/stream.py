"""One Media Streams socket of one call, opened as the carrier opens it."""

import asyncio
import base64
import secrets
from typing import Self

import msgspec
import structlog
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from programs.carrier_simulator import wire
from programs.carrier_simulator.playback import PlaybackBuffer
from programs.carrier_simulator.twiml import TwimlStream

log = structlog.get_logger()

CONNECT_S = 5.0


class SimulatedStream(WSListener):
    """A stream in progress: `send_frame` sends audio, `play_frame` plays what came back."""

    def __init__(self, *, account_sid: str, call_sid: str) -> None:
        super().__init__()
        sid = "MZ" + secrets.token_hex(16)
        self._encoder = wire.StreamEncoder(
            stream_sid=sid, account_sid=account_sid, call_sid=call_sid
        )
        self.playback = PlaybackBuffer()
        self.refused: list[str] = []
        self.closed = asyncio.Event()
        self.close_code: int | None = None
        self._transport: WSTransport | None = None

    @classmethod
    async def open(
        cls, element: TwimlStream, *, account_sid: str, call_sid: str, signature: str, both: bool
    ) -> Self:
        """Connect, send connected and start; `OSError` or `TimeoutError` when nobody answers."""
        stream = cls(account_sid=account_sid, call_sid=call_sid)
        async with asyncio.timeout(CONNECT_S):
            await ws_connect(
                lambda: stream, element.url, extra_headers={"X-Twilio-Signature": signature}
            )
        stream._send(stream._encoder.connected())
        tracks = ["inbound", "outbound"] if both else ["inbound"]
        stream._send(stream._encoder.start(tracks=tracks, parameters=element.parameters))
        return stream

    def on_ws_connected(self, transport: WSTransport) -> None:
        """picows: the socket is open."""
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """picows: the socket is gone."""
        self.closed.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """picows: a frame came. What Twilio would refuse is kept in `refused`."""
        if frame.msg_type == WSMsgType.CLOSE:
            self.close_code = frame.get_close_code().value
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self._receive(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.BINARY:
            self.refused.append("a binary frame")

    def _receive(self, raw: bytes) -> None:
        try:
            message = wire.decode(raw)
            if message.streamSid != self._encoder.stream_sid:
                self.refused.append("another stream's sid")
            elif isinstance(message, wire.MediaMessage):
                self.playback.media(base64.b64decode(message.media.payload, validate=True))
            elif isinstance(message, wire.MarkMessage):
                self._send_marks(self.playback.mark(message.mark.name))
            else:
                self._send_marks(self.playback.clear())
        except (msgspec.MsgspecError, ValueError) as error:
            self.refused.append(str(error))

    def play_frame(self) -> bytes:
        """The next 20 ms that the caller hears."""
        frame, marks = self.playback.tick()
        self._send_marks(marks)
        return frame

    def send_frame(self, frame: bytes, *, track: str = "inbound") -> None:
        """Send 20 ms of a track."""
        self._send(self._encoder.media(frame, track=track))

    def press(self, digit: str) -> None:
        """Send a pressed key."""
        self._send(self._encoder.dtmf(digit))

    async def stop(self) -> None:
        """Send stop and close, as the carrier does when the call ends."""
        if not self.closed.is_set() and self._transport is not None:
            self._send(self._encoder.stop())
            self._transport.send_close(WSCloseCode.OK)
            try:
                async with asyncio.timeout(2):
                    await self.closed.wait()
            except TimeoutError:
                self._transport.disconnect()

    def cut(self) -> None:
        """Drop the connection without a closing handshake, as a network does."""
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def _send_marks(self, marks: list[str]) -> None:
        for name in marks:
            self._send(self._encoder.mark(name))

    def _send(self, raw: bytes) -> None:
        if self._transport is not None and not self.closed.is_set():
            self._transport.send(WSMsgType.TEXT, raw)
