"""Lists of what callers say, and every supported way to say a day or a time, read back."""

import string
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.verticals.phrasings import ASK, Phrasing, days, figures, times
from verticals.spoken.days import WEEKDAYS, date_words, day_words, parse_day
from verticals.spoken.numbers import in_words
from verticals.spoken.phrases import MONTHS
from verticals.spoken.times import parse_time, time_words

FEWEST_RIGHT = 0.97
LISTS = {
    "days": days(),
    "times": times(),
    "later_days": days("later_days"),
    "later_times": times("later_times"),
}
_todays = st.dates(date(2024, 1, 1), date(2032, 12, 31))
_days = tuple(phrasing for phrasing in days() if phrasing.meant != ASK)
_times = tuple(phrasing for phrasing in times() if phrasing.meant != ASK)
# Words that no grammar knows: consonants alone, and words that take back what stands beside them.
_strange = st.text("bcdfgjklqvwxz", min_size=4, max_size=8) | st.sampled_from(
    ("not", "never", "except", "cannot", "without", "nor", "neither", "mañana", "плюс", "…но")
)


@pytest.mark.parametrize("name", LISTS)
def test_what_callers_say_is_read_as_it_is_meant_or_asked_about(name: str) -> None:
    """At least 97 % rightly, and none as another day or time."""
    read = figures(LISTS[name])
    assert read.wrong == ()
    assert read.share_right >= FEWEST_RIGHT


@given(phrasing=st.sampled_from(_days), word=_strange, at=st.integers(0, 12))
def test_a_strange_word_never_makes_another_day(phrasing: Phrasing, word: str, at: int) -> None:
    """Wherever it stands: the same day or a question."""
    words = phrasing.said.split()
    said = " ".join([*words[:at], word, *words[at:]])
    day = parse_day(said, today=date.fromisoformat(phrasing.context))
    assert day is None or day.isoformat() == phrasing.meant


@given(phrasing=st.sampled_from(_times), word=_strange, at=st.integers(0, 12))
def test_a_strange_word_never_makes_another_time(phrasing: Phrasing, word: str, at: int) -> None:
    """Wherever it stands: the same time or a question."""
    words = phrasing.said.split()
    said = " ".join([*words[:at], word, *words[at:]])
    read = parse_time(said, open_between=(time(8), time(18)))
    assume(phrasing.context == "08:00-18:00")
    assert read is None or f"{read:%H:%M}" == phrasing.meant


@pytest.mark.parametrize(
    "refusing",
    [
        "not {}",
        "any day but {}",
        "anything except {}",
        "no {}",
        "i can't do {}",
        "{} is no good",
        "{} doesn't work",
        "before {}",
        "until {}",
        "by {}",
        "from {} on",
        "{} or some other day",
        "either {} or not at all",
        "{} to some other day",
        "the day before {}",
        "last {}",
        "every {}",
        "{} no sorry not then",
    ],
)
@pytest.mark.parametrize("kind", ["weekday", "dates", "days of the month", "relative"])
def test_what_is_refused_or_left_open_is_asked_about(refusing: str, kind: str) -> None:
    """Negations, ranges, alternatives around each day of the list."""
    for phrasing in _days:
        if phrasing.kind == kind and len(phrasing.said.split()) <= 4:
            said = refusing.format(phrasing.said)
            assert parse_day(said, today=date.fromisoformat(phrasing.context)) is None, said


@given(today=_todays, away=st.integers(0, 330))
def test_every_way_to_say_a_day_is_read_back(today: date, away: int) -> None:
    """Whatever today is: month ends, leap years and the turn of the year among them."""
    day = today + timedelta(days=away)
    for said in ways_to_say(day, today=today):
        assert parse_day(said, today=today) == day, said


def ways_to_say(day: date, *, today: date) -> Iterator[str]:
    """A day in every form that is supported for it."""
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    ordinal = date_words(day).split(" the ")[1].split(" of ")[0]
    yield from (day.isoformat(), f"{day:%d.%m.%Y}", day_words(day, today=today), date_words(day))
    for date_said in (
        f"{month} {ordinal}",
        f"{month} the {ordinal}",
        f"the {ordinal} of {month}",
        f"{ordinal} of {month}",
        f"{month} {day.day}",
        f"{month[:3]} {day.day}",
        f"{day.day} {month}",
        f"{day.day}th of {month}",
    ):
        yield date_said
        yield f"{weekday} {date_said}"
        yield f"{weekday[:3].title()}, {date_said.title()}."
        yield f"{date_said} {day.year}"
        yield f"{date_said}, twenty {in_words(day.year - 2000)}"
        yield f"{date_said} two thousand and {in_words(day.year - 2000)}"
        yield f"um could we do {date_said} at half past two please"
    if day.day > 12 or day.day == day.month:
        yield from (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day:%m/%d}")
    yield from _counted(day, today=today)
    yield from _by_month(day, ordinal=ordinal, today=today)


def _counted(day: date, *, today: date) -> Iterator[str]:
    """Days and weeks from today, weekdays of weeks."""
    away, weekday = (day - today).days, WEEKDAYS[day.weekday()]
    weeks = ((day - timedelta(days=day.weekday())) - (today - timedelta(days=today.weekday()))).days
    which = {0: "this week", 7: "next week", 14: "the week after next"}.get(weeks)
    if which:
        yield from (f"{weekday} {which}", f"{which} on {weekday}", f"{which} {weekday}")
    if weeks == 7:
        yield f"next {weekday}"
    if 2 <= away <= 99:
        number = in_words(away)
        yield from (f"in {number} days", f"{number} days from now", f"{away} days from today")
    if away % 7 == 0 and away >= 14:
        number = in_words(away // 7)
        yield from (f"in {number} weeks", f"{number} weeks from today", f"{number} weeks today")
    if 1 <= away <= 7:
        yield from (weekday, f"on {weekday}", f"{weekday} please", f"this coming {weekday}")
    if 8 <= away <= 13:
        yield from (f"{weekday} week", f"a week on {weekday}", f"one week from {weekday}")
    if away == 2:
        yield "the day after tomorrow"
    if away == 8:
        yield from ("a week from tomorrow", "tomorrow week")


def _by_month(day: date, *, ordinal: str, today: date) -> Iterator[str]:
    """By its place in its month."""
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    months = (day.year - today.year) * 12 + day.month - today.month
    nth = ("first", "second", "third", "fourth", "fifth")[(day.day - 1) // 7]
    yield f"the {nth} {weekday} of {month} {day.year}"
    if (day + timedelta(days=7)).month != day.month:
        yield f"the last {weekday} in {month} {day.year}"
    if (day + timedelta(days=1)).month != day.month:
        yield f"the last day of {month} {day.year}"
    if months == 1:
        yield from (f"the {ordinal} of next month", f"the {nth} {weekday} of next month")
    if months == 0:
        yield from (f"the {ordinal} of this month", f"the {ordinal}", f"{weekday} the {ordinal}")


@given(
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    opening=st.integers(0, 22),
    open_for=st.integers(1, 23),
)
def test_every_way_to_say_a_time_is_read_back(at: time, opening: int, open_for: int) -> None:
    """Whatever the hours: with a half of the day where both readings are open."""
    hours = (time(opening), time(min(opening + open_for, 23), 59))
    for said in ways_to_tell(at):
        assert parse_time(said, open_between=hours) == at, said
    bare = time_words(at, open_between=hours)
    for said in (bare, f"friday at {bare}", f"um maybe {bare} please", f"{bare} on december fifth"):
        assert parse_time(said, open_between=hours) in (at, None), said


def ways_to_tell(at: time) -> Iterator[str]:
    """A time in every form that leaves no doubt about it."""
    half, twelve = ("am", "pm")[at.hour >= 12], at.hour % 12 or 12
    hour, spoken_half = in_words(twelve), " ".join(half)
    minutes = f"oh {in_words(at.minute)}" if at.minute < 10 else in_words(at.minute)
    yield from (f"{twelve}:{at:%M} {half}", f"{twelve}:{at:%M}{half}", f"{twelve}.{at:%M} {half}")
    yield f"{at:%I:%M %p}"
    if at.hour == 0 or at.hour >= 13:
        yield f"{at:%H:%M}"
    if at.minute == 0:
        yield from (f"{hour} {spoken_half}", f"{twelve}{half}", f"{hour} o'clock {half}")
        yield f"around {hour} {half}"
    else:
        yield from (f"{hour} {minutes} {spoken_half}", f"{twelve} {at:%M} {half}")
    if at.minute and at.minute < 30:
        yield f"{in_words(at.minute)} minutes past {hour} {spoken_half}"
    for minute, said in ((15, "quarter past"), (30, "half past"), (30, "half")):
        if at.minute == minute:
            yield f"{said} {hour} {spoken_half}"
    if at.minute == 45 and twelve not in (11, 12):
        yield f"quarter to {in_words(twelve + 1)} {half}"
        yield f"quarter till {twelve + 1} {half}"
    if 1 <= at.hour < 12:
        yield f"{twelve}:{at:%M} in the morning"


@given(text=st.text(string.printable, max_size=600), today=_todays)
def test_nothing_that_is_said_breaks_it_or_takes_long(text: str, today: date) -> None:
    """Any text is a day to come or none."""
    day = parse_day(text, today=today)
    assert day is None or day >= today
