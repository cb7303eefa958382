"""A page's line: over WebRTC where that connects, else over the socket, as it was opened."""

import asyncio
import time
from typing import Final

import structlog
from picows import WSTransport

from telephony.carriers.wire import FRAME_BYTES, Media, PageCodec, Start
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.streams import CallSession
from telephony.media.webrtc.ice import IceServers
from telephony.media.webrtc.peer import BadOffer, Peer
from warmline.kernel.call import Happening
from warmline.kernel.ids import CallId

log = structlog.get_logger()

# From the offer to a way for UDP, on which a person waits for the greeting: across an ocean and by
# TURN it is under 2 s; where UDP is swallowed nothing says so.
CONNECT_S: Final = 4.0


class PageLine(CarrierStream):
    """One page's way out; the session speaks to it as to any carrier's."""

    def __init__(self, transport: WSTransport, codec: PageCodec, start: Start) -> None:
        super().__init__(transport, codec.writer(start.stream_id))
        self._codec = codec
        self._stream_id = start.stream_id
        self._track = start.tracks[0]
        self._session: CallSession | None = None
        self._peer: Peer | None = None
        self._part = b""

    async def connect(
        self, offers: "asyncio.Queue[str]", servers: IceServers | None, call_id: CallId
    ) -> None:
        """Find the way for the audio, in a bounded time, and tell the page which it is."""
        over = "socket"
        if servers is not None:
            try:
                async with asyncio.timeout(CONNECT_S):
                    over = await self._negotiate(offers, servers, call_id)
            except TimeoutError:
                log.info("no way for UDP", call=call_id, waited_s=CONNECT_S)
            except BadOffer as error:
                log.warning("offer refused", call=call_id, why=str(error))
        if over == "socket":
            await self.hang_up_peer()
        self.tell(self._codec.ready(over))

    async def _negotiate(
        self, offers: "asyncio.Queue[str]", servers: IceServers, call_id: CallId
    ) -> str:
        ice = servers.for_call(call_id, at=time.time())
        self.tell(self._codec.granted(ice))
        offer = await offers.get()
        if not offer:
            return "socket"
        self._peer = Peer(ice, reached=self._reached)
        self.tell(self._codec.answer(await self._peer.answer(offer)))
        await self._peer.settled()
        return "webrtc" if self._peer.connected else "socket"

    def attach(self, session: CallSession) -> None:
        """From here on the session hears what the page says."""
        self._session = session
        if self._peer is not None:
            self._peer.heard = self._heard

    async def fall_back(self, offers: "asyncio.Queue[str]") -> None:
        """Wait for the page to say that its connection broke; the socket carries on then."""
        await offers.get()
        log.info("audio over the socket from here on", stream=self._stream_id)
        await self.hang_up_peer()

    async def hang_up_peer(self) -> None:
        """End the WebRTC connection, where there is one."""
        if (peer := self._peer) is not None:
            self._peer = None
            peer.agent.clear()
            await peer.close()

    def show(self, happening: Happening) -> None:
        """What is said is shown as it is said."""
        message = self._codec.told(happening)
        if message is not None:
            self.tell(message)

    def send_audio(self, mulaw: bytes) -> None:
        """As every carrier's, by whichever way there is now."""
        if self._peer is None:
            super().send_audio(mulaw)
            return
        audio = self._part + mulaw
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._part = audio[whole:]
        for start in range(0, whole, FRAME_BYTES):
            self._peer.agent.play(audio[start : start + FRAME_BYTES])

    def mark(self, name: str) -> None:
        """Send what is left of the sentence, then the mark."""
        if self._peer is None:
            super().mark(name)
            return
        if self._part:
            self._peer.agent.play(self._part.ljust(FRAME_BYTES, b"\xff"))
            self._part = b""
        self._peer.agent.mark(name)

    def clear(self) -> None:
        """Silence at once, whichever way it came."""
        self._part = b""
        if self._peer is not None:
            self._peer.agent.clear()
        super().clear()

    def _heard(self, mulaw: bytes, at_ms: int) -> None:
        if self._session is not None:
            self._session.media(Media(self._stream_id, self._track, at_ms, mulaw))

    def _reached(self, name: str) -> None:
        if self._session is not None:
            self._session.mark(name)
