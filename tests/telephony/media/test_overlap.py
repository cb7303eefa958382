"""Speech over the agent's, and over its thinking: what stops it, and what it goes on through."""

from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import AgentSentence, BargeIn, CallerTurn, SentenceHeard

LONG = (
    "We are open from monday to friday from eight in the morning until six in the evening "
    "and on saturdays too."
)
ASKS = "We could come on tuesday at nine in the morning. Would that suit you?"


async def speak_over(
    plane: Plane, said: str, *, answer: str = LONG, **changes: object
) -> list[object]:
    """A call in which the caller says something over the answer to a first question;
    what happened until all was heard.
    """
    plane.script(heard=["are you open", said], answer=lambda _: answer, ms_per_char=40, **changes)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await caller.agent_speaks()
        await caller.say(voice("yes"))
        await caller.quiet(for_s=1.5, within_s=20)
        await caller.stop()
        await plane.ended(call)
    return plane.happenings(call)


async def test_a_listeners_word_does_not_stop_the_agent(plane: Plane) -> None:
    """ "Okay" over its sentence: the sentence is heard to its end, and no turn is made of it."""
    happened = await speak_over(plane, "Okay.")
    assert len([h for h in happened if isinstance(h, CallerTurn)]) == 1
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)] == ["Hello.", LONG]
    assert not any(isinstance(h, BargeIn) for h in happened)
    assert len(plane.stub.requests) == 1
    assert plane.stub.spoken.count(LONG.lower()) + plane.stub.spoken.count(LONG) == 1


async def test_a_cough_does_not_stop_the_agent(plane: Plane) -> None:
    """Voice without words: the sentence goes on where it was cut."""
    happened = await speak_over(plane, "")
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)] == ["Hello.", LONG]


async def test_a_word_that_wants_something_stops_the_agent(plane: Plane) -> None:
    """ "Wait" is short, too."""
    happened = await speak_over(plane, "Wait.")
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == ["are you open", "Wait."]
    [cut] = [h for h in happened if isinstance(h, SentenceHeard) and h.turn == 1]
    assert cut.cut
    assert LONG.startswith(cut.heard)
    assert [h.turn for h in happened if isinstance(h, BargeIn)] == [1]


async def test_okay_over_the_end_of_a_question_answers_it(plane: Plane) -> None:
    """A question that was nearly heard is answered by what would else be a listener's word."""
    plane.script(heard=["are you open", "Okay."], answer=lambda _: ASKS, ms_per_char=25)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, SentenceHeard, times=2)
        await caller.say(b"\xff" * 160 * 20 + voice("yes"))
        turns = await plane.happened(call, CallerTurn, times=2)
    assert [turn.text for turn in turns] == ["are you open", "Okay."]


async def test_a_noise_while_it_thinks_does_not_lose_the_answer(plane: Plane) -> None:
    """Nothing was audible yet: the answer comes all the same, and is made once."""
    plane.script(heard=["are you open", "Mm-hm."], answer=lambda _: "Yes.", first_token_s=1.0)
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, CallerTurn)
        await caller.say(voice("yes"))
        heard = await plane.happened(call, SentenceHeard, times=2)
    assert [h.heard for h in heard] == ["Hello.", "Yes."]
    assert len(plane.stub.requests) == 1


async def test_a_second_question_before_the_answer_leaves_both_to_be_answered(
    plane: Plane,
) -> None:
    """Both are looked up, the model reads both, and no answer to the first alone is heard."""
    plane.web.passages = [{"id": "p1", "title": "Prices", "text": "Forty dollars.", "score": 0.9}]
    plane.script(
        heard=["are you open", "and what does it cost"],
        answer=lambda m: f"You asked: {m[-1]['content']}.",
        first_token_s=1.0,
    )
    call = plane.answer_call(greeting="Hello.", knowledge="tenant")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("question"))
        await plane.happened(call, CallerTurn)
        await caller.say(voice("stop"))
        while not plane.answers(call, turn=2):
            await plane.happened(call, SentenceHeard, times=2)
    assert plane.answers(call, turn=1) == []
    assert plane.answers(call, turn=2) == ["You asked: are you open and what does it cost."]
    assert plane.web.queries[-1] == "are you open and what does it cost"


RECORDED = "Thanks for calling Rivertown Plumbing. This call is recorded. How can I help?"


async def test_what_a_caller_cut_of_the_greeting_comes_before_the_answer(plane: Plane) -> None:
    """He must know that he is recorded; what he heard, and the question, are not said again."""
    plane.script(heard=["are you open"], answer=lambda _: "Yes.", ms_per_char=40)
    call = plane.answer_call(greeting=RECORDED)
    async with plane.caller(call) as caller:
        await caller.agent_speaks()
        await caller.say(b"\xff" * 160 * 40 + voice("stop"))
        await plane.happened(call, AgentSentence, times=5)
    said = [(h.turn, h.text) for h in plane.happenings(call) if isinstance(h, AgentSentence)]
    assert [text for turn, text in said if turn == 1] == ["This call is recorded.", "Yes."]


async def test_hello_over_the_greeting_lets_it_go_on(plane: Plane) -> None:
    """It is a greeting too: all of ours is heard."""
    plane.script(heard=["Hello?"], ms_per_char=30)
    call = plane.answer_call(greeting=RECORDED)
    async with plane.caller(call) as caller:
        await caller.agent_speaks()
        await caller.say(voice("yes"))
        heard = await plane.happened(call, SentenceHeard, times=3)
    assert " ".join(h.heard for h in heard) == RECORDED
    assert not any(isinstance(h, CallerTurn) for h in plane.happenings(call))


async def test_words_over_the_agent_that_were_not_understood_are_asked_about(plane: Plane) -> None:
    """Somebody wants something: the agent stops, and asks what."""
    plane.script(heard=["the cat will question"], logprobs=[-1.6], ms_per_char=40)
    call = plane.answer_call(greeting=LONG)
    async with plane.caller(call) as caller:
        await caller.agent_speaks()
        await caller.say(voice("yes"))
        said = await plane.happened(call, AgentSentence, times=2)
    assert said[1].text == "Sorry, could you say that again?"
    assert plane.stub.requests == []
