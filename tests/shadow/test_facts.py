"""Facts in words, as values."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadow.facts import SpokenFact, facts_in
from shadow.spoken_actions import spoken_actions
from shadow.types import CallDay
from verticals.spoken.numbers import in_words, number_at

CALL_DAY = CallDay(today=date(2026, 11, 21), open_between=(time(8), time(18)))
FRIDAY = SpokenFact("day", "2026-11-27")


def written(value: int) -> str:
    """A number below a million as it is said."""
    if value < 100:
        return in_words(value)
    if value < 1000:
        rest = f" and {in_words(value % 100)}" if value % 100 else ""
        return f"{in_words(value // 100)} hundred{rest}"
    rest = f" {written(value % 1000)}" if value % 1000 else ""
    return f"{written(value // 1000)} thousand{rest}"


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (
            "a water heater repair is one hundred and fifty dollars",
            {SpokenFact("price", "150 dollars")},
        ),
        ("that would be $150", {SpokenFact("price", "150 dollars")}),
        ("sixty pounds for a first visit", {SpokenFact("price", "60 pounds")}),
        ("you are booked on friday at nine mary jones", {FRIDAY, SpokenFact("time", "09:00")}),
        ("next friday at half past two", {FRIDAY, SpokenFact("time", "14:30")}),
        (
            "we can come at three p m tomorrow",
            {SpokenFact("time", "15:00"), SpokenFact("day", "2026-11-22")},
        ),
        ("it opens at quarter to nine", {SpokenFact("time", "08:45")}),
        ("december fifth at noon", {SpokenFact("day", "2026-12-05"), SpokenFact("time", "12:00")}),
        ("a warranty of two years", {SpokenFact("number", "2")}),
        ("no one is there, which one do you mean", set()),
        (
            "we are open on monday and thirty people work here",
            {SpokenFact("day", "2026-11-23"), SpokenFact("number", "30")},
        ),
        ("", set()),
    ],
)
def test_facts_are_found_whatever_words_they_come_in(said: str, facts: set[SpokenFact]) -> None:
    """Prices, days on the calendar, times on the clock, numbers."""
    assert facts_in(said, call_day=CALL_DAY) == facts


@given(value=st.integers(0, 999_999))
def test_a_number_in_words_is_read_whole(value: int) -> None:
    """One number, all of its words."""
    words = written(value).split()
    assert number_at(words, 0) == (value, len(words))


@given(text=st.text(max_size=120))
def test_any_text_has_some_facts_or_none(text: str) -> None:
    """No input breaks it."""
    assert facts_in(text, call_day=CALL_DAY) is not None


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("you are booked for a water heater repair on friday at nine", ["book"]),
        ("i have put you down for friday would you like anything else", ["book"]),
        ("so that is a repair on friday at nine shall i book it", []),
        ("would you like me to put you through to someone", []),
        ("i am putting you through now please hold", ["transfer"]),
        ("let me check that for you", ["look_up"]),
        ("a water heater repair is one hundred and fifty dollars", []),
        ("", []),
    ],
)
def test_what_a_person_did_is_told_from_what_they_offered(said: str, kinds: list[str]) -> None:
    """A question books nothing."""
    assert [action.kind for action in spoken_actions(said)] == kinds
