"""Days as callers name them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.spoken.days import WEEKDAYS, date_words, day_words, parse_day

SATURDAY = date(2026, 11, 21)
_days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tuesday", date(2026, 11, 24)),
        ("on tuesday please", date(2026, 11, 24)),
        ("how about this tuesday", date(2026, 11, 24)),
        ("saturday", date(2026, 11, 28)),
        ("this saturday", SATURDAY),
        ("today", SATURDAY),
        ("tonight", SATURDAY),
        ("tomorrow afternoon", date(2026, 11, 22)),
        ("the day after tomorrow", date(2026, 11, 23)),
        ("next friday", date(2026, 11, 27)),
        ("friday next week", date(2026, 11, 27)),
        ("tuesday week", date(2026, 12, 1)),
        ("in three days", date(2026, 11, 24)),
        ("in a week", date(2026, 11, 28)),
        ("december fifth", date(2026, 12, 5)),
        ("the fifth of december", date(2026, 12, 5)),
        ("december 5", date(2026, 12, 5)),
        ("the twenty fourth", date(2026, 11, 24)),
        ("24th", date(2026, 11, 24)),
        ("tuesday the first", date(2026, 12, 1)),
        ("november twentieth", date(2027, 11, 20)),
        ("2026-12-24", date(2026, 12, 24)),
    ],
)
def test_a_day_is_the_one_a_person_would_understand(said: str, meant: date) -> None:
    """Said on Saturday the 21st of November 2026."""
    assert parse_day(said, today=SATURDAY) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "friday or monday",
        "next week",
        "tuesday november twenty third",
        "ten",
        "2026-11-20",
        "2030-01-01",
    ],
)
def test_words_that_name_no_one_day_are_not_guessed_at(said: str) -> None:
    """Nothing, several days, a contradiction, the past, a year away."""
    assert parse_day(said, today=SATURDAY) is None


@given(today=_days, weekday=st.sampled_from(WEEKDAYS))
def test_a_weekday_is_its_next_occurrence(today: date, weekday: str) -> None:
    """Within a week, never today."""
    day = parse_day(weekday, today=today)
    assert day is not None
    assert 1 <= (day - today).days <= 7
    assert WEEKDAYS[day.weekday()] == weekday


@given(today=_days, away=st.integers(0, 300))
def test_a_day_that_we_say_is_understood_as_said(today: date, away: int) -> None:
    """Saying a day and hearing it again is the same day."""
    day = today + timedelta(days=away)
    assert parse_day(day_words(day, today=today), today=today) == day
    assert parse_day(date_words(day), today=today) == day


@given(text=st.text(max_size=80), today=_days)
def test_any_text_gives_a_day_to_come_or_none(text: str, today: date) -> None:
    """No input breaks it."""
    day = parse_day(text, today=today)
    assert day is None or today <= day <= today + timedelta(days=366)
