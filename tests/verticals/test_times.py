"""Times as callers say them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.spoken.names import name_case
from verticals.spoken.numbers import digits_in_words, digits_of
from verticals.spoken.times import parse_time, time_words

OFFICE = (time(8), time(18))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ten", time(10)),
        ("at ten", time(10)),
        ("ten thirty", time(10, 30)),
        ("half past two", time(14, 30)),
        ("half two", time(14, 30)),
        ("quarter to three", time(14, 45)),
        ("a quarter past nine", time(9, 15)),
        ("twenty past two", time(14, 20)),
        ("ten to noon", time(11, 50)),
        ("ten oh five", time(10, 5)),
        ("ten o'clock", time(10)),
        ("three p m", time(15)),
        ("3:30 pm", time(15, 30)),
        ("ten in the morning", time(10)),
        ("seven in the evening", time(19)),
        ("eight in the morning", time(8)),
        ("around three", time(15)),
        ("noon", time(12)),
        ("twelve thirty", time(12, 30)),
        ("fourteen thirty", time(14, 30)),
        ("15:45", time(15, 45)),
        ("twelve a m", time(0)),
        ("midnight", time(0)),
    ],
)
def test_a_time_is_the_one_a_person_would_understand(said: str, meant: time) -> None:
    """Said to an office that is open from eight to six."""
    assert parse_time(said, open_between=OFFICE) == meant


@pytest.mark.parametrize(
    "said", ["", "in the afternoon", "whenever", "half past", "twenty five past", "ten ninety"]
)
def test_words_that_name_no_one_time_are_not_guessed_at(said: str) -> None:
    """Nothing, a part of the day, half a time."""
    assert parse_time(said, open_between=OFFICE) is None


def test_the_part_of_the_day_may_come_with_the_day() -> None:
    """ "tomorrow evening", "at eight"."""
    assert parse_time(
        "eight", open_between=(time(7), time(22)), day_words="tomorrow evening"
    ) == time(20)


@given(
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    opening=st.integers(0, 22),
    open_for=st.integers(1, 23),
)
def test_a_time_that_we_say_is_understood_as_said(at: time, opening: int, open_for: int) -> None:
    """Whatever the business hours, saying a time and hearing it again is the same time."""
    hours = (time(opening), time(min(opening + open_for, 23), 59))
    assert parse_time(time_words(at, open_between=hours), open_between=hours) == at


@given(text=st.text(max_size=80))
def test_any_text_gives_a_time_or_none(text: str) -> None:
    """No input breaks it."""
    assert parse_time(text, open_between=OFFICE) is None or parse_time(text)


@given(digits=st.text("0123456789", min_size=1, max_size=6))
def test_a_reference_that_we_read_out_is_understood_as_read(digits: str) -> None:
    """Saying a reference and hearing it again is the same reference."""
    assert digits_of(digits_in_words(digits)) == digits


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("john smith", "John Smith"),
        ("MARY O'NEIL", "Mary O'Neil"),
        ("ann smith-jones", "Ann Smith-Jones"),
        ("ludwig van beethoven", "Ludwig van Beethoven"),
        ("  ", ""),
    ],
)
def test_names_are_written_as_people_write_them(said: str, written: str) -> None:
    """Capitals where they belong."""
    assert name_case(said) == written
