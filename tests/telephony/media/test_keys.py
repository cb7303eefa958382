"""A caller presses keys: they are words of the call, on every carrier's media socket."""

import asyncio
from collections.abc import Callable

import pytest
import structlog
from structlog.testing import capture_logs

from telephony.carriers import registry
from telephony.media.audio.key_entry import MAX_KEYS, MAX_KEYS_OF_CALL
from tests.fakes.replicas import asks_tool
from tests.telephony.carriers.streams import StreamEnd, TandemStream, TwilioStream
from tests.telephony.media.caller import Caller, voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallerTurn,
    CallPlan,
    DtmfReceived,
    SentenceHeard,
    TurnTimed,
)

STREAMS: dict[str, Callable[[str], StreamEnd]] = {"twilio": TwilioStream, "tandem": TandemStream}
LONG = "We are open from monday to friday, from eight in the morning until six in the evening."


@pytest.fixture(params=sorted(STREAMS))
def carrier(request: pytest.FixtureRequest) -> str:
    """Each carrier in turn."""
    return str(request.param)


def caller(
    plane: Plane, call: CallPlan, *, carrier: str, tracks: tuple[str, ...] = ("inbound",)
) -> Caller:
    """The carrier's stream of a call, on the carrier's own socket."""
    url = registry.media_url(plane.ws_url, carrier=carrier)
    stream = STREAMS[carrier]
    return Caller(url, call=call.call_id, token=call.token, tracks=tracks, stream=stream)


async def press(line: Caller, keys: str) -> None:
    """One key after the other."""
    for key in keys:
        await line.press(key)


def said(plane: Plane, call: CallPlan) -> list[str]:
    """The caller's turns so far."""
    return [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)]


async def test_keys_are_the_callers_turn_and_the_model_answers_them(
    plane: Plane, carrier: str
) -> None:
    """A reference and its sign: the model reads it, asks the tool, and the transcript has it."""
    plane.script(
        answer=lambda messages: (
            "It is booked."
            if messages[-1]["role"] == "tool"
            else asks_tool("check_status", f'{{"reference": "{messages[-1]["content"]}"}}')
        )
    )
    call = plane.answer_call(greeting="What is your reference?")
    async with caller(plane, call, carrier=carrier) as line:
        await line.quiet()
        await press(line, "4545#")
        await plane.happened(call, TurnTimed)
    assert said(plane, call) == ["4545"]
    assert [h.digit for h in plane.happenings(call) if isinstance(h, DtmfReceived)] == [
        "",
        "",
        "",
        "",
        "#",
    ]
    assert plane.stub.requests[0]["messages"][-1] == {"role": "user", "content": "4545"}
    [(name, body)] = plane.web.tool_calls
    assert (name, body["arguments"]) == ("check_status", {"reference": "4545"})
    assert plane.answers(call, turn=1) == ["It is booked."]


async def test_keys_without_their_sign_end_with_a_pause(plane: Plane, carrier: str) -> None:
    """Two seconds of silence."""
    call = plane.answer_call(greeting="Hello.")
    async with caller(plane, call, carrier=carrier) as line:
        await line.quiet()
        await press(line, "12*45")
        [turn] = await plane.happened(call, CallerTurn)
    assert turn.text == "45"


async def test_keys_over_the_agents_voice_cut_it(plane: Plane, carrier: str) -> None:
    """As a word would, with the first key."""
    plane.script(ms_per_char=60)
    call = plane.answer_call(greeting=LONG)
    async with caller(plane, call, carrier=carrier) as line:
        await line.agent_speaks()
        await line.press("1")
        await plane.happened(call, BargeIn)
        assert line.clears >= 1
        await line.press("#")
        await plane.happened(call, CallerTurn)
    assert said(plane, call) == ["1"]


async def test_keys_stand_between_the_words_before_and_after_them(
    plane: Plane, carrier: str
) -> None:
    """One turn, in the order in which it was said and pressed."""
    plane.script(heard=["my reference is", "thank you"])
    call = plane.answer_call(greeting="Hello.")
    async with caller(plane, call, carrier=carrier) as line:
        await line.quiet()
        await line.say(voice("yes"))
        await press(line, "4545")
        await line.say(voice("yes"))
        await line.press("#")
        await plane.happened(call, CallerTurn)
    assert said(plane, call) == ["my reference is 4545 thank you"]


async def test_keys_that_are_taken_back_leave_the_agent_where_it_was(plane: Plane) -> None:
    """A star, then the sign: nothing was said, and what it cut is taken up."""
    plane.script(ms_per_char=60)
    call = plane.answer_call(greeting=LONG)
    async with caller(plane, call, carrier="twilio") as line:
        await line.agent_speaks()
        await press(line, "12*#")
        await line.agent_speaks()
        heard = await plane.happened(call, SentenceHeard)
    assert line.clears == 1
    assert heard[0].heard == LONG
    assert said(plane, call) == []


async def test_a_sign_alone_says_nothing_and_cuts_nothing(plane: Plane) -> None:
    """Nor does a star; what is pressed stands in the events."""
    plane.script(ms_per_char=40)
    call = plane.answer_call(greeting="Thanks for calling Rivertown Plumbing, this is Anna.")
    async with caller(plane, call, carrier="twilio") as line:
        await line.agent_speaks()
        await press(line, "#*#")
        await plane.happened(call, SentenceHeard)
        assert line.clears == 0
    assert [h.digit for h in plane.happenings(call) if isinstance(h, DtmfReceived)] == list("#*#")
    assert not [h for h in plane.happenings(call) if isinstance(h, BargeIn | CallerTurn)]


async def test_a_flood_of_keys_is_bounded(plane: Plane) -> None:
    """In one entry and in the call; what is no key is none."""
    call = plane.answer_call(greeting="Hello.")
    async with caller(plane, call, carrier="twilio") as line:
        await line.quiet()
        await press(line, "A" * 10 + "7" * (2 * MAX_KEYS_OF_CALL))
        await plane.happened(call, CallerTurn)
        await line.stop()
        await plane.ended(call)
    pressed = [h.digit for h in plane.happenings(call) if isinstance(h, DtmfReceived)]
    assert pressed == [""] * (MAX_KEYS_OF_CALL - 10)
    assert all(len(text) <= MAX_KEYS_OF_CALL for text in said(plane, call))
    assert MAX_KEYS < MAX_KEYS_OF_CALL


async def test_keys_of_a_shadowed_call_are_the_callers_too(plane: Plane) -> None:
    """The person who answered is not asked, and nothing is spoken."""
    call = plane.answer_call(audience="screen")
    tracks = ("inbound", "outbound")
    async with caller(plane, call, carrier="twilio", tracks=tracks) as line:
        await plane.happened(call, CallAnswered)
        await press(line, "4545#")
        [turn] = await plane.happened(call, CallerTurn)
        await plane.happened(call, AgentSentence)
    assert (turn.text, turn.speaker) == ("4545", "caller")
    assert not line.heard


async def test_no_key_is_in_the_logs(plane: Plane) -> None:
    """They may be a card's."""
    structlog.reset_defaults()
    call = plane.answer_call(greeting="Hello.")
    with capture_logs() as logs:
        async with caller(plane, call, carrier="twilio") as line:
            await line.quiet()
            await press(line, "4929123412341234#")
            await plane.happened(call, CallerTurn)
            await line.stop()
            await plane.ended(call)
    assert logs
    assert "1234" not in str([{**entry, "call": "", "stream": ""} for entry in logs])


async def test_a_caller_whose_voice_nobody_hears_can_still_press_keys(plane: Plane) -> None:
    """No replica transcribes; the keys are answered."""
    plane.replicas.urls["hear"].clear()
    call = plane.answer_call(greeting="Hello.")
    async with caller(plane, call, carrier="twilio") as line:
        await line.quiet()
        await press(line, "1#")
        [turn] = await plane.happened(call, CallerTurn)
        await asyncio.wait_for(plane.happened(call, SentenceHeard, times=2), timeout=10)
    assert turn.text == "1"
