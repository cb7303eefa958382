"""uvicorn's connection with deadlines and bounds of its own: it has none before a request is whole.

Measured without them: a header that never ends fills the memory, a socket that says nothing stays
for ever, and so does an answer that nobody reads.
"""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_BYTES: Final = 32 * 1024  # request line and headers together
# What a chunked body's framing may weigh for each of its bytes: chunks of one byte take five.
FRAMING: Final = 8
# With as many open, the one that has waited longest without a request makes room.
MAX_CONNECTIONS: Final = 2000


class BoundedConnection(HttpToolsProtocol):
    """An HTTP connection that ends by itself when its client stalls or sends without end."""

    head_s: ClassVar = 10.0  # from the first byte, or the connection, to the end of the headers
    # for the 48 KiB between a full and a drained buffer: 1.6 KiB a second
    stalled_s: ClassVar = 30.0
    linger_s: ClassVar = 10.0  # for the last bytes of an answer, after which the connection closes
    read_on_s: ClassVar = 1.0  # after a refusal
    pause_s: ClassVar = 0.1  # between pieces of 256 KiB that are dropped: 2.5 MiB a second
    # Connections of this process on which no request is under way, the longest waiting first.
    _idle: ClassVar[dict["BoundedConnection", None]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_due: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._refused = self._head_is_whole = False
        self._chunk_bytes = 0
        self._wire_bytes = 0  # of this request, as they came
        self._body_bytes = 0  # of this request, without their framing

    @property
    def _current(self) -> RequestResponseCycle | None:
        """The latest request: None before the first, whatever uvicorn declares."""
        return self.cycle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            if not self._idle:
                transport.abort()
                return
            next(iter(self._idle)).transport.abort()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_comes()
        self._cancel_stall()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            if not self.transport.is_closing():
                self._read_slowly()
            return
        self._chunk_bytes = len(data)
        self._wire_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # it is over, or a WebSocket's now
        overhead = self._wire_bytes - self._body_bytes
        if overhead > HEAD_BYTES + FRAMING * self._body_bytes:
            self._refuse(431, f"headers: expected at most {HEAD_BYTES // 1024} KiB")
        elif self._current is None or self._current.response_complete:
            self._wait_for_head()
            if self._current is not None and self._current.more_body:
                self._read_slowly()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_is_whole = False
        self._wire_bytes, self._body_bytes = self._chunk_bytes, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        # What follows a chunked body would be added to the headers that the application reads.
        if not self._head_is_whole:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_is_whole = True
        self._head_comes()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._close_by_force_later()
        elif self.cycle.response_complete:  # else the next one of a pipeline is under way
            # A body that was refused is read to its end, so that its sender reads why, but not
            # for longer than a head may take.
            self._wait_for_head()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._close_by_force_later()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._cancel_stall()

    def _wait_for_head(self) -> None:
        if self._head_due is None:
            self._head_due = self.loop.call_later(self.head_s, self._head_is_late)
            self._idle[self] = None

    def _head_comes(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
        self._idle.pop(self, None)

    def _head_is_late(self) -> None:
        self._head_due = None
        if self._current is None and self._wire_bytes == 0:
            self.transport.abort()  # whoever said nothing is told nothing
        else:
            self._refuse(408, f"request: expected whole headers within {self.head_s:g} s")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer, where no answer has begun, and close.

        What still comes is read and dropped for a while: closed at once, the kernel would take the
        answer back from a client that has not read it.
        """
        self._refused = True
        cycle = self._current
        if cycle is None or cycle.response_complete or not cycle.response_started:
            body = sentence.encode()
            self.transport.write(
                STATUS_LINE[status]
                + b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
                + b"content-length: %d\r\n\r\n" % len(body)
                + body
            )
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write_eof()
        self.loop.call_later(self.read_on_s, self.transport.close)
        self._close_by_force_later()

    def _read_slowly(self) -> None:
        """A body that was refused: its sender shall read why, and not keep us busy meanwhile."""
        self.transport.pause_reading()
        self.loop.call_later(self.pause_s, self._read_next)

    def _read_next(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def _cancel_stall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _close_by_force_later(self) -> None:
        self.loop.call_later(self.linger_s, self.transport.abort)


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that ends by itself when its client does not read."""

    _stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        stalled_s = BoundedConnection.stalled_s
        self._stalled = self.loop.call_later(stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
