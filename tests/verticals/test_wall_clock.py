"""Visits where the clock changes, over midnight and around the clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verticals.booking.slots import free_starts, is_free, meant_starts, nearest, spoken_times
from verticals.spoken.times import parse_time, time_words
from verticals.types import Business, Hours
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import (
    is_within,
    moments_of,
    parse_local_date,
    parse_local_time,
    reached,
    shown_at,
)

LONG_AGO: Final = datetime(2011, 1, 1, tzinfo=UTC)
ALL_DAY: Final = (time(0), time(0))
# By the hour, by half an hour, at midnight, southern, backwards in winter, a day that never was.
ZONES: Final = (
    "America/New_York",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Beirut",
    "America/Santiago",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/Nuuk",
    "Antarctica/Troll",
    "UTC",
)
# Days on which some of these change their clocks, and the days around them.
CHANGES: Final = (
    date(2011, 12, 30),
    date(2018, 2, 17),
    date(2018, 11, 4),
    date(2026, 2, 15),
    date(2026, 3, 8),
    date(2026, 3, 22),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 9, 6),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
)


def business(zone: str, hours: Hours | None, **more: object) -> Business:
    """A company with the same hours every day."""
    return Business(time_zone=ZoneInfo(zone), week=(hours,) * 7, **more)  # type: ignore[arg-type]


def shown(starts: tuple[datetime, ...]) -> str:
    """Starts as the wall clock shows them."""
    return " ".join(f"{start:%H:%M}" for start in starts)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "starts"),
    [
        # two is skipped: half past one ends at half past three on the clock
        ("America/New_York", date(2026, 3, 8), ("01:00", "04:00"), "01:00 01:30 03:00"),
        # one o'clock comes twice
        (
            "America/New_York",
            date(2026, 11, 1),
            ("00:00", "03:00"),
            "00:00 00:30 01:00 01:30 01:00 01:30 02:00",
        ),
        # opening falls into the hour that is skipped
        ("America/New_York", date(2026, 3, 8), ("02:30", "05:00"), "03:00 03:30 04:00"),
        # nothing of the day's hours is left
        ("America/New_York", date(2026, 3, 8), ("02:00", "03:00"), ""),
        # half an hour is skipped, and comes twice
        ("Australia/Lord_Howe", date(2026, 10, 4), ("01:00", "04:00"), "01:00 01:30 02:30 03:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), ("01:00", "03:00"), "01:00 01:30 01:30 02:00"),
        # midnight itself is skipped
        ("America/Havana", date(2026, 3, 8), ("00:00", "03:00"), "01:00 01:30 02:00"),
        ("Asia/Beirut", date(2026, 3, 29), ("00:00", "03:00"), "01:00 01:30 02:00"),
        # the hour before midnight comes twice, on the day before
        ("America/Santiago", date(2026, 4, 4), ("22:00", "00:00"), "22:00 22:30 23:00 23:30 23:00"),
        # Ramadan: back in February, forward in March
        ("Africa/Casablanca", date(2026, 3, 22), ("01:00", "04:00"), "01:00 01:30 03:00"),
        # Samoa had no such day
        ("Pacific/Apia", date(2011, 12, 30), ("08:00", "18:00"), ""),
        # over midnight: the night before, and the evening
        ("UTC", date(2026, 5, 5), ("22:00", "02:00"), "00:00 00:30 01:00 22:00 22:30 23:00 23:30"),
    ],
)
def test_the_starts_of_a_day(zone: str, day: date, hours: tuple[str, str], starts: str) -> None:
    """An hour each, on a grid of half an hour, by the clock of the place."""
    begins, ends = parse_local_time(hours[0]), parse_local_time(hours[1])
    company = business(zone, (begins, ends))
    assert shown(free_starts(day, business=company, taken=(), now=LONG_AGO)) == starts


def test_a_business_that_never_closes_has_a_start_each_half_hour() -> None:
    """Also at half past eleven at night, for an hour."""
    company = business("Europe/Dublin", ALL_DAY)
    starts = free_starts(date(2026, 6, 1), business=company, taken=(), now=LONG_AGO)
    assert len(starts) == 48


def test_a_time_that_the_clock_skips_is_not_granted() -> None:
    """Half past two on the spring Sunday."""
    company = business("America/New_York", ALL_DAY)
    skipped = datetime(2026, 3, 8, 2, 30, tzinfo=ZoneInfo("America/New_York"))
    assert not is_free(skipped, business=company, taken=(), now=LONG_AGO)
    assert meant_starts(skipped.replace(tzinfo=None), business=company, now=LONG_AGO) == ()


def test_a_time_that_comes_twice_is_offered_once_and_means_the_first_first() -> None:
    """Half past one of the autumn Sunday; the second is tried when the first is taken."""
    company = business("America/New_York", ALL_DAY)
    starts = free_starts(date(2026, 11, 1), business=company, taken=(), now=LONG_AGO)
    assert shown(nearest(starts, to=time(1, 15))) == "00:30 01:00 01:30"
    half_past_one = datetime.combine(date(2026, 11, 1), time(1, 30))
    first, second = meant_starts(half_past_one, business=company, now=LONG_AGO)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "now", "means"),
    [
        # Friday's own small hours are Thursday's night
        ("2026-05-08 01:00", "2026-05-05 12:00", "2026-05-08 01:00"),
        # nobody is there in the small hours of a Tuesday, so Tuesday's night is meant
        ("2026-05-05 01:00", "2026-05-04 12:00", "2026-05-06 01:00"),
        # "tonight at one", said on Friday evening
        ("2026-05-08 01:00", "2026-05-08 21:00", "2026-05-09 01:00"),
        ("2026-05-08 15:00", "2026-05-05 12:00", None),
    ],
)
def test_an_hour_after_midnight_is_of_the_night_that_is_open(
    said: str, now: str, means: str | None
) -> None:
    """A bar that opens at eight in the evening, Tuesday to Sunday, and closes at two."""
    night = (time(20), time(2))
    bar = Business(time_zone=ZoneInfo("UTC"), week=(None, *[night] * 6))
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    starts = meant_starts(datetime.fromisoformat(said), business=bar, now=at)
    assert [f"{start:%Y-%m-%d %H:%M}" for start in starts] == ([means] if means else [])


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 12, 23), (time(8), time(18))),
        (date(2026, 12, 24), (time(8), time(12))),  # a short day
        (date(2026, 12, 25), None),  # a holiday
        (date(2026, 12, 26), None),  # a saturday
        (date(2026, 12, 27), (time(10), time(14))),  # an extra opening, on a sunday
        (date(2026, 12, 28), None),  # closed for once
        (date(2027, 1, 1), (time(12), time(16))),  # a holiday with an opening of its own
    ],
)
def test_holidays_and_exceptions_count_before_the_week(day: date, hours: Hours | None) -> None:
    """Closed on the 25th, a short day, an extra opening."""
    company = Business(
        time_zone=ZoneInfo("Europe/Dublin"),
        week=(*[(time(8), time(18))] * 5, None, None),
        holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)}),
        exceptions={
            date(2026, 12, 24): (time(8), time(12)),
            date(2026, 12, 27): (time(10), time(14)),
            date(2026, 12, 28): None,
            date(2027, 1, 1): (time(12), time(16)),
        },
    )
    assert company.hours_on(day) == hours
    starts = free_starts(day, business=company, taken=(), now=LONG_AGO)
    assert bool(starts) == (hours is not None)


times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
lengths = st.sampled_from((15, 30, 45, 60, 90, 240, 1440))


@given(
    zone=st.sampled_from(ZONES),
    change=st.sampled_from(CHANGES),
    days_later=st.integers(-1, 1),
    week=st.tuples(*[st.none() | st.tuples(times, times)] * 7),
    slot_minutes=lengths,
    step_minutes=st.sampled_from((15, 30, 60, 75)),
    busy=st.lists(st.tuples(st.integers(-30 * 4, 30 * 4), lengths), max_size=4),
)
def test_every_start_that_is_offered_exists_is_open_is_free_and_can_be_booked(
    zone: str,
    change: date,
    *,
    days_later: int,
    week: tuple[Hours | None, ...],
    slot_minutes: int,
    step_minutes: int,
    busy: list[tuple[int, int]],
) -> None:
    """On any day, also one with a change of the clock, whatever the hours."""
    day, place = change + timedelta(days=days_later), ZoneInfo(zone)
    company = Business(place, week, slot_minutes=slot_minutes, step_minutes=step_minutes)
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    taken = [
        (noon + timedelta(minutes=15 * begin), noon + timedelta(minutes=15 * begin + length))
        for begin, length in busy
    ]
    starts = free_starts(day, business=company, taken=taken, now=LONG_AGO)
    for start in starts:
        begin = start.astimezone(UTC)
        end = begin + timedelta(minutes=slot_minutes)
        assert begin.astimezone(place).replace(tzinfo=None) == start.replace(tzinfo=None)
        assert start.date() == day
        assert not any(span[0] < end and begin < span[1] for span in taken)
        for minutes in range(0, slot_minutes, 15):
            assert open_at(begin + timedelta(minutes=minutes), company)
    for start in nearest(starts, to=None):
        said = time_words(start.time(), open_between=company.hours_on(day))
        at = parse_time(said, open_between=company.hours_on(day))
        assert at is not None
        meant = meant_starts(datetime.combine(day, at), business=company, now=LONG_AGO)
        free = [m for m in meant if is_free(m, business=company, taken=taken, now=LONG_AGO)]
        assert free[:1] == [start.astimezone(UTC)]
        assert spoken_times([start], business=company) == said


def open_at(moment: datetime, company: Business) -> bool:
    """Whether the clock on the wall stands within hours, of this day or of the night before.

    Read without any of the code that is tested.
    """
    local = moment.astimezone(company.time_zone)
    for begun in (local.date(), local.date() - timedelta(days=1)):
        hours = company.week[begun.weekday()]
        if hours is None:
            continue
        closes = begun if hours[0] < hours[1] else begun + timedelta(days=1)
        wall = local.replace(tzinfo=None)
        if datetime.combine(begun, hours[0]) <= wall < datetime.combine(closes, hours[1]):
            return True
    return False


@given(
    zone=st.sampled_from(ZONES),
    change=st.sampled_from(CHANGES),
    minutes=st.integers(-1440, 2880),
)
def test_a_local_time_is_reached_when_the_clock_first_shows_it_or_more(
    zone: str, change: date, minutes: int
) -> None:
    """And the moments that it names show it."""
    place = ZoneInfo(zone)
    wall = datetime.combine(change, time()) + timedelta(minutes=minutes)
    moment = reached(wall, place)
    assert shown_at(moment, place) >= wall
    assert shown_at(moment - timedelta(seconds=1), place) < wall
    moments = moments_of(wall, place)
    assert all(shown_at(at, place) == wall for at in moments)
    assert moments[:1] == ((moment,) if moments else ())


@pytest.mark.parametrize("text", ["", "8", "25:00", "24:30", "08:00+01:00", "noon", "08:00Z"])
def test_what_is_no_local_time_is_refused(text: str) -> None:
    """With what was expected."""
    with pytest.raises(BadInput, match="such as 08:30"):
        parse_local_time(text)


@pytest.mark.parametrize("text", ["", "20261225", "2026-W52-5", "2026-13-01", "25.12.2026"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """Only one spelling will do."""
    with pytest.raises(BadInput, match="such as 2026-12-24"):
        parse_local_date(text)


@given(at=times, begins=times, ends=times)
def test_hours_and_the_hours_that_are_left_share_the_day(
    at: time, begins: time, ends: time
) -> None:
    """A time lies in one of the two; hours that end when they begin are the whole day."""
    open_then = is_within(at, begins=begins, ends=ends)
    if begins == ends:
        assert open_then
    else:
        assert open_then != is_within(at, begins=ends, ends=begins)
