"""Whole calls over real sockets: what the caller hears and what the transcript says."""

from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import AgentSentence, CallAnswered, CallEnded, CallerTurn, SentenceHeard, TurnTimed


async def test_a_caller_is_greeted_answered_and_recorded(plane: Plane) -> None:
    """Voice in, voice out: greeting, one turn, hanging up; all of it in the events, in order."""
    plane.script(
        heard=["do you charge extra for weekend visits"], answer=lambda _: "Yes, forty dollars. Anything else?"
    )
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=4)
        await caller.stop()
        await plane.ended(call)
    happened = plane.happenings(call)
    assert isinstance(happened[0], CallAnswered)
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == ["do you charge extra for weekend visits"]
    assert [(h.turn, h.index, h.text) for h in happened if isinstance(h, AgentSentence)] == [
        (0, 0, "Thanks for calling Rivertown Plumbing, this is Anna."),
        (0, 1, "How can I help?"),
        (1, 0, "Yes, forty dollars."),
        (1, 1, "Anything else?"),
    ]
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)][2:] == ["Yes, forty dollars.", "Anything else?"]
    [timed] = [h for h in happened if isinstance(h, TurnTimed)]
    assert None is not timed.end_of_turn_ms <= (timed.first_audio_ms or 0)
    assert isinstance(happened[-1], CallEnded)
    assert happened[-1].reason == "caller_hung_up"
    assert [event.number for event in plane.events(call)] == list(range(1, len(happened) + 1))
    assert len(plane.web.recordings) == 1
