"""A caller waits for each stage of a turn over the real media plane, and is spoken to meanwhile."""

from itertools import pairwise
from typing import Any

import pytest

from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import (
    AgentSentence,
    CallEnded,
    CallerTurn,
    CallPlan,
    Retrieved,
    SaidMeanwhile,
    SentenceHeard,
    TurnTimed,
)

ANSWER = "We are open until six."
PASSAGE = {"id": "p1", "title": "Hours", "text": "Open until six.", "score": 0.9}


def said_meanwhile(plane: Plane, call: CallPlan) -> list[tuple[str, str]]:
    """Stage and words, in order."""
    return [(h.stage, h.text) for h in plane.happenings(call) if isinstance(h, SaidMeanwhile)]


async def answered(plane: Plane, **changes: Any) -> CallPlan:
    """A call in which one question is asked and answered, however long that takes."""
    call = plane.answer_call(greeting="Hello.", **changes)
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.say(voice("question"))
        await plane.happened(call, TurnTimed, within_s=20)
        while plane.answers(call, turn=1) != [ANSWER]:
            await plane.happened(call, SentenceHeard, times=3, within_s=20)
    return call


@pytest.mark.parametrize("slow", ["hearing", "knowledge", "model", "speech"])
async def test_whichever_stage_is_late_the_caller_hears_of_it(plane: Plane, slow: str) -> None:
    """Short words come first, the answer follows whole, and the event names the stage."""
    plane.script(answer=lambda _: ANSWER)
    plane.web.passages = [PASSAGE]
    match slow:
        case "hearing":
            plane.script(stt_s=2.0)
        case "knowledge":
            plane.web.knowledge_s = 1.8
        case "model":
            plane.script(first_token_s=2.0)
        case "speech":
            plane.script(first_audio_s=1.8)
    call = await answered(plane, knowledge="tenant")
    told = [h for h in plane.happenings(call) if isinstance(h, AgentSentence) and h.turn == 1]
    assert (slow, told[0].text) in said_meanwhile(plane, call)
    assert told[-1].text == ANSWER
    assert len({h.index for h in told}) == len(told)
    [timed] = [h for h in plane.happenings(call) if isinstance(h, TurnTimed)]
    assert timed.first_audio_ms is not None
    assert timed.answer_ms is not None
    assert timed.first_audio_ms < timed.answer_ms


async def test_short_words_are_no_part_of_what_the_model_remembers(plane: Plane) -> None:
    """The conversation holds what was answered."""
    plane.script(heard=["are you open", "thanks"], answer=lambda _: ANSWER, first_token_s=1.6)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        for turn in (1, 2):
            await caller.say(voice("question"))
            await plane.happened(call, TurnTimed, times=turn, within_s=20)
            await caller.quiet(for_s=1.0)
    assert said_meanwhile(plane, call)
    messages = plane.stub.requests[-1]["messages"]
    assert [m["content"] for m in messages[1:]] == ["Hello.", "are you open", ANSWER, "thanks"]


async def test_late_knowledge_is_waited_for(plane: Plane) -> None:
    """It comes after 1.8 s: the model has it, and the caller was told that it is looked up."""
    plane.web.passages, plane.web.knowledge_s = [PASSAGE], 1.8
    plane.script(answer=lambda _: ANSWER)
    call = await answered(plane, knowledge="tenant")
    [retrieved] = [h for h in plane.happenings(call) if isinstance(h, Retrieved)]
    assert [passage.id for passage in retrieved.passages] == ["p1"]
    assert not retrieved.out_of_reach


async def test_knowledge_out_of_reach_is_not_denied(plane: Plane) -> None:
    """The model says that it does not have it; the caller hears that it cannot be reached."""
    plane.web.knowledge_s = 30.0
    plane.script(answer=lambda _: "I am sorry, I do not have that information. Anything else?")
    call = plane.answer_call(greeting="Hello.", knowledge="tenant")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.say(voice("question"))
        [retrieved] = await plane.happened(call, Retrieved, within_s=20)
        await plane.happened(call, SentenceHeard, times=4, within_s=20)
    assert retrieved.out_of_reach
    assert "cannot be reached" in plane.stub.requests[0]["messages"][-2]["content"]
    answers = " ".join(plane.answers(call, turn=1))
    assert answers.startswith("I can't reach that just now.")
    assert "do not have" not in answers


async def test_a_booking_is_announced_while_it_is_made(plane: Plane) -> None:
    """The model asks for the tool without a word: the caller hears that it is being done."""
    asks = asks_tool("book_visit", '{"service": "drain cleaning", "day": "tuesday"}')
    plane.script(answer=lambda m: ANSWER if m[-1]["role"] == "tool" else asks)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.quiet(for_s=1.0)  # its short words are made meanwhile
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=3)
    assert said_meanwhile(plane, call) == [("tool", "Let me book that.")]
    assert plane.answers(call, turn=1) == [ANSWER]


async def test_a_slow_tool_is_spoken_about_more_than_once(plane: Plane) -> None:
    """Never dead air, and never the same words twice in a row."""
    plane.web.tool_s = 4.5
    asks = asks_tool("book_visit", "{}")
    plane.script(answer=lambda m: ANSWER if m[-1]["role"] == "tool" else asks)
    call = await answered(plane)
    said = said_meanwhile(plane, call)
    assert len(said) >= 2
    assert {stage for stage, _ in said} == {"tool"}
    assert all(one != other for one, other in pairwise(said))


async def test_a_stage_that_never_ends_ends_the_call_with_the_truth(plane: Plane) -> None:
    """Hearing hangs for ever: short words, then the apology, and the carrier dials a person."""
    plane.script(stt_s=60.0)
    call = plane.answer_call(greeting="Hello.", human_number="+12125550199")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.say(voice("question"))
        [ended] = await plane.happened(call, CallEnded, within_s=28)
    assert ended.reason == "transferred"
    assert len(said_meanwhile(plane, call)) >= 2
    assert not any(isinstance(h, CallerTurn) for h in plane.happenings(call))
