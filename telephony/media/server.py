"""The media process's sockets: carriers' streams and /health; inside, /metrics. On picows."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
import prometheus_client
import redis.asyncio
import structlog
from picows import (
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from telephony.carriers import registry
from telephony.carriers.wire import PageCodec, Start
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.roundtrips import PROBE_S, RoundTrips
from telephony.media.carrier_socket import CarrierSocket
from telephony.media.metrics import CALLS, REFUSED_STREAMS
from telephony.media.session.call_resources import CallResources, SharedResources
from telephony.media.streams import (
    CallSession,
    GrantedStream,
    Refused,
    RunningCall,
    open_call,
    run_call,
    set_up,
)
from telephony.media.webrtc.ice import IceServers
from telephony.media.webrtc.page_line import PageLine
from warmline.kernel.call import CarrierRoundTrip

log = structlog.get_logger()

MAX_FRAME_BYTES: Final = 256 * 1024  # beyond any message of a carrier: the socket is closed
CODECS: Final = registry.codecs()
# Each takes 4.7 % of a core, a carrier's call 0.1 %: pages beyond these use their sockets,
# so that WebRTC never takes more than half of the core from the other callers.
MOST_PEERS: Final = 10


class MediaServer:
    """Takes streams until it drains. One for the process.

    Each call's round trip to the carrier is measured every `probe_s` seconds; None: never, for
    carriers that are no farther than this machine. Without `ice_servers` pages' audio comes over
    their sockets alone.
    """

    def __init__(
        self,
        client: redis.asyncio.Redis,
        shared: SharedResources,
        *,
        slots: int,
        probe_s: float | None = PROBE_S,
        ice_servers: IceServers | None = None,
    ) -> None:
        self.redis = client
        self.shared = shared
        self.slots = slots
        self.probe_s = probe_s
        self.ice_servers = ice_servers
        self._peers = 0
        self.draining = False
        self._sessions: dict[asyncio.Task[None], CallSession | None] = {}

    @property
    def calls(self) -> int:
        """How many calls run here."""
        return len(self._sessions)

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Accept carriers' streams, and whoever asks whether the process is well."""
        return await self._listen(self._accept, host, port)

    async def listen_internally(self, host: str, port: int) -> asyncio.Server:
        """Answer Prometheus and probes, where no carrier and nobody else outside comes."""
        return await self._listen(self._answer_internally, host, port)

    async def _listen(
        self,
        accept: "Callable[[WSUpgradeRequest], WSListener | WSUpgradeResponseWithListener]",
        host: str,
        port: int,
    ) -> asyncio.Server:
        return await ws_create_server(
            accept,
            host,
            port,
            max_frame_size=MAX_FRAME_BYTES,
            enable_auto_ping=True,
            auto_ping_idle_timeout=10,
            auto_ping_reply_timeout=8,
        )

    async def drain(self, *, deadline_s: float) -> None:
        """Take no new calls, and wait for those that run.

        At the deadline they are left for others to take up.
        """
        self.draining = True
        if self._sessions:
            await asyncio.wait(set(self._sessions), timeout=deadline_s)
        for session in tuple(self._sessions.values()):
            if session is not None:
                session.hang_up("stream_lost")
        if self._sessions:
            await asyncio.wait(set(self._sessions), timeout=5)

    def _begin(self, socket: CarrierSocket, start: Start) -> None:
        """A stream asks for its call."""
        task = asyncio.create_task(self._serve(socket, start))
        self._sessions[task] = None
        CALLS.set(self.calls)
        task.add_done_callback(partial(self._ended, socket, start))

    def _ended(self, socket: CarrierSocket, start: Start, task: "asyncio.Task[None]") -> None:
        self._sessions.pop(task, None)
        CALLS.set(self.calls)
        if task.cancelled() or task.exception() is None:
            return
        call_id = start.parameters.get("call", "")[:64]
        log.error("call broke", call=call_id, exc_info=task.exception())
        # An open stream without a call is silence for as long as the caller bears it; once it is
        # closed the carrier asks what comes next.
        socket.refuse("broke", "a call that can be served expected")

    async def _serve(self, socket: CarrierSocket, start: Start) -> None:
        try:
            granted = await open_call(self.redis, start, worker=self.shared.worker)
        except Refused as error:
            socket.refuse(error.reason, str(error))
            return
        if isinstance(socket.codec, PageCodec):
            await self._serve_page(socket, socket.codec, start, granted)
            return
        writer = socket.codec.writer(start.stream_id)
        carrier_stream = CarrierStream(socket.transport, writer)
        await self._run(socket, set_up(granted, carrier_stream, start, self.shared))

    async def _serve_page(
        self, socket: CarrierSocket, codec: PageCodec, start: Start, granted: GrantedStream
    ) -> None:
        """A page's call begins once it is known which way its audio goes."""
        line = PageLine(socket.transport, codec, start)
        takes_offer = bool(start.parameters.get("rtc")) and self._peers < MOST_PEERS
        servers = self.ice_servers if takes_offer else None
        self._peers += takes_offer
        try:
            await line.connect(socket.offers, servers, granted.plan.call_id)
            call = set_up(granted, line, start, self.shared)
            call.resources.journal.follow(line.show)
            line.attach(call.session)
            falling_back = asyncio.create_task(line.fall_back(socket.offers))
            try:
                await self._run(socket, call)
            finally:
                falling_back.cancel()
        finally:
            self._peers -= takes_offer
            await line.hang_up_peer()

    async def _run(self, socket: CarrierSocket, call: RunningCall) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions[task] = call.session
        plan, carrier_stream = call.granted.plan, call.carrier_stream
        log.info("call began", call=plan.call_id, epoch=call.granted.epoch, audience=plan.audience)
        running = asyncio.create_task(run_call(self.redis, call))
        trips = RoundTrips(carrier_stream.ping)
        socket.attach(call.session, carrier_stream, trips)
        probing = asyncio.create_task(self._probe(trips, call.resources))
        try:
            await running
        finally:
            probing.cancel()

    async def _probe(self, trips: RoundTrips, resources: CallResources) -> None:
        def measured(ms: float) -> None:
            resources.journal.add(CarrierRoundTrip(round(ms, 2)))
            resources.recording.round_trip(ms)

        if self.probe_s is not None:
            await trips.run(measured, every_s=self.probe_s)

    def _accept(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        path = request.path.decode("latin-1").partition("?")[0]
        codec = CODECS.get(path)
        if codec is not None:
            if self.draining or self.calls >= self.slots:
                REFUSED_STREAMS.labels("draining" if self.draining else "full").inc()
                return _answer(503, b'{"error":"no slot"}')
            return CarrierSocket(codec, begin=self._begin)
        if path == "/health":
            state = {
                "status": "draining" if self.draining else "ok",
                "calls": self.calls,
                "slots": self.slots,
            }
            return _answer(503 if self.draining else 200, msgspec.json.encode(state))
        return _answer(404, b'{"error":"nothing here"}')

    def _answer_internally(
        self, request: WSUpgradeRequest
    ) -> WSListener | WSUpgradeResponseWithListener:
        path = request.path.decode("latin-1").partition("?")[0]
        if path == "/metrics":
            return _answer(
                200, prometheus_client.generate_latest(), prometheus_client.CONTENT_TYPE_LATEST
            )
        if path == "/health":
            return self._accept(request)
        return _answer(404, b'{"error":"nothing here"}')


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
