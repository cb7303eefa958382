"""A card's number that a caller says or keys in is kept nowhere."""

import asyncio

from telephony import media_link
from telephony.calls.wav import HEADER_BYTES
from telephony.media.audio.recording import FinishedRecording
from telephony.media.speech.card_guard import OPEN
from tests.telephony.media.audio.line import sides
from tests.telephony.media.caller import voice
from tests.telephony.media.faulty_line import stretches
from tests.telephony.media.plane import Plane
from verticals.spoken.card_numbers import MASKED
from warmline.kernel.call import (
    AgentSentence,
    CallerTurn,
    CallPlan,
    CardNumberSaid,
    Recorded,
    SentenceHeard,
)
from warmline.kernel.conversation import decode_conversation

CARD = "4111 1111 1111 1111"
AGENT = "Thank you."


def turns(plane: Plane, call: CallPlan) -> list[str]:
    return [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)]


async def kept(plane: Plane, call: CallPlan) -> str:
    stored = await media_link.read_conversation(plane.redis, call.call_id)
    assert stored is not None
    return " ".join(m.content or "" for m in decode_conversation(stored).messages)


def caller_is_silent(plane: Plane, said: CardNumberSaid) -> bool:
    wav = plane.web.recordings[1]
    left, right = sides(FinishedRecording(wav, (len(wav) - HEADER_BYTES) / 32_000, 0.0))
    start = plane.web.recordings_start[1]
    # A stream may begin some frames before its call was claimed: no part begins before the call.
    span = slice(int(said.from_ms - start + 200) * 8, int(said.until_ms - start - 200) * 8)
    return not stretches(left[span]) and not stretches(right[span])


async def test_a_card_number_is_in_no_event_no_request_and_no_recording(plane: Plane) -> None:
    """What is told instead is that one was said; what was said before it is recorded."""
    plane.script(heard=["are you open", f"yes it is {CARD} thanks"], answer=lambda _: AGENT)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        for turn in (1, 2):
            await caller.say(voice("question"))
            await plane.happened(call, SentenceHeard, times=1 + turn)
        assert "1111" not in await kept(plane, call)
        await caller.stop()
        await plane.happened(call, Recorded)
    assert turns(plane, call) == ["are you open", f"yes it is {MASKED} thanks"]
    assert "1111" not in str(plane.happenings(call))
    assert "1111" not in str(plane.stub.requests)
    assert MASKED in str(plane.stub.requests[-1])
    [said] = [h for h in plane.happenings(call) if isinstance(h, CardNumberSaid)]
    assert said.turn == 2
    assert caller_is_silent(plane, said)
    wav = plane.web.recordings[1]
    left, _ = sides(FinishedRecording(wav, 0.0, 0.0))
    assert stretches(left), "the first question is there"


async def test_a_card_number_said_over_several_turns_is_kept_of_none_of_them(plane: Plane) -> None:
    """Until the last one it might be another number: nothing of it leaves the process so long."""
    groups = ["sure it's four one one one", "one one one one", "1111", "1111."]
    plane.script(heard=[*groups, "goodbye"], answer=lambda _: "Go on.")
    call = plane.answer_call(greeting="What is the number of your card?")
    async with plane.caller(call) as caller:
        await caller.quiet()
        for turn, _ in enumerate(groups, 1):
            await caller.say(voice("yes"))
            if turn < len(groups):
                await caller.agent_speaks()
                await caller.quiet()
                assert "one one one" not in await kept(plane, call)
                assert "1111" not in await kept(plane, call)
                assert turns(plane, call) == []
        await plane.happened(call, CardNumberSaid)
        await caller.quiet()
        assert "one one" not in await kept(plane, call)
        await caller.stop()
        await plane.happened(call, Recorded)
    assert turns(plane, call) == [f"sure it's {MASKED}", MASKED, MASKED, f"{MASKED}."]
    assert "one one" not in str(plane.happenings(call))
    said_by_agent = [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert said_by_agent.count("Go on.") >= 3
    [said] = [h for h in plane.happenings(call) if isinstance(h, CardNumberSaid)]
    numbers = [event.number for event in plane.events(call)]
    assert numbers == sorted(numbers)
    assert said.until_ms - said.from_ms > 1000


async def test_digits_that_were_no_card_are_told_when_that_is_known(plane: Plane) -> None:
    """A reference of eight digits: the next turn decides, and the end of the call."""
    plane.script(heard=["4512 8833", "no that is all", "6000"], answer=lambda _: AGENT)
    call = plane.answer_call(greeting="What is your reference?")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await caller.agent_speaks()
        await caller.quiet()
        assert OPEN in await kept(plane, call)
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=3)
        assert turns(plane, call) == ["4512 8833", "no that is all"]
        assert "4512 8833" in await kept(plane, call)
        await caller.say(voice("yes"))
        await caller.agent_speaks()
        await caller.stop()
        await plane.ended(call)
    assert turns(plane, call)[-1] == "6000"
    assert plane.stub.requests[0]["messages"][-1]["content"] == "4512 8833"


async def test_a_card_number_that_is_keyed_in_is_kept_nowhere(plane: Plane) -> None:
    """Neither as an entry nor key by key."""
    plane.script(answer=lambda _: AGENT)
    call = plane.answer_call(greeting="Please key in your number.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        for key in CARD.replace(" ", "") + "#":
            await caller.press(key)
        await plane.happened(call, SentenceHeard, times=2)
        assert "4111" not in await kept(plane, call)
        await caller.stop()
        await plane.happened(call, Recorded)
    assert turns(plane, call) == [MASKED]
    assert "digit='1'" not in str(plane.happenings(call))
    assert [h for h in plane.happenings(call) if isinstance(h, CardNumberSaid)]


async def test_a_shadowed_call_keeps_none_either(plane: Plane) -> None:
    """Nor where the person who answers says the number again."""
    plane.script(heard=[CARD], answer=lambda _: AGENT)
    call = plane.answer_call(audience="screen")
    async with plane.caller(call, tracks=("inbound", "outbound")) as caller:
        await caller.say(voice("question"))
        await plane.happened(call, CallerTurn)
        await caller.say(voice("question"), track="outbound")
        await asyncio.sleep(0.5)
        await caller.stop()
        await plane.happened(call, Recorded)
    assert turns(plane, call)[0] == MASKED
    assert "1111" not in str(plane.happenings(call))
    assert "1111" not in str(plane.stub.requests)
