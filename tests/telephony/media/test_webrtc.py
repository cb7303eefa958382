"""A page's audio over WebRTC: Opus over UDP, and the socket where that does not come through."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import websockets
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from telephony.carriers import registry
from telephony.media.audio.mulaw import loudness
from telephony.media.server import MOST_PEERS
from telephony.media.webrtc.agent_track import AgentTrack
from telephony.media.webrtc.ice import IceServers
from telephony.media.webrtc.peer import BadOffer, check_offer
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.test_pages import answered
from warmline.kernel.call import BargeIn, CallerTurn, CallPlan, SentenceHeard

LONG = "We are open from monday to friday from eight in the morning until six in the evening."


class RtcPage:
    """A page that offers WebRTC, with aiortc in the browser's place."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.peer = RTCPeerConnection()
        self.microphone = AgentTrack(lambda _: None)
        self.peer.addTrack(self.microphone)
        self.loudest = 0
        self.messages: list[dict[str, Any]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.peer.on(
            "track", lambda track: self.tasks.append(asyncio.create_task(self.hear(track)))
        )

    async def send(self, **message: Any) -> None:
        """A message of this page's stream."""
        await self.socket.send(msgspec.json.encode({"stream": "page-1", **message}).decode())

    async def receive(self, event: str) -> dict[str, Any]:
        """The next message of that kind; those before it are kept."""
        async with asyncio.timeout(15):
            async for raw in self.socket:
                message: dict[str, Any] = msgspec.json.decode(raw)
                self.messages.append(message)
                if message["event"] == event:
                    return message
        raise AssertionError(f"no {event} came")

    async def offer(self, *, udp: bool = True) -> str:
        """Offer, take the answer, and say which way the audio goes. Without UDP nothing of it
        arrives: the addresses of both lead nowhere.
        """
        await self.receive("granted")
        await self.peer.setLocalDescription(await self.peer.createOffer())
        sdp = self.peer.localDescription.sdp
        if not udp:
            sdp = re.sub(r"(a=candidate:\S+ \d+ udp \d+ )\S+", r"\g<1>192.0.2.1", sdp)
        await self.send(event="offer", sdp=sdp)
        answer = await self.receive("answer")
        if udp:
            await self.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        return str((await self.receive("ready"))["over"])

    def say(self, mulaw: bytes) -> None:
        """Speak."""
        for start in range(0, len(mulaw), 160):
            self.microphone.play(mulaw[start : start + 160].ljust(160, b"\xff"))

    def take(self, track: MediaStreamTrack) -> None:
        """The agent's voice."""
        self.tasks.append(asyncio.create_task(self.hear(track)))

    async def hear(self, track: MediaStreamTrack) -> None:
        """How loud the loudest moment was that came over UDP."""
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            self.loudest = max(self.loudest, loudness(bytes(frame.planes[0])))


@asynccontextmanager
async def rtc_page(plane: Plane, call: CallPlan) -> AsyncIterator[RtcPage]:
    """The page, with its call opened."""
    url = registry.media_url(plane.ws_url, carrier="browser")
    async with websockets.connect(url, compression=None) as socket:
        page = RtcPage(socket)
        await page.send(event="start", call=call.call_id, token=call.ticket, rtc=True)
        yield page
        for task in page.tasks:
            task.cancel()
        await page.peer.close()


@pytest.fixture
def rtc_plane(plane: Plane) -> Plane:
    """A media plane that takes offers; on one machine no server is needed to find a way."""
    plane.server.ice_servers = IceServers()
    return plane


async def test_both_are_heard_over_webrtc(rtc_plane: Plane) -> None:
    """The greeting is played and its mark comes back, the question is heard, and an interruption
    clears what lies ahead.
    """
    rtc_plane.script(heard=["are you open", "wait"], answer=lambda _: LONG, ms_per_char=60)
    call = answered(rtc_plane)
    async with rtc_page(rtc_plane, call) as page:
        assert await page.offer() == "webrtc"
        await rtc_plane.happened(call, SentenceHeard)
        assert page.loudest > 1000
        page.say(voice("question"))
        await rtc_plane.happened(call, CallerTurn)
        page.loudest = 0
        while page.loudest < 1000:
            await asyncio.sleep(0.02)
        page.say(voice("stop"))
        assert await rtc_plane.happened(call, BargeIn)
        await page.receive("clear")
    assert not [message for message in page.messages if message["event"] == "media"]


async def test_a_connection_that_breaks_goes_on_over_the_socket(rtc_plane: Plane) -> None:
    """The page says so; the rest of the call comes the other way."""
    rtc_plane.script(heard=["are you open"])
    call = answered(rtc_plane)
    async with rtc_page(rtc_plane, call) as page:
        assert await page.offer() == "webrtc"
        await rtc_plane.happened(call, SentenceHeard)
        await page.send(event="offer", sdp="")
        for start in range(0, len(question := voice("question") + b"\xff" * 12_000), 160):
            await page.send(event="media", payload=question[start : start + 160])
            await asyncio.sleep(0.02)
        assert await page.receive("media")
        assert await rtc_plane.happened(call, CallerTurn)


async def test_where_udp_is_swallowed_the_call_begins_over_the_socket(rtc_plane: Plane) -> None:
    """The page's addresses answer nothing; the greeting waits until that is known, no longer."""
    call = answered(rtc_plane)
    async with rtc_page(rtc_plane, call) as page:
        assert await page.offer(udp=False) == "socket"
        assert await page.receive("media")


@pytest.mark.parametrize(
    "sdp",
    [
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
        "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
        "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\n"
        + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n" * 21,
        "m=audio " + "9" * 16_000,
    ],
)
def test_an_offer_of_anything_but_one_voice_is_refused(sdp: str) -> None:
    """No video, no data, no crowd of addresses that would each be asked for an answer."""
    with pytest.raises(BadOffer):
        check_offer(sdp)


async def test_where_as_many_connections_are_as_a_process_takes_the_socket_is_used(
    rtc_plane: Plane,
) -> None:
    """Nobody is refused for it, and no other caller pays for it; a place that is free is taken."""
    rtc_plane.server._peers = MOST_PEERS
    call = answered(rtc_plane)
    async with rtc_page(rtc_plane, call) as page:
        assert (await page.receive("ready"))["over"] == "socket"
    rtc_plane.server._peers = MOST_PEERS - 1
    async with rtc_page(rtc_plane, answered(rtc_plane)) as page:
        assert await page.offer() == "webrtc"
    await rtc_plane.ended(call)
    assert rtc_plane.server._peers == MOST_PEERS - 1


async def test_an_offer_that_nobody_can_read_leaves_the_call_on_the_socket(
    rtc_plane: Plane,
) -> None:
    """And the process with its other calls."""
    call = answered(rtc_plane)
    async with rtc_page(rtc_plane, call) as page:
        await page.receive("granted")
        await page.send(event="offer", sdp="m=audio 9 nothing\r\na=ice-ufrag\r\n")
        assert (await page.receive("ready"))["over"] == "socket"
        assert await page.receive("media")


def test_a_relays_password_is_the_calls_own_and_ends_with_it() -> None:
    """As coturn checks it: HMAC-SHA1 of the name, which begins with the end of its time."""
    servers = IceServers(("stun:stun.example",), ("turn:turn.example",), "secret")
    stun, turn = servers.for_call("call-1", at=1_000_000.0)
    assert stun == {"urls": ["stun:stun.example"]}
    assert turn["username"] == "1014400:call-1"
    assert turn["credential"] == "EFnzEcOpF+pGCtCnEC2QB2XUzOE="
