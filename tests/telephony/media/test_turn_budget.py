"""How long a caller waits before something is said, and what: on a clock that jumps."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest

from telephony.media.speech import meanwhile_phrases, phrases
from telephony.media.speech.meanwhile_phrases import chosen, worth_making
from telephony.media.speech.turn_budget import (
    GiveUp,
    LookAgain,
    SaySomething,
    Wait,
    Waiting,
    decide,
)
from tests.telephony.media.plans import BOOK, CHECK, TRANSFER
from warmline.kernel.vertical import Tool, ToolParameter

TOOLS = (BOOK, CHECK, TRANSFER)
CALENDAR = Tool(
    name="check_availability",
    description="free times on a day",
    parameters=(ToolParameter("day", "the day"),),
    writes=False,
)
STAGES = ("hearing", "knowledge", "model", "tool", "speech")


def sounds(*, from_ms: float, said_ms: float) -> Iterator[tuple[float, float]]:
    """What a caller hears whose answer never comes: when each of the short words begins and ends.

    Returns when he is told the end.
    """
    now_ms, quiet_since_ms = from_ms, None
    while True:
        match decide(Waiting(from_ms, quiet_since_ms), now_ms=now_ms):
            case LookAgain(at_ms):
                assert at_ms > now_ms
                now_ms = at_ms
            case SaySomething():
                quiet_since_ms = now_ms + said_ms
                yield now_ms, quiet_since_ms
            case GiveUp():
                yield now_ms, now_ms
                return


@pytest.mark.parametrize("said_ms", [300.0, 1_400.0, 2_600.0])
@pytest.mark.parametrize("from_ms", [0.0, 73_000.0])
def test_nobody_hears_nothing_for_over_two_seconds(said_ms: float, from_ms: float) -> None:
    """The first words within 1.2 s, each next one within 2 s of the one before, and an end."""
    heard = list(sounds(from_ms=from_ms, said_ms=said_ms))
    assert heard[0][0] - from_ms <= 1_200
    assert all(later[0] - earlier[1] <= 2_000 for earlier, later in pairwise(heard))
    assert 10_000 <= heard[-1][0] - from_ms <= 15_000


def test_what_plays_is_not_spoken_over() -> None:
    """An answer of four seconds is followed by silence before anything else is said."""
    assert decide(Waiting(0.0, 5_000.0), now_ms=1_000.0) == LookAgain(6_600.0)


def test_an_answer_in_time_is_left_alone() -> None:
    """Nothing is owed before the first second is over."""
    assert isinstance(decide(Waiting(0.0), now_ms=999.0), LookAgain)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (Wait("hearing"), "One moment, please."),
        (Wait("knowledge"), "Let me look that up."),
        (Wait("model"), "Let me see."),
        (Wait("speech"), "One moment, please."),
        (Wait("tool", "book_visit"), "Let me book that."),
        (Wait("tool", "check_status"), "Let me look that up."),
        (Wait("tool", "check_availability"), "I'm checking the calendar."),
    ],
)
def test_the_words_fit_what_is_waited_for(wait: Wait, said: str) -> None:
    """By stage, and by tool where one runs."""
    words = chosen(
        wait,
        tools=(*TOOLS, CALENDAR),
        language="en-US",
        last="",
        again=False,
        is_ready=lambda _: True,
    )
    assert words == said


@pytest.mark.parametrize("language", ["en", "es-MX", "fr", "de", "nl"])
@pytest.mark.parametrize("stage", STAGES)
def test_the_same_is_never_said_twice_in_a_row(stage: str, language: str) -> None:
    """However long it takes, in every language that is offered, English for others."""
    last, said = "", []
    for times in range(8):
        words = chosen(
            Wait(stage, "book_visit"),  # type: ignore[arg-type]
            tools=TOOLS,
            language=language,
            last=last,
            again=times > 0,
            is_ready=lambda _: True,
        )
        assert words is not None
        assert words != last
        last = words
        said.append(words)
    assert len(set(said)) >= 3


def test_words_that_are_not_ready_are_passed_over() -> None:
    """Others of the language are taken; where none are there is nothing to take."""
    booking = Wait("tool", "book_visit")
    ask = partial(chosen, booking, tools=TOOLS, language="en", last="", again=False)
    only = "Just a second, please."
    assert ask(is_ready=lambda words: words == only) == only
    assert ask(is_ready=lambda _: False) is None


def test_an_agents_own_words_are_made_first() -> None:
    """What its tools may need comes before what is said when it takes long."""
    made = worth_making(TOOLS, language="en", knowledge=True)
    assert made[:2] == ["Let me book that.", "Let me look that up."]
    assert len(made) == len(set(made))
    assert "Let me do that for you." not in made


def test_every_language_has_words_for_everything() -> None:
    """At least two for each occasion, so that none is said twice in a row."""
    english = meanwhile_phrases._WORDS["en"]
    for words in meanwhile_phrases._WORDS.values():
        assert words.keys() == english.keys()
        assert all(len(set(phrases_)) >= 2 for phrases_ in words.values())


@pytest.mark.parametrize(
    ("sentence", "denies"),
    [
        ("i am sorry, i do not have that information.", True),
        ("I don't have any information on that.", True),
        ("I'm not sure about parking.", True),
        ("We have no details on it.", True),
        ("I couldn't find anything about that.", True),
        ("Lo siento, no tengo esa información.", True),
        ("Je n'ai pas cette information.", True),
        ("Das weiß ich nicht.", True),
        ("You are booked for tuesday at ten.", False),
        ("We are open until six.", False),
        ("May I have your name?", False),
        ("I can't reach that just now.", False),
    ],
)
def test_a_denial_is_recognised(sentence: str, denies: bool) -> None:
    """Said of what could not be looked up, it would be untrue."""
    assert phrases.denies_knowing(sentence) is denies
