"""A danger, or the wish for a person, ends the agent's part at once, whatever its model does."""

import pytest

from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import AgentSentence, CallEnded, CallerTurn, ToolCalled


@pytest.mark.parametrize(
    ("words", "language", "said", "reason"),
    [
        ("I smell gas.", "en", "hang up and call your emergency number now", "emergency"),
        ("Let me talk to somebody.", "en", "putting you through to a person", "a person"),
        ("Huele a gas.", "es", "número de emergencias", "emergency"),
    ],
)
async def test_a_caller_is_put_through_without_the_model(
    plane: Plane, words: str, language: str, said: str, reason: str
) -> None:
    """The model would have gone on talking; it is not asked."""
    plane.script(heard=[words], answer=lambda _: "What is your address?")
    call = plane.answer_call(
        greeting="Hello.", language=language, vertical="homeservices", human_number="+12125550199"
    )
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, CallEnded)
    happened = plane.happenings(call)
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == [words]
    spoken = " ".join(h.text for h in happened if isinstance(h, AgentSentence))
    assert said in spoken
    assert "address" not in spoken
    [called] = [h for h in happened if isinstance(h, ToolCalled)]
    assert called.name == "transfer_to_person"
    assert reason in called.arguments
    assert isinstance(happened[-1], CallEnded)
    assert happened[-1].reason == "transferred"
    assert plane.stub.requests == []


async def test_no_knowledge_tool_or_model_is_waited_for(plane: Plane) -> None:
    """All of them stand still: the caller is told and put through all the same."""
    plane.script(
        heard=["there's a fire in the kitchen"],
        first_token_s=30.0,
        answer=lambda _: asks_tool("x", "{}"),
    )
    plane.web.knowledge_s = plane.web.tool_s = 30.0
    call = plane.answer_call(greeting="Hello.", knowledge="tenant", human_number="+12125550199")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, CallEnded)
    ended = plane.happenings(call)[-1]
    assert isinstance(ended, CallEnded)
    assert ended.reason == "transferred"


async def test_in_shadow_mode_it_is_what_the_agent_would_have_done(plane: Plane) -> None:
    """A person has the call already: nothing is run."""
    plane.script(heard=["can I speak to a human"])
    call = plane.answer_call(audience="screen")
    async with plane.caller(call, tracks=("inbound", "outbound")) as caller:
        await caller.say(voice("question"))
        [called] = await plane.happened(call, ToolCalled)
        await caller.stop()
    assert (called.name, called.ran) == ("transfer_to_person", False)
    assert plane.web.tool_calls == []
    assert plane.stub.requests == []
