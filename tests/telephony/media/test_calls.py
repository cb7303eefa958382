"""Whole calls over real sockets: what the caller hears and what the transcript says."""

import io
import wave

from tests.fakes.replicas import asks_tool
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.agent import Limits
from warmline.kernel.call import (
    AgentSentence,
    BargeIn,
    CallAnswered,
    CallEnded,
    CallerTurn,
    DtmfReceived,
    Recorded,
    Retrieved,
    SentenceHeard,
    ToolCalled,
    ToolReturned,
    TurnTimed,
)

LONG = (
    "We are open from monday to friday from eight in the morning until six in the evening "
    "and on saturdays too."
)


async def test_a_caller_is_greeted_answered_and_recorded(plane: Plane) -> None:
    """Voice in, voice out: greeting, one turn, hanging up; all of it in the events, in order."""
    plane.script(
        heard=["do you charge extra for weekend visits"],
        answer=lambda _: "Yes, forty dollars. Anything else?",
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
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == [
        "do you charge extra for weekend visits"
    ]
    assert [(h.turn, h.index, h.text) for h in happened if isinstance(h, AgentSentence)] == [
        (0, 0, "Thanks for calling Rivertown Plumbing, this is Anna."),
        (0, 1, "How can I help?"),
        (1, 0, "Yes, forty dollars."),
        (1, 1, "Anything else?"),
    ]
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)][2:] == [
        "Yes, forty dollars.",
        "Anything else?",
    ]
    assert isinstance(happened[-1], CallEnded)
    assert happened[-1].reason == "caller_hung_up"
    assert [event.number for event in plane.events(call)] == list(range(1, len(happened) + 1))


async def test_each_turn_tells_its_waterfall(plane: Plane) -> None:
    """Every stage is timed from the caller's last speech frame, and in its order."""
    call = plane.answer_call(knowledge="tenant")
    plane.web.passages = [
        {"id": "p1", "title": "Prices", "text": "Weekends cost forty dollars.", "score": 0.9}
    ]
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [timed] = await plane.happened(call, TurnTimed)
    stages = (timed.first_token_ms, timed.first_sentence_ms, timed.first_audio_ms)
    assert None not in (*stages, timed.end_of_turn_ms, timed.final_text_ms, timed.retrieval_ms)
    assert timed.final_text_ms <= timed.retrieval_ms <= stages[0] <= stages[1] <= stages[2]
    assert timed.end_of_turn_ms <= timed.first_audio_ms
    assert (timed.replica, timed.prompt_tokens) == (plane.stub.url, 50)


async def test_both_sides_are_on_the_recording(plane: Plane) -> None:
    """Left the caller, right the agent, each where it was heard."""
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await caller.stop()
        [recorded] = await plane.happened(call, Recorded)
    [body] = plane.web.recordings.values()
    with wave.open(io.BytesIO(body)) as wav:
        assert (wav.getnchannels(), wav.getframerate(), wav.getsampwidth()) == (2, 8000, 2)
        assert abs(wav.getnframes() / 8000 - recorded.seconds) < 0.1
        samples = wav.readframes(wav.getnframes())
    left, right = samples[0::4] + samples[1::4], samples[2::4] + samples[3::4]
    assert any(left)
    assert any(right)
    assert plane.web.tokens == {f"Bearer {call.token}"}


async def test_a_caller_who_interrupts_silences_the_agent(plane: Plane) -> None:
    """The carrier's buffer is cleared, and the model is told only what was heard."""
    plane.script(
        heard=["are you open", "wait i have a question"], answer=lambda _: LONG, ms_per_char=60
    )
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await caller.agent_speaks()
        await caller.say(voice("stop"))
        await plane.happened(call, CallerTurn, times=2)
        await plane.happened(call, TurnTimed, times=2)
    assert caller.clears >= 1
    happened = plane.happenings(call)
    assert [h.turn for h in happened if isinstance(h, BargeIn)] == [1]
    [cut] = [h for h in happened if isinstance(h, SentenceHeard) and h.turn == 1]
    assert cut.cut
    assert 0 < len(cut.heard) < len(LONG)
    assert LONG.startswith(cut.heard)
    messages = plane.stub.requests[-1]["messages"]
    assert messages[-2:] == [
        {"role": "assistant", "content": cut.heard},
        {"role": "user", "content": "wait i have a question"},
    ]


async def test_a_pause_in_a_sentence_is_one_turn(plane: Plane) -> None:
    """What was thought ahead in a pause is thrown away,
    and the words before it are heard again with the rest.
    """
    heard = ["i would like to book", "i would like to book a drain cleaning"]
    plane.script(heard=heard, answer=lambda m: f"You said {m[-1]['content']}.")
    call = plane.answer_call(greeting="Hello.", limits=Limits(silence_ms=900))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes") + b"\xff" * 160 * 18 + voice("yes"))
        [turn] = await plane.happened(call, CallerTurn)
        await plane.happened(call, SentenceHeard, times=2)
    assert turn.text == "i would like to book a drain cleaning"
    first, whole = plane.stub.heard_bytes
    assert whole > 1.8 * first
    sentences = [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert sentences == ["Hello.", "You said i would like to book a drain cleaning."]


async def test_knowledge_stands_before_the_callers_words(plane: Plane) -> None:
    """Passages are asked for with the caller's words and cited in the events."""
    plane.web.passages = [
        {"id": "p1", "title": "Prices", "text": "Weekends cost forty dollars.", "score": 0.9}
    ]
    plane.script(heard=["do you charge extra"])
    call = plane.answer_call(knowledge="tenant")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [retrieved] = await plane.happened(call, Retrieved)
    assert plane.web.queries == ["do you charge extra"]
    assert [p.id for p in retrieved.passages] == ["p1"]
    assert [m["content"] for m in plane.stub.requests[0]["messages"][-2:]] == [
        "Knowledge:\n[1] Weekends cost forty dollars.",
        "do you charge extra",
    ]


async def test_a_tool_runs_once_and_its_result_is_spoken(plane: Plane) -> None:
    """The model asks, the web plane acts, the model tells."""

    def answer(messages: list[dict[str, object]]) -> str | list[dict[str, object]]:
        if messages[-1]["role"] == "tool":
            return "You are booked. Anything else?"
        return asks_tool("book_visit", '{"service": "drain cleaning", "day": "tuesday"}')

    plane.script(answer=answer)
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=4)
    [(name, body)] = plane.web.tool_calls
    assert (name, body["arguments"]) == (
        "book_visit",
        {"service": "drain cleaning", "day": "tuesday"},
    )
    happened = plane.happenings(call)
    [called] = [h for h in happened if isinstance(h, ToolCalled)]
    [returned] = [h for h in happened if isinstance(h, ToolReturned)]
    assert called.ran
    assert called.tool_call_id == returned.tool_call_id == body["tool_call_id"]
    asked, answered = plane.stub.requests[-1]["messages"][-2:]
    assert asked["tool_calls"][0]["id"] == answered["tool_call_id"]
    assert "four seven two" in answered["content"]


async def test_a_tool_that_is_not_offered_is_not_run(plane: Plane) -> None:
    """The model may ask for anything; only the plan's tools run."""
    plane.script(
        answer=lambda m: (
            "I can not do that." if m[-1]["role"] == "tool" else asks_tool("wire_money", "{}")
        )
    )
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [called] = await plane.happened(call, ToolCalled)
        await plane.happened(call, SentenceHeard, times=3)
    assert not called.ran
    assert plane.web.tool_calls == []


async def test_a_goodbye_ends_the_call_after_its_last_word(plane: Plane) -> None:
    """The stream closes when the caller has heard it all,
    and the end is where the carrier's next verb looks.
    """
    plane.script(answer=lambda _: "Thank you for calling. Goodbye.")
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [ended] = await plane.happened(call, CallEnded, within_s=15)
        await caller.closed.wait()
    assert ended.reason == "agent_said_goodbye"
    assert plane.control.get(f"call:{call.call_id}:ended") == b"agent_said_goodbye"
    heard = [h for h in plane.happenings(call) if isinstance(h, SentenceHeard)]
    assert not any(h.cut for h in heard)
    assert heard[-1].heard == "Goodbye."


async def test_a_transfer_ends_the_stream_for_the_carrier_to_dial(plane: Plane) -> None:
    """The tool runs, the agent says so, the stream ends as transferred."""
    asks = asks_tool("transfer_to_person", '{"reason": "caller asked"}')
    plane.web.result = {"status": "transferring"}
    plane.script(answer=lambda m: "Please hold." if m[-1]["role"] == "tool" else asks)
    call = plane.answer_call(human_number="+12125550199")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        [ended] = await plane.happened(call, CallEnded, within_s=15)
    assert ended.reason == "transferred"


async def test_an_empty_answer_is_not_dead_air(plane: Plane) -> None:
    """The model says nothing: the agent asks again."""
    plane.script(faults=["empty"])
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=2)
    assert plane.stub.spoken[-1] == "Sorry, could you say that again?"


async def test_a_silent_caller_is_asked_and_then_let_go(plane: Plane) -> None:
    """Nobody speaks: one question, then the end."""
    call = plane.answer_call(greeting="Hello.", limits=Limits(idle_seconds=1))
    async with plane.caller(call):
        [ended] = await plane.happened(call, CallEnded, within_s=20)
    assert ended.reason == "agent_said_goodbye"
    texts = [h.text for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert texts[:2] == ["Hello.", "Are you still there?"]


async def test_a_call_has_a_longest_length(plane: Plane) -> None:
    """At the limit the agent takes leave."""
    call = plane.answer_call(greeting="Hello.", limits=Limits(max_seconds=1))
    async with plane.caller(call):
        [ended] = await plane.happened(call, CallEnded, within_s=20)
    assert ended.reason == "too_long"


async def test_keys_are_noted(plane: Plane) -> None:
    """That one was pressed, not which: it may be of a card's number."""
    call = plane.answer_call()
    async with plane.caller(call) as caller:
        await plane.happened(call, CallAnswered)
        dtmf = {"track": "inbound_track", "digit": "5"}
        await caller.send({"event": "dtmf", "streamSid": caller.stream_id, "dtmf": dtmf})
        [pressed] = await plane.happened(call, DtmfReceived)
    assert pressed.digit == ""
