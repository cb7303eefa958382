"""One page's WebRTC connection: Opus and its jitter buffer by aiortc, µ-law to and from the call.

aiortc decodes in a thread for each connection and encodes in the loop's executor; both let go of
the interpreter inside the codec. A connection is bounded by its call, calls by the process's slots.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler

from telephony.media.audio.mulaw import SAMPLE_RATE_HZ, to_mulaw
from telephony.media.webrtc.agent_track import AgentTrack
from warmline.kernel.cancellation import not_cancelled

log = structlog.get_logger()

MAX_SDP: Final = 16_000  # an offer of one audio track with ten candidates is under 4,000
MAX_CANDIDATES: Final = 20  # each is an address that is asked for an answer
CLOSE_S: Final = 2.0


class BadOffer(ValueError):
    """No offer of one audio track."""


class Peer:
    """A page's microphone and loudspeaker over WebRTC.

    `heard` is given the caller's µ-law with its milliseconds, `reached` the marks that were played.
    """

    def __init__(
        self, ice_servers: Sequence[dict[str, Any]], *, reached: Callable[[str], None]
    ) -> None:
        servers = [RTCIceServer(**server) for server in ice_servers]
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.on("track", self._take_track)
        self._connection.on("connectionstatechange", self._changed)
        self._settled = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self.agent = AgentTrack(reached)
        self.heard: Callable[[bytes, int], None] = lambda _, __: None

    @property
    def connected(self) -> bool:
        """Whether audio goes this way now."""
        return bool(self._connection.connectionState == "connected")

    async def answer(self, offer: str) -> str:
        """The answer to a page's offer; `BadOffer` for anything but one audio track."""
        check_offer(offer)
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            self._connection.addTrack(self.agent)
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as error:
            # A parser of foreign words: it raises whatever the words lead it to, and other calls go
            # on in this process.
            raise BadOffer(f"an offer expected that can be read: {type(error).__name__}") from error
        return str(self._connection.localDescription.sdp)

    async def settled(self) -> None:
        """Wait until it is connected, or known not to be."""
        await self._settled.wait()

    async def close(self) -> None:
        """End it; what does not end in time is left to its own deadlines."""
        if self._listening is not None:
            self._listening.cancel()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._connection.close()
        except TimeoutError:
            log.warning("peer not closed", state=self._connection.connectionState)

    def _changed(self) -> None:
        if self._connection.connectionState in ("connected", "failed", "closed"):
            self._settled.set()

    def _take_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
        first: int | None = None
        while not_cancelled():
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            first = (frame.pts or 0) if first is None else first
            at_ms = int(((frame.pts or 0) - first) * 1000 / frame.sample_rate)
            # 15 µs, measured: a hop to a thread and back costs 54.
            for narrow in resampler.resample(frame):
                linear = bytes(narrow.planes[0])[: 2 * narrow.samples]
                self.heard(to_mulaw(linear), at_ms)


def check_offer(sdp: str) -> None:
    """`BadOffer` for what is too long, offers more than audio, or names too many addresses."""
    lines = sdp.splitlines()
    media = [line for line in lines if line.startswith("m=")]
    if len(sdp) > MAX_SDP or len(media) != 1 or not media[0].startswith("m=audio "):
        raise BadOffer(f"an offer of one audio track in {MAX_SDP} characters expected")
    candidates = sum(line.startswith("a=candidate:") for line in lines)
    if candidates > MAX_CANDIDATES:
        raise BadOffer(f"{candidates} candidates, at most {MAX_CANDIDATES} expected")
