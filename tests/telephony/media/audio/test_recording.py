"""A recording lies on the carrier's timeline, whatever became of its messages under way."""

from collections.abc import Callable

import pytest

from telephony.media.audio.recording import RecordingBuffer
from tests.telephony.media.audio.line import Line, Network, Sentence, errors_ms, sides

ALIGNED_MS = 30.0
SAID = (
    Sentence("0.0.1", 40, 2500),
    Sentence("0.1.2", 300, 1800),  # waits behind the first
    Sentence("1.0.3", 7000, 3000),
    Sentence("2.0.4", 13000, 2210),
    Sentence("2.1.5", 13100, 1990),
)
NETWORKS = {
    "nothing": Network(),
    "jitter": Network(jitter_ms=120),
    "a stall under the agent's words": Network(jitter_ms=20, stalls=((8000, 8500),)),
    "a stall at a mark": Network(stalls=((4100, 4600), (9700, 10200))),
    "doubled frames": Network(jitter_ms=20, doubled=((0, 12000),)),
    "gaps": Network(lost=((3000, 3400), (9900, 10100), (15000, 15020))),
    "a slow start": Network(stalls=((0, 700),)),
    "far away": Network(delay_ms=180, jitter_ms=60),
    "all at once": Network(
        delay_ms=90,
        jitter_ms=80,
        stalls=((2000, 2500), (13500, 14000)),
        lost=((5000, 5200),),
        doubled=((6000, 9000),),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("clears", [(), (8200.0,), (900.0, 14000.0)], ids=["heard", "cut", "cuts"])
def test_both_sides_lie_where_they_were_said_and_heard(
    name: str, clears: tuple[float, ...]
) -> None:
    """Within 30 ms, and the call is as long as it was."""
    line = Line(NETWORKS[name], SAID, clears=clears)
    recording = line.run()
    errors = errors_ms(line, recording)
    assert len(errors) > 20
    assert max(errors) <= ALIGNED_MS
    assert recording.seconds == pytest.approx(20, abs=0.05)


@pytest.mark.parametrize("name", ["nothing", "far away", "all at once"])
def test_what_was_cut_is_not_in_the_recording(name: str) -> None:
    """The agent's side ends where the carrier's buffer was cleared."""
    line = Line(NETWORKS[name], SAID[:1] + SAID[2:3], clears=(8200.0,))
    heard, recorded = line.agent_heard(), sides(line.run())[1]
    heard = line.agent_heard()
    ends = [len(side.rstrip(b"\xff\x7f")) / 8 for side in (heard, recorded)]
    assert abs(ends[0] - ends[1]) <= ALIGNED_MS


STRANGE: dict[str, Callable[[int], int | None]] = {
    "none": lambda ms: None,
    "always nought": lambda ms: 0,
    "from a million": lambda ms: ms + 10**12,
    "an hour ahead for a moment": lambda ms: ms + 3_600_000 * (5000 <= ms < 5100),
    "an hour ahead from then on": lambda ms: ms + 3_600_000 * (ms >= 5000),
    "begun anew": lambda ms: ms - 10_000 * (ms >= 10_000),
    "backwards": lambda ms: -ms,
    "past all bounds": lambda ms: 10**30 * (ms % 3),
    "a thousand times too fast": lambda ms: ms * 1000,
}


@pytest.mark.parametrize("name", STRANGE)
def test_timestamps_that_cannot_be_true_neither_stretch_nor_stop_a_recording(name: str) -> None:
    """It is as long as the call, and the caller's words are in it, in their order."""
    line = Line(Network(jitter_ms=30, timestamp=STRANGE[name]), SAID)
    recording = line.run()
    assert recording.seconds == pytest.approx(20, abs=0.6)
    left = sides(recording)[0]
    places = [left.find(line.caller[at : at + 160]) for at in range(0, len(line.caller), 1600)]
    there = [place for place in places if place >= 0]
    assert len(there) >= 0.9 * len(places)
    assert there == sorted(there)


def test_without_timestamps_a_stall_is_no_silence() -> None:
    """What was held comes at once: the silence that was put in for it gives way.

    A mark that was held with it is taken for later than it was: nothing tells when it was.
    """
    line = Line(Network(stalls=((4000, 4500),), timestamp=lambda ms: None), SAID)
    recording = line.run()
    assert max(errors_ms(line, recording)) <= 150
    assert recording.seconds == pytest.approx(20, abs=0.1)


def test_a_flood_of_frames_leaves_no_larger_recording_than_its_time() -> None:
    """A thousand frames a second for a second are not twenty seconds; nor is one huge frame."""
    recording = RecordingBuffer(max_seconds=3600)
    for n in range(1000):
        recording.caller(b"\x10" * 160, timestamp_ms=n * 20, now_ms=n)
    for n in range(10):
        recording.caller(b"\x10" * 64_000, timestamp_ms=None, now_ms=1000 + n)
    assert recording.finished().seconds < 12


def test_a_recording_never_grows_past_its_limit() -> None:
    """Disk and memory are bounded; calls are not cut for them."""
    recording = RecordingBuffer(max_seconds=1)
    for n in range(250):
        recording.caller(b"\x10" * 160, timestamp_ms=n * 20, now_ms=n * 20)
        recording.agent("m", b"\x20" * 160, now_ms=n * 20)
    assert recording.finished().seconds == 1


def test_what_must_not_be_kept_is_silence_on_both_sides() -> None:
    """And nothing beside it."""
    recording = RecordingBuffer(max_seconds=60)
    for n in range(100):
        recording.caller(b"\x10" * 160, timestamp_ms=n * 20, now_ms=n * 20 + 1020)
    recording.agent("m", b"\x20" * 16_000, now_ms=1000)
    recording.marked("m", now_ms=3000)
    recording.blank(from_ms=1500, until_ms=2000)
    finished = recording.finished()
    assert finished.starts_ms == 1000
    left, right = sides(finished)
    for side in (left, right):
        assert not side[500 * 8 : 1000 * 8].strip(b"\xff\x7f")
        assert b"\xff" not in side[100 * 8 : 500 * 8] + side[1000 * 8 : 1900 * 8]


def test_in_shadow_mode_both_people_are_placed_by_the_carrier() -> None:
    """Left the caller, right who answered."""
    recording = RecordingBuffer(max_seconds=60)
    for n in range(50):
        recording.caller(b"\x10" * 160, timestamp_ms=n * 20, now_ms=n * 20 + 20)
        if n >= 25:
            recording.person(b"\x20" * 160, timestamp_ms=n * 20, now_ms=n * 20 + 20)
    left, right = sides(recording.finished())
    assert left.count(b"\x10") == 8000
    assert right.find(b"\x20") == 4000
