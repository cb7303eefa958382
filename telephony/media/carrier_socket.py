"""One carrier connection: messages parsed, bad ones counted, all given to the call's session."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Final

import structlog
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from telephony.carriers.wire import (
    MAX_MESSAGE_BYTES,
    Codec,
    Connected,
    Dtmf,
    Mark,
    Media,
    Offer,
    PageCodec,
    Start,
    Stop,
    StreamError,
    Written,
)
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.roundtrips import RoundTrips
from telephony.media.audio.sockets import Assembler
from telephony.media.metrics import BAD_MESSAGES, REFUSED_STREAMS
from telephony.media.streams import CallSession
from warmline.kernel.call import EndReason

log = structlog.get_logger()

START_S: Final = 10.0  # from the socket's opening to its start message
MAX_BAD_MESSAGES: Final = 2000  # a socket that sends mostly rubbish is no carrier's


class CarrierSocket(WSListener):
    """Reads one stream of a carrier and hands its start to `begin`.

    Bad input is counted by reason; it closes only on what is impossible.
    """

    def __init__(self, codec: Codec, *, begin: "Callable[[CarrierSocket, Start], None]") -> None:
        self.codec = codec
        self.transport: WSTransport
        self._begin = begin
        self._assembler = Assembler(MAX_MESSAGE_BYTES)
        self._session: CallSession | None = None
        self._carrier_stream: CarrierStream | None = None
        self._trips: RoundTrips | None = None
        self._stream_id: str | None = None
        self._bad: Counter[str] = Counter()
        self._no_start: asyncio.TimerHandle | None = None
        self._stopped = False
        # A page's: one at its beginning, one when its connection breaks.
        self.offers: asyncio.Queue[str] = asyncio.Queue(2)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        loop = asyncio.get_running_loop()
        self._no_start = loop.call_later(
            START_S, self.refuse, "no_start", f"a start within {START_S:.0f} s expected"
        )

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is WSMsgType.TEXT or kind is WSMsgType.CONTINUATION:
            message = self._assembler.feed(frame)
            if message is not None:
                self._take(message)
            elif self._assembler.oversize:
                self._count("too_big")
        elif kind is WSMsgType.BINARY:
            self._count("binary")
        elif kind is WSMsgType.PONG:
            if self._trips is not None:
                self._trips.pong(frame.get_payload_as_bytes())
        elif kind is WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._cancel_deadline()
        if self._session is not None:
            self._session.hang_up(self._gone)
            self._session = None
        if self._bad:
            log.warning("bad messages", stream=self._stream_id, **self._bad)

    def pause_writing(self) -> None:
        if self._carrier_stream is not None:
            self._carrier_stream.paused()

    def resume_writing(self) -> None:
        if self._carrier_stream is not None:
            self._carrier_stream.resumed()

    def attach(
        self, session: CallSession, carrier_stream: CarrierStream, trips: RoundTrips
    ) -> None:
        """The stream was granted its call."""
        if self.transport.is_disconnected or self._stopped:
            session.hang_up(self._gone)
            return
        self._session, self._carrier_stream, self._trips = session, carrier_stream, trips

    @property
    def _gone(self) -> EndReason:
        """Why the call ends with the socket: a page that is closed has hung up."""
        hung_up = self._stopped or isinstance(self.codec, PageCodec)
        return "caller_hung_up" if hung_up else "stream_lost"

    def refuse(self, reason: str, why: str) -> None:
        """Close: no call will come of this."""
        REFUSED_STREAMS.labels(reason).inc()
        log.warning("stream refused", stream=self._stream_id, reason=reason, why=why)
        if not self.transport.is_disconnected:
            self.transport.send_close(WSCloseCode.POLICY_VIOLATION, reason.encode())
            self.transport.disconnect()

    def _take(self, raw: bytes) -> None:
        message = self.codec.parse(raw)
        if isinstance(message, Media):
            if message.stream_id != self._stream_id:
                self._count("media_before_start" if self._stream_id is None else "wrong_stream")
            elif self._session is not None:
                self._session.media(message)
        elif isinstance(message, StreamError):
            self._count(message.reason)
        else:
            self._take_sign(message)

    def _take_sign(self, message: Connected | Start | Mark | Dtmf | Offer | Written | Stop) -> None:
        if isinstance(message, Connected):
            return
        if isinstance(message, Start):
            self._started(message)
            return
        if self._stream_id is None or message.stream_id not in {self._stream_id, ""}:
            self._count("before_start" if self._stream_id is None else "wrong_stream")
            return
        if isinstance(message, Offer):
            self._offered(message)
        elif isinstance(message, Stop):
            self._stopped = True
            if self._session is not None:
                self._session.hang_up("caller_hung_up")
        elif self._session is not None:
            if isinstance(message, Mark):
                self._session.mark(message.name)
            elif isinstance(message, Written):
                self._session.written(message.text)
            else:
                self._session.dtmf(message.digit)

    def _offered(self, offer: Offer) -> None:
        if self.offers.full():
            self._count("too_many_offers")
        else:
            self.offers.put_nowait(offer.sdp)

    def _started(self, start: Start) -> None:
        if self._stream_id is not None:
            self._count("second_start")
            return
        self._stream_id = start.stream_id
        self._cancel_deadline()
        self._begin(self, start)

    def _count(self, reason: str) -> None:
        BAD_MESSAGES.labels(reason).inc()
        if reason not in self._bad:
            log.warning("message ignored", stream=self._stream_id, reason=reason)
        self._bad[reason] += 1
        if self._bad.total() > MAX_BAD_MESSAGES:
            self.refuse(
                "too_many_bad_messages", f"at most {MAX_BAD_MESSAGES} unusable messages expected"
            )

    def _cancel_deadline(self) -> None:
        if self._no_start is not None:
            self._no_start.cancel()
            self._no_start = None
