"""Replicas that fail in a call:
another goes on, no word is said twice, and nobody is left in silence.
"""

import asyncio

import pytest

from telephony import media_link
from tests.fakes.replicas import Fault, Script
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import AgentSentence, CallEnded, CallerTurn, ReplicaFailed, SentenceHeard

ANSWER = (
    "We are open from eight to six. On saturday we close at noon. "
    "Can I help you with anything else?"
)


async def one_turn(
    plane: Plane, *, sentences: int, human_number: str | None = None
) -> tuple[list[str], list[ReplicaFailed]]:
    """One turn of a call; what the agent said in it, and which replicas failed."""
    call = plane.answer_call(greeting="Hello.", human_number=human_number)
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=1 + sentences, within_s=25)
    happened = plane.happenings(call)
    texts = [h.text for h in happened if isinstance(h, AgentSentence) and h.turn == 1]
    return texts, [h for h in happened if isinstance(h, ReplicaFailed)]


@pytest.mark.parametrize("fault", ["refuse", "garbage", "dies_midway", "stalls_midway", "no_end"])
async def test_another_replica_goes_on_with_the_answer(plane: Plane, fault: Fault) -> None:
    """Before the first token or in the middle: the caller hears the whole answer once."""
    plane.script(answer=lambda _: ANSWER, faults=[fault])
    await plane.add_replica(Script(answer=lambda _: ANSWER))
    texts, failed = await one_turn(plane, sentences=3)
    assert " ".join(texts) == ANSWER
    assert [(f.role, f.replica) for f in failed] == [("think", plane.stub.url)]
    assert plane.stubs[1].url in failed[0].next_rung


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (ANSWER, ANSWER),
        ("From eight to six.", "We are open from eight to six. On saturday we From eight to six."),
    ],
)
async def test_one_that_cannot_continue_a_message_answers_anew(
    plane: Plane, answer: str, heard: str
) -> None:
    """What it repeats is left out; another answer is given whole,
    rather than a sentence left hanging.
    """
    plane.script(answer=lambda _: ANSWER, faults=["dies_midway"])
    other = await plane.add_replica(Script(answer=lambda _: answer, continues=False))
    texts, failed = await one_turn(plane, sentences=3 if answer == ANSWER else 2)
    assert " ".join(texts) == heard
    assert [failure.replica for failure in failed] == [plane.stub.url]
    assert ["continue_final_message" in request for request in other.requests] == [True, False]


async def test_a_replica_that_never_ends_is_left(plane: Plane) -> None:
    """Endless repetition is cut at a bound, and the call goes on."""
    plane.script(faults=["endless"], ms_per_char=1)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [failed] = await plane.happened(call, ReplicaFailed, within_s=20)
    assert "characters" in failed.why


@pytest.mark.parametrize("fault", ["refuse", "dies_midway", "garbage"])
async def test_another_voice_takes_a_sentence_up(plane: Plane, fault: Fault) -> None:
    """A speech replica dies in a sentence: what was sent is not sent again."""
    plane.script(answer=lambda _: ANSWER)
    await plane.add_replica(Script(), roles=("speak",))
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        plane.stub.script.tts_faults.append(fault)
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=4, within_s=25)
    happened = plane.happenings(call)
    [failed] = [h for h in happened if isinstance(h, ReplicaFailed)]
    assert failed.role == "speak"
    spoken = [h for h in happened if isinstance(h, SentenceHeard)]
    assert " ".join(h.heard for h in spoken[1:]) == ANSWER
    whole_ms = 15 * (len("Hello.") + len(ANSWER) - 2)
    assert abs(len(caller.heard) / 8 - whole_ms) < 100


async def test_a_replica_without_mulaw_is_spoken_with_in_pcm(plane: Plane) -> None:
    """24 kHz is brought down to the telephone's rate."""
    plane.script(mulaw=False)
    call = plane.answer_call(greeting="Hello there.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
    assert abs(len(caller.heard) / 8 - 15 * len("Hello there.")) < 40


@pytest.mark.parametrize("fault", ["refuse", "dies_midway"])
async def test_another_ear_hears_the_whole_turn(plane: Plane, fault: Fault) -> None:
    """A hearing replica dies with the turn's audio: another one gets all of it."""
    plane.script(stt_faults=[fault])
    second = await plane.add_replica(Script(heard=["heard by the second"]), roles=("hear",))
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [turn] = await plane.happened(call, CallerTurn)
    assert turn.text == "heard by the second"
    assert second.heard_bytes[0] > 0.7 * len(voice("yes"))


async def test_a_replica_that_does_not_take_the_format_is_left_for_another(plane: Plane) -> None:
    """It would hear noise: its own words are in the event, and the next one hears the turn."""
    plane.script(takes_session=False)
    await plane.add_replica(Script(heard=["heard by the second"]), roles=("hear",))
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [turn] = await plane.happened(call, CallerTurn)
    assert turn.text == "heard by the second"
    [failed] = [h for h in plane.happenings(call) if isinstance(h, ReplicaFailed)]
    assert failed.why == "no such session: expected pcm"


async def test_a_call_that_breaks_before_it_begins_is_no_silence(plane: Plane) -> None:
    """Its stream is closed, and the carrier asks what comes next; the call beside it goes on."""
    broken, call = plane.answer_call(), plane.answer_call(greeting="Hello.")
    plane.control.set(media_link.epoch_key(broken.call_id), 1)
    spoken = b'{"turn": 1, "messages": [{"role": "assistant", "tool_calls": [{}]}]}'
    plane.control.set(media_link.conversation_key(broken.call_id), spoken)
    async with plane.caller(broken) as stream, plane.caller(call) as caller:
        async with asyncio.timeout(15):
            await stream.closed.wait()
        assert (stream.close_code, stream.socket.close_reason) == (1008, "broke")
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, CallerTurn)


async def test_when_nobody_thinks_the_caller_is_put_through(plane: Plane) -> None:
    """Every rung failed: an apology from the program's own audio,
    and the carrier dials the person.
    """
    plane.script(faults=["refuse"] * 10)
    call = plane.answer_call(greeting="Hello.", human_number="+12125550199")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [ended] = await plane.happened(call, CallEnded, within_s=25)
        await caller.closed.wait()
    assert ended.reason == "transferred"
    assert (
        "put you through"
        in [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)][-1]
    )
    assert len(caller.heard) > 4 * 8000  # the clip of over four seconds was played


async def test_when_nobody_speaks_the_caller_is_put_through(plane: Plane) -> None:
    """No voice at all, from the first moment."""
    plane.replicas.urls["speak"].clear()
    call = plane.answer_call(human_number="+12125550199")
    async with plane.caller(call) as caller:
        [ended] = await plane.happened(call, CallEnded, within_s=25)
    assert ended.reason == "transferred"
    assert len(caller.heard) > 4 * 8000


async def test_when_nobody_hears_the_caller_is_put_through(plane: Plane) -> None:
    """The turn's text never comes."""
    plane.replicas.urls["hear"].clear()
    call = plane.answer_call(greeting="Hello.", human_number="+12125550199")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [ended] = await plane.happened(call, CallEnded, within_s=25)
    assert ended.reason == "transferred"


async def test_without_a_person_the_carrier_may_bring_the_call_back(plane: Plane) -> None:
    """Nobody to dial: the stream ends as failed, and the call is not over."""
    plane.script(faults=["refuse"] * 10)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await caller.closed.wait()
    await plane.ended(call)
    assert plane.control.get(f"call:{call.call_id}:ended") == b"media_failed"
    assert not any(isinstance(h, CallEnded) for h in plane.happenings(call))


async def test_calls_go_on_while_redis_is_away(plane_on_own_valkey: Plane) -> None:
    """Redis dies in a call: the conversation goes on, and every event is there when it is back."""
    plane = plane_on_own_valkey
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        plane.valkey.kill()
        await caller.say(voice("yes"))
        await caller.agent_speaks()
        await caller.quiet()
        plane.valkey.start()
        await plane.happened(call, SentenceHeard, times=3, within_s=20)
    numbers = [event.number for event in plane.events(call)]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))


async def test_without_redis_the_web_plane_is_told_how_a_call_ended(
    plane_on_own_valkey: Plane,
) -> None:
    """The carrier asks it what comes next, and finds nothing in the region's Redis."""
    plane = plane_on_own_valkey
    call = plane.answer_call(greeting="Hello.", human_number="+12125550199")
    plane.script(faults=["refuse"] * 10)
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        plane.valkey.kill()
        await caller.say(voice("yes"))
        await caller.closed.wait()
        assert plane.web.ends == [{"region": "us-east", "reason": "transferred"}]
    plane.valkey.start()
