"""Callers who pause in a sentence, and callers who have said it all, over real sockets."""

from pathlib import Path

from telephony.media.turn_end.smart_turn import SmartTurn
from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import SILENT_FRAME, voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.turn_end.models import steady_model
from warmline.kernel.agent import Limits
from warmline.kernel.call import CallerTurn, SentenceHeard, ToolCalled


async def test_a_number_is_heard_to_its_end_whatever_the_silence_between_its_groups(
    plane: Plane,
) -> None:
    """A pause twice as long as the agent's own limit, and the number is one turn."""
    begun = "my number is four one five"
    heard = [begun, f"{begun} five five five oh one two three"]
    plane.script(heard=heard, answer=lambda m: f"You said {m[-1]['content']}.")
    call = plane.answer_call(greeting="Hello.", limits=Limits(silence_ms=400))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes") + SILENT_FRAME * 40 + voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
    assert [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)] == heard[-1:]


async def test_nothing_is_done_and_nothing_said_for_a_caller_who_goes_on(plane: Plane) -> None:
    """The model asked for a tool in the pause; neither it nor the model's words leave."""
    heard = ["i would like to book a", "i would like to book a drain cleaning for tuesday."]

    def answer(messages: list[dict[str, object]]) -> object:
        if messages[-1]["role"] == "tool":
            return "You are booked."
        service = "anything" if messages[-1]["content"] == heard[0] else "drain cleaning"
        return asks_tool("book_visit", f'{{"service": "{service}"}}')

    plane.script(heard=heard, answer=answer)
    call = plane.answer_call(greeting="Hello.", limits=Limits(silence_ms=400))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes") + SILENT_FRAME * 40 + voice("yes"))
        await plane.happened(call, SentenceHeard, times=3)
    assert [body["arguments"] for _, body in plane.web.tool_calls] == [
        {"service": "drain cleaning"}
    ]
    happened = plane.happenings(call)
    assert len([h for h in happened if isinstance(h, ToolCalled)]) == 1
    assert plane.answers(call, turn=1) == ["You are booked."]
    # it was thought ahead: the model had both
    asked = [request["messages"][-1]["content"] for request in plane.stub.requests]
    assert asked[:2] == heard


async def test_a_yes_to_the_question_just_asked_is_answered_before_the_agents_silence_is_over(
    plane: Plane,
) -> None:
    """With a limit of three seconds the answer comes in a pause of two."""
    plane.script(heard=["yes please", "and thank you"], answer=lambda _: "Done.")
    call = plane.answer_call(greeting="Shall I book it?", limits=Limits(silence_ms=3000))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes") + SILENT_FRAME * 100)
        assert [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)] == [
            "yes please"
        ]


async def test_a_voice_that_stays_up_is_waited_for_whatever_the_words(
    plane: Plane, tmp_path: Path
) -> None:
    """Words that may be all, a voice that is not done: a pause of twice the limit is within."""
    heard = ["we have a leak in the kitchen", "we have a leak in the kitchen and in the bath"]
    plane.script(heard=heard, answer=lambda m: f"You said {m[-1]['content']}.")
    model = SmartTurn(steady_model(tmp_path, probability=0.01), deadline_s=60)
    second, plane.ws_url = await plane.another_server("w2", smart_turn=model)
    call = plane.answer_call(greeting="Hello.", limits=Limits(silence_ms=600))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes") + SILENT_FRAME * 60 + voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
    await second.drain(deadline_s=0.1)
    assert [h.text for h in plane.happenings(call) if isinstance(h, CallerTurn)] == heard[-1:]
