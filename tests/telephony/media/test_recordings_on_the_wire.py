"""What is recorded over real sockets lies where the carrier played and heard it."""

import asyncio

import pytest

from telephony.calls.wav import HEADER_BYTES
from telephony.media.audio.recording import FinishedRecording
from tests.telephony.media.audio.line import sides
from tests.telephony.media.caller import voice
from tests.telephony.media.faulty_line import FaultyLine, stretches
from tests.telephony.media.plane import Plane
from warmline.kernel.call import CallerTurn, CallPlan, Recorded, SentenceHeard

ALIGNED_MS = 30.0
QUESTION = voice("question")
GREETING = "Thanks for calling Rivertown Plumbing, this is Anna. How can I help you today?"
FAULTS: dict[str, dict[str, tuple[range, ...]]] = {
    "none": {},
    # Held under the greeting, at the caller's first word, and under the answer.
    "stalls": {"stalls": (range(20, 45), range(200, 225), range(330, 355))},
    "doubled": {"doubled": (range(10, 400),)},
    "gaps": {"lost": (range(40, 60), range(120, 125), range(350, 380))},
}


def recorded(plane: Plane, *, epoch: int = 1) -> FinishedRecording:
    wav = plane.web.recordings[epoch]
    seconds = (len(wav) - HEADER_BYTES) / 32_000
    return FinishedRecording(wav, seconds, plane.web.recordings_start[epoch])


def off_ms(true_side: bytes, recorded_side: bytes) -> float:
    """How far apart the beginnings and ends of what was said are."""
    true, found = stretches(true_side), stretches(recorded_side)
    assert len(true) == len(found), f"{true} was heard, {found} recorded"
    pairs = zip(true, found, strict=True)
    return max(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairs)


async def hang_up(plane: Plane, call: CallPlan, line: FaultyLine) -> None:
    await line.stream.stop()
    await plane.happened(call, Recorded)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_call_is_recorded_as_it_was(plane: Plane, name: str) -> None:
    """Greeting, question and answer within 30 ms, and no longer than the call."""
    plane.script(
        heard=["are you open on saturday"], answer=lambda _: "Yes, until noon. Bye for now."
    )
    call = plane.answer_call(greeting=GREETING)
    line = await FaultyLine.open(plane.ws_url, call, **FAULTS[name])
    await line.talk(frames=500, says={200: QUESTION})
    assert line.stream.playback.clears == 0
    await hang_up(plane, call, line)
    assert [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)]
    recording = recorded(plane)
    left, right = sides(recording)
    piece = QUESTION[1600:3200]
    # What came before the call was claimed is on neither side.
    missed = line.caller.find(piece) - left.find(piece)
    assert 0 <= missed < 8000
    assert off_ms(line.heard[missed:], right) <= ALIGNED_MS + line.late_ms
    length_ms = len(line.caller[missed:]) / 8
    assert abs(recording.seconds * 1000 - length_ms) <= ALIGNED_MS + line.late_ms


async def test_what_the_caller_cut_is_recorded_as_it_was_heard(plane: Plane) -> None:
    """A caller who speaks over the greeting, over a line that stalls meanwhile."""
    call = plane.answer_call(greeting=GREETING)
    line = await FaultyLine.open(plane.ws_url, call, stalls=(range(60, 70),))
    await line.talk(frames=250, says={20: QUESTION})
    assert line.stream.playback.clears == 1
    await hang_up(plane, call, line)
    left, right = sides(recorded(plane))
    piece = QUESTION[8000:9600]
    missed = line.caller.find(piece) - left.find(piece)
    heard = stretches(line.heard[missed:])[0]
    assert abs(stretches(right)[0][1] - heard[1]) <= ALIGNED_MS + line.late_ms


async def test_a_call_that_another_process_takes_up_has_one_timeline(plane: Plane) -> None:
    """The second part begins when it began: what was heard in between is silence."""
    plane.script(answer=lambda _: "Yes, until noon.")
    call = plane.answer_call(greeting=GREETING)
    loop = asyncio.get_running_loop()
    first = await FaultyLine.open(plane.ws_url, call)
    await first.talk(frames=200, says={})
    await plane.happened(call, SentenceHeard)
    first.stream.cut()
    await plane.ended(call)
    second, plane.ws_url = await plane.another_server("w2")
    await asyncio.sleep(0.7)
    taken_up = await FaultyLine.open(plane.ws_url, call)
    await taken_up.talk(frames=300, says={150: QUESTION})
    seconds = loop.time() - first.began
    await taken_up.stream.stop()
    await plane.happened(call, Recorded, times=2)
    parts = [recorded(plane, epoch=epoch) for epoch in (1, 2)]
    assert parts[0].starts_ms < 100
    apart_ms = parts[1].starts_ms - parts[0].starts_ms
    # By a clock of this machine: what else it does is in it.
    assert (
        abs(apart_ms - (taken_up.began - first.began) * 1000)
        <= 100 + first.late_ms + taken_up.late_ms
    )
    assert parts[1].starts_ms / 1000 + parts[1].seconds == pytest.approx(seconds, abs=0.5)
    await second.drain(deadline_s=0.1)
