"""How far the carrier is: measured by pings on the call's own socket."""

import asyncio

import pytest

from telephony.media.__main__ import _probe_s
from telephony.media.audio.roundtrips import PINGS, PONG_S, PROBE_S, RoundTrips
from tests.telephony.media.plane import Plane
from warmline.kernel.call import CallAnswered, CallEnded, CarrierRoundTrip


class Edge:
    """A carrier's edge at given distances:
    it answers each ping at once, on a clock of the test's own.
    """

    def __init__(self, *away_ms: float) -> None:
        self.away_ms = list(away_ms)
        self.now_ms = 1000.0
        self.trips = RoundTrips(self.ping, clock_ms=lambda: self.now_ms)

    def ping(self, content: bytes) -> None:
        """The pong is there once the way has passed."""
        away_ms = self.away_ms.pop(0)
        asyncio.get_running_loop().call_soon(self._pong, content, away_ms)

    def _pong(self, content: bytes, away_ms: float) -> None:
        self.now_ms += away_ms
        self.trips.pong(content)


async def test_the_least_of_a_few_pings_counts() -> None:
    """One waited behind a sentence's audio, one for a busy process."""
    edge = Edge(40.0, 21.5, 900.0, 23.0, 22.0)
    assert len(edge.away_ms) == PINGS
    assert await edge.trips.measure() == 21.5


async def test_a_pong_that_answers_no_ping_counts_for_nothing() -> None:
    """Sent ahead of time or made up: the ping's content cannot be known before it arrives."""
    edge = Edge(*[30.0] * PINGS)
    measuring = asyncio.create_task(edge.trips.measure())
    for made_up in (b"", b"12345678"):
        await asyncio.sleep(0)
        edge.trips.pong(made_up)
    assert await measuring == 30.0
    edge.trips.pong(b"late")


async def test_a_call_tells_its_round_trip(plane: Plane) -> None:
    """Once at its beginning, after it was answered and before it ended,
    in any order with what is said.
    """
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        [trip] = await plane.happened(call, CarrierRoundTrip)
        await caller.stop()
        await plane.ended(call)
    assert 0 < trip.ms < PONG_S * 1000
    happened = plane.happenings(call)
    assert isinstance(happened[0], CallAnswered)
    assert isinstance(happened[-1], CallEnded)


async def test_a_call_in_shadow_mode_tells_it_too(plane: Plane) -> None:
    """No mark could be sent there."""
    call = plane.answer_call(audience="screen")
    async with plane.caller(call, tracks=("inbound", "outbound")):
        await plane.happened(call, CarrierRoundTrip)


async def test_it_is_measured_again_while_the_call_lasts(plane: Plane) -> None:
    """Routes change."""
    plane.server.probe_s = 0.05
    call = plane.answer_call()
    async with plane.caller(call):
        await plane.happened(call, CarrierRoundTrip, times=2)


async def test_a_carrier_that_answers_no_ping_is_not_measured() -> None:
    """The first ping without a pong ends the attempt."""
    asked: list[bytes] = []
    assert await RoundTrips(asked.append).measure() is None
    assert len(asked) == 1


async def test_where_nothing_can_be_learnt_nothing_is_measured(plane: Plane) -> None:
    """A process that only its own machine reaches."""
    plane.server.probe_s = None
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.stop()
        await plane.ended(call)
    assert not [h for h in plane.happenings(call) if isinstance(h, CarrierRoundTrip)]


@pytest.mark.parametrize(
    ("reached_at", "every_s"),
    [
        ("127.0.0.1", None),
        ("::1", None),
        ("localhost", None),
        ("media.example.com", PROBE_S),
        ("10.0.0.7", PROBE_S),
    ],
)
def test_regions_of_one_machine_are_not_measured(reached_at: str, every_s: float | None) -> None:
    """They would all be equally near, whatever map they stand for."""
    assert _probe_s(reached_at) == every_s
