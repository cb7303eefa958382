"""A bench that does not hold its bound says so by its exit code: `make bench` fails with it."""

from tests.bench.media.__main__ import misses
from tests.bench.media.simulated import Simulated
from tests.bench.webhook import BOUND_P95_MS, Answered, held

QUICK, SLOW = Answered(BOUND_P95_MS - 1, by_agent=True), Answered(BOUND_P95_MS + 1, by_agent=True)


def met(*, unanswered: int = 0, underruns: int = 0) -> Simulated:
    return Simulated(
        [400.0], turns=60, unanswered=unanswered, underruns=underruns, late_frames=0, failed=[]
    )


def test_webhooks_hold_their_bound_at_the_95th_percentile_with_an_agent_on_each_call() -> None:
    """Five in a hundred may be slower; none may be turned away."""
    assert held([QUICK] * 96 + [SLOW] * 4)
    assert not held([QUICK] * 90 + [SLOW] * 10)
    assert not held([QUICK] * 99 + [Answered(1.0, by_agent=False)])


def test_calls_at_once_are_all_answered_without_a_gap_and_ten_times_the_peers() -> None:
    """A peer that was not measured, or passed no level, bounds nothing."""
    assert misses(met(), ours=400, theirs={"pipecat, webrtc": 30, "pipecat, silero": 0}) == []
    assert misses(met(unanswered=1), ours=400, theirs={}) == [
        "1 of 60 turns unanswered, 0 underruns: expected none"
    ]
    assert misses(met(underruns=2), ours=400, theirs={}) != []
    assert misses(met(), ours=290, theirs={"pipecat, webrtc": 30}) == [
        "290 calls a core against 30 (pipecat, webrtc): expected 10 times as many"
    ]
