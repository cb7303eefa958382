"""Which times are granted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from verticals.booking.slots import free_starts, is_free, nearest, spoken_times
from verticals.types import Business

NEW_YORK = ZoneInfo("America/New_York")
WEEK = (*[(time(8), time(18))] * 5, None, None)
PLUMBER = Business(time_zone=NEW_YORK, week=WEEK)
TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, day: date = TUESDAY) -> datetime:
    """A moment on the plumber's clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=NEW_YORK)


def test_a_visit_fits_between_opening_and_closing() -> None:
    """From eight, and so that it ends by six."""
    starts = free_starts(TUESDAY, business=PLUMBER, taken=(), now=NOW)
    assert starts[0] == at(8)
    assert starts[-1] == at(17)


def test_a_taken_time_is_not_granted_nor_one_that_runs_into_it() -> None:
    """Ten to eleven is taken."""
    taken = ((at(10), at(11)),)
    refused = [
        start
        for start in (at(9, 30), at(10), at(10, 30))
        if not is_free(start, business=PLUMBER, taken=taken, now=NOW)
    ]
    assert refused == [at(9, 30), at(10), at(10, 30)]
    assert is_free(at(11), business=PLUMBER, taken=taken, now=NOW)


def test_two_technicians_can_be_out_at_once() -> None:
    """The second of two places is granted, a third is not."""
    pair = Business(time_zone=NEW_YORK, week=WEEK, capacity=2)
    assert is_free(at(10), business=pair, taken=((at(10), at(11)),), now=NOW)
    assert not is_free(
        at(10), business=pair, taken=((at(9, 30), at(10, 30)), (at(10), at(11))), now=NOW
    )
    assert is_free(
        at(10), business=pair, taken=((at(9, 30), at(10, 30)), (at(10, 30), at(11))), now=NOW
    )


def test_nothing_is_granted_in_the_past_or_on_a_closed_day() -> None:
    """This morning; Sunday."""
    assert not is_free(at(8), business=PLUMBER, taken=(), now=at(9))
    assert free_starts(date(2026, 11, 22), business=PLUMBER, taken=(), now=NOW) == ()


def test_the_times_offered_are_those_nearest_to_the_one_asked_for() -> None:
    """Ten is taken; what is said is what lies around it."""
    taken = ((at(10), at(11)),)
    free = free_starts(TUESDAY, business=PLUMBER, taken=taken, now=NOW)
    assert (
        spoken_times(nearest(free, to=time(10)), business=PLUMBER)
        == "half past eight, nine, eleven"
    )


def test_the_clock_change_moves_no_appointment() -> None:
    """Nine on the day after the clocks change is nine on the wall."""
    monday = date(2026, 3, 9)
    starts = free_starts(monday, business=PLUMBER, taken=(), now=datetime(2026, 3, 1, tzinfo=UTC))
    assert starts[0].astimezone(UTC) == datetime(2026, 3, 9, 12, tzinfo=UTC)


@given(
    spans=st.lists(st.tuples(st.integers(0, 600), st.integers(15, 180)), max_size=12),
    capacity=st.integers(1, 3),
)
def test_whatever_is_granted_never_overbooks(spans: list[tuple[int, int]], capacity: int) -> None:
    """At no minute do more visits run than there are people."""
    business = Business(time_zone=NEW_YORK, week=WEEK, capacity=capacity)
    taken = [
        (at(8) + timedelta(minutes=start), at(8) + timedelta(minutes=start + length))
        for start, length in spans
    ]
    granted: list[tuple[datetime, datetime]] = []
    for start in free_starts(TUESDAY, business=business, taken=taken, now=NOW):
        if is_free(start, business=business, taken=[*taken, *granted], now=NOW):
            granted.append((start, start + timedelta(minutes=business.slot_minutes)))
    for begin, end in granted:
        for minute in range(0, int((end - begin).total_seconds()), 300):
            moment = begin + timedelta(seconds=minute)
            assert sum(a <= moment < b for a, b in [*taken, *granted]) <= capacity
