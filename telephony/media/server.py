"""The media process's socket: carriers' streams, /health and /metrics, on picows."""

import asyncio
from collections import Counter
from typing import Final

import msgspec
import prometheus_client
import redis.asyncio
import structlog
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from telephony.carriers.twilio.stream_codec import MAX_MESSAGE_BYTES, TwilioCodec
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.roundtrips import PROBE_S, RoundTrips
from telephony.media.audio.sockets import Assembler
from telephony.media.audio.wire import Codec, Connected, Dtmf, Mark, Media, Start, Stop, StreamError
from telephony.media.metrics import BAD_MESSAGES, CALLS, REFUSED_STREAMS
from telephony.media.session.call_resources import CallResources, Shared
from telephony.media.streams import Refused, Session, open_call, run_call, session_of
from warmline.kernel.call import CarrierRoundTrip

log = structlog.get_logger()

START_S: Final = 10.0  # from the socket's opening to its start message
MAX_FRAME_BYTES: Final = 256 * 1024  # beyond any message of a carrier: the socket is closed
MAX_BAD_MESSAGES: Final = 2000  # a socket that sends mostly rubbish is no carrier's
CODECS: Final[dict[str, Codec]] = {"/twilio/media": TwilioCodec()}


class MediaServer:
    """Takes streams until it drains. One for the process.

    Each call's round trip to the carrier is measured every `probe_s` seconds; None: never, for
    carriers that are no farther than this machine.
    """

    def __init__(
        self,
        client: redis.asyncio.Redis,
        shared: Shared,
        *,
        slots: int,
        probe_s: float | None = PROBE_S,
    ) -> None:
        self.redis = client
        self.shared = shared
        self.slots = slots
        self.probe_s = probe_s
        self.draining = False
        self._sessions: dict[asyncio.Task[None], Session | None] = {}
        self._sockets: set[CarrierSocket] = set()

    @property
    def calls(self) -> int:
        """How many calls run here."""
        return len(self._sessions)

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Accept connections."""
        return await ws_create_server(
            self._accept,
            host,
            port,
            max_frame_size=MAX_FRAME_BYTES,
            enable_auto_ping=True,
            auto_ping_idle_timeout=10,
            auto_ping_reply_timeout=8,
        )

    async def drain(self, *, deadline_s: float) -> None:
        """Take no new calls, and wait for those that run;
        at the deadline they are left for others to take up.
        """
        self.draining = True
        if self._sessions:
            await asyncio.wait(set(self._sessions), timeout=deadline_s)
        for session in tuple(self._sessions.values()):
            if session is not None:
                session.hang_up("stream_lost")
        if self._sessions:
            await asyncio.wait(set(self._sessions), timeout=5)

    def begin(self, socket: "CarrierSocket", start: Start) -> None:
        """A stream asks for its call."""
        task = asyncio.create_task(self._serve(socket, start))
        self._sessions[task] = None
        CALLS.set(self.calls)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._sessions.pop(task, None)
        CALLS.set(self.calls)
        if not task.cancelled() and task.exception() is not None:
            log.error("call broke", exc_info=task.exception())

    async def _serve(self, socket: "CarrierSocket", start: Start) -> None:
        try:
            opened = await open_call(self.redis, start, worker=self.shared.worker)
        except Refused as refused:
            socket.refuse(refused.reason, str(refused))
            return
        line = CarrierStream(socket.transport, socket.codec.writer(start.stream_id))
        session, parts = session_of(opened, line, start, self.shared)
        task = asyncio.current_task()
        assert task is not None
        self._sessions[task] = session
        log.info(
            "call began",
            call=opened.plan.call_id,
            epoch=opened.epoch,
            audience=opened.plan.audience,
        )
        running = asyncio.create_task(run_call(self.redis, opened, session, parts, line))
        trips = RoundTrips(line.ping)
        socket.attach(session, line, trips)
        probing = asyncio.create_task(self._probe(trips, parts))
        try:
            await running
        finally:
            probing.cancel()

    async def _probe(self, trips: RoundTrips, parts: CallResources) -> None:
        if self.probe_s is not None:
            await trips.run(
                lambda ms: parts.journal.add(CarrierRoundTrip(round(ms, 2))), every_s=self.probe_s
            )

    def _accept(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        path = request.path.decode("latin-1").partition("?")[0]
        codec = CODECS.get(path)
        if codec is not None:
            if self.draining or self.calls >= self.slots:
                REFUSED_STREAMS.labels("draining" if self.draining else "full").inc()
                return _answer(503, b'{"error":"no slot"}')
            return CarrierSocket(self, codec)
        if path == "/health":
            state = {
                "status": "draining" if self.draining else "ok",
                "calls": self.calls,
                "slots": self.slots,
            }
            return _answer(503 if self.draining else 200, msgspec.json.encode(state))
        if path == "/metrics":
            return _answer(
                200, prometheus_client.generate_latest(), prometheus_client.CONTENT_TYPE_LATEST
            )
        return _answer(404, b'{"error":"nothing here"}')


class CarrierSocket(WSListener):
    """One connection of a carrier. Bad input is counted by reason;
    it closes only on what is impossible.
    """

    def __init__(self, server: MediaServer, codec: Codec) -> None:
        self.codec = codec
        self.transport: WSTransport
        self._server = server
        self._assembler = Assembler(MAX_MESSAGE_BYTES)
        self._session: Session | None = None
        self._line: CarrierStream | None = None
        self._trips: RoundTrips | None = None
        self._stream_id: str | None = None
        self._bad: Counter[str] = Counter()
        self._no_start: asyncio.TimerHandle | None = None
        self._stopped = False

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
            self._session.hang_up("caller_hung_up" if self._stopped else "stream_lost")
            self._session = None
        if self._bad:
            log.warning("bad messages", stream=self._stream_id, **self._bad)

    def pause_writing(self) -> None:
        if self._line is not None:
            self._line.paused()

    def resume_writing(self) -> None:
        if self._line is not None:
            self._line.resumed()

    def attach(self, session: Session, line: CarrierStream, trips: RoundTrips) -> None:
        """The stream was granted its call."""
        if self.transport.is_disconnected or self._stopped:
            session.hang_up("caller_hung_up" if self._stopped else "stream_lost")
            return
        self._session, self._line, self._trips = session, line, trips

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

    def _take_sign(self, message: Connected | Start | Mark | Dtmf | Stop) -> None:
        if isinstance(message, Connected):
            return
        if isinstance(message, Start):
            self._started(message)
            return
        if self._stream_id is None or message.stream_id not in {self._stream_id, ""}:
            self._count("before_start" if self._stream_id is None else "wrong_stream")
            return
        if isinstance(message, Stop):
            self._stopped = True
            if self._session is not None:
                self._session.hang_up("caller_hung_up")
        elif self._session is not None:
            if isinstance(message, Mark):
                self._session.mark(message.name)
            else:
                self._session.dtmf(message.digit)

    def _started(self, start: Start) -> None:
        if self._stream_id is not None:
            self._count("second_start")
            return
        self._stream_id = start.stream_id
        self._cancel_deadline()
        self._server.begin(self, start)

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


def _answer(
    status: int, body: bytes, content_type: str = "application/json"
) -> WSUpgradeResponseWithListener:
    headers = {"Content-Type": content_type, "Connection": "close"}
    if status < 400:
        return WSUpgradeResponseWithListener(
            WSUpgradeResponse.create_ok_response(body, headers), None
        )
    return WSUpgradeResponseWithListener(
        WSUpgradeResponse.create_error_response(status, body, headers), None
    )
