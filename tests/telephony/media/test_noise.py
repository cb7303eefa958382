"""Calls from where it is loud: other voices, music, words that nobody means."""

import audioop

from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.agent import Limits
from warmline.kernel.call import AgentSentence, CallEnded, CallerTurn, SentenceHeard

SILENCE = b"\xff" * 160


def fainter(mulaw: bytes, *, by_db: float) -> bytes:
    return audioop.lin2ulaw(audioop.mul(audioop.ulaw2lin(mulaw, 2), 2, 10 ** (-by_db / 20)), 2)


def together(one: bytes, other: bytes) -> bytes:
    """Both at once, as long as the first."""
    other = (other * (len(one) // len(other) + 1))[: len(one)]
    return audioop.lin2ulaw(audioop.add(audioop.ulaw2lin(one, 2), audioop.ulaw2lin(other, 2), 2), 2)


async def test_somebody_behind_the_caller_does_not_hold_his_turn(plane: Plane) -> None:
    """A voice 20 dB below his goes on and on: he is answered, and the answer is not cut."""
    plane.script(heard=["are you open"], ms_per_char=30)
    behind = fainter(voice("question") + voice("stop"), by_db=20)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(together(voice("question") + SILENCE * 300, behind))
        await plane.happened(call, SentenceHeard, times=3)
    happened = plane.happenings(call)
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == ["are you open"]
    assert not any(h.cut for h in happened if isinstance(h, SentenceHeard))


async def test_sound_without_words_is_not_waited_for(plane: Plane) -> None:
    """Music that never pauses: it is given up as a turn, and the caller is asked for."""
    plane.script(heard=[""])
    call = plane.answer_call(greeting="Hello.", limits=Limits(idle_seconds=5))
    steady = (voice("question")[160 * 30 : 160 * 80] * 12)[: 160 * 600]
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(steady)
        await plane.happened(call, AgentSentence, times=2)
    said = [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert said[1] == "Are you still there?"
    assert not any(isinstance(h, CallerTurn) for h in plane.happenings(call))


async def test_a_goodbye_to_okay_leaves_the_caller_a_moment(plane: Plane) -> None:
    """ "Okay" is no goodbye: he may go on, and the call with him."""
    plane.script(
        heard=["okay", "one more question"],
        answer=lambda m: "Goodbye." if m[-1]["content"] == "okay" else "Of course. What is it?",
    )
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=4)
    assert not any(isinstance(h, CallEnded) for h in plane.happenings(call))


async def test_a_goodbye_answers_a_goodbye(plane: Plane) -> None:
    """And ends the call with its last word."""
    plane.script(heard=["no that's all thank you bye"], answer=lambda _: "Goodbye.")
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [ended] = await plane.happened(call, CallEnded)
    assert ended.reason == "agent_said_goodbye"


async def test_words_that_may_be_noise_are_asked_about_once(plane: Plane) -> None:
    """Neither answered nor asked about over and over."""
    plane.script(heard=["the the you"], logprobs=[-1.6, -2.0])
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
        await caller.say(voice("yes") + SILENCE * 60)
        await caller.stop()
        await plane.ended(call)
    happened = plane.happenings(call)
    said = [h.text for h in happened if isinstance(h, AgentSentence)]
    assert said == ["Hello.", "Sorry, could you say that again?"]
    assert not any(isinstance(h, CallerTurn) for h in happened)
    assert plane.stub.requests == []
