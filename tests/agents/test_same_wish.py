"""A call's same wish is one booking, however often and however it is asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from agents.actions import set_business
from tenants.context import as_tenant
from tests.agents.conftest import WEEKDAYS_EIGHT_TO_SIX, Calling, ask, calls_again
from verticals.booking.queries import bookings_of_call
from verticals.booking.types import BookingLine

pytestmark = pytest.mark.django_db
VISIT = {"service": "drain cleaning", "day": "tuesday", "time": "two", "name": "mary-jane o'neil"}


def booked(call: Calling) -> tuple[BookingLine, ...]:
    """What the call has booked."""
    with as_tenant(call.tenant_id):
        return bookings_of_call(call.call_id)


@pytest.mark.parametrize(
    "respelt",
    [
        {},
        {"time": "2 pm"},
        {"time": "14:00"},
        {"time": "at two in the afternoon", "day": "this coming tuesday"},
        {"name": "Mary-Jane O'Neil"},
        {"name": "MARY JANE ONEIL"},
        {"name": "mary jane o’neil"},
        {"name": "  mary-jane   o'neil. "},
        {"service": "Drain cleaning."},
        {"address": "twelve maple street"},
    ],
)
def test_the_same_wish_in_a_later_turn_gets_its_first_reference(
    plumber: Calling, respelt: dict[str, str]
) -> None:
    """Whatever it is spelt like; its own booking is not in its way."""
    _, first = ask(plumber, "book_visit", VISIT)
    _, again = ask(plumber, "book_visit", VISIT | respelt, tool_call_id="in a later turn")
    assert again == first
    assert len(booked(plumber)) == 1


def test_the_same_wish_is_one_booking_where_more_would_fit(plumber: Calling) -> None:
    """Three technicians, one visit."""
    with as_tenant(plumber.tenant_id):
        set_business(WEEKDAYS_EIGHT_TO_SIX, capacity=3)
    answers = [ask(plumber, "book_visit", VISIT, tool_call_id=str(turn)) for turn in range(3)]
    assert all(answer == answers[0] for answer in answers)
    assert len(booked(plumber)) == 1


def test_the_same_wish_from_two_sockets_at_once_is_one_booking(plumber: Calling) -> None:
    """Under ids of their own, on connections of their own."""
    with as_tenant(plumber.tenant_id):
        set_business(WEEKDAYS_EIGHT_TO_SIX, capacity=8)
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(
            pool.map(lambda n: ask(plumber, "book_visit", VISIT, tool_call_id=str(n)), range(8))
        )
    assert all(answer == answers[0] for answer in answers)
    assert len(booked(plumber)) == 1


def test_what_is_said_later_is_added_to_the_booking(plumber: Calling) -> None:
    """An address; and it stays when it is not said again."""
    ask(plumber, "book_visit", VISIT)
    ask(plumber, "book_visit", VISIT | {"address": "twelve maple street"}, tool_call_id="two")
    ask(plumber, "book_visit", VISIT | {"service": "a tap repair"}, tool_call_id="three")
    (visit,) = booked(plumber)
    assert visit.what == "A tap repair"


def test_another_time_of_that_day_moves_the_booking(plumber: Calling) -> None:
    """Under its reference, and the first time is free again; half an hour later is no conflict."""
    _, first = ask(plumber, "book_visit", VISIT)
    (before,) = booked(plumber)
    _, moved = ask(plumber, "book_visit", VISIT | {"time": "half past two"}, tool_call_id="two")
    (after,) = booked(plumber)
    now = first["result"]["when"].replace("at two", "at half past two")
    assert moved["result"] == first["result"] | {"status": "moved", "when": now}
    assert after.starts_at - before.starts_at == timedelta(minutes=30)
    assert after.ends_at - after.starts_at == timedelta(hours=1)
    _, theirs = ask(calls_again(plumber), "book_visit", VISIT | {"time": "one"})
    assert theirs["result"]["status"] == "booked"


def test_a_booking_that_cannot_be_moved_stays(plumber: Calling) -> None:
    """The other time is somebody else's."""
    ask(calls_again(plumber), "book_visit", VISIT | {"time": "four"})
    _, first = ask(plumber, "book_visit", VISIT)
    _, moved = ask(plumber, "book_visit", VISIT | {"time": "four"}, tool_call_id="two")
    _, again = ask(plumber, "book_visit", VISIT, tool_call_id="three")
    assert moved["result"]["status"] == "unavailable"
    assert again == first


@pytest.mark.parametrize(
    "other",
    [
        {"day": "wednesday"},  # a series of visits
        {"name": "john smith", "time": "four"},  # a neighbour's
        {"service": "a tap repair", "time": "four"},
    ],
)
def test_another_wish_is_another_booking(plumber: Calling, other: dict[str, str]) -> None:
    """Another day, another person, another service."""
    _, first = ask(plumber, "book_visit", VISIT)
    _, second = ask(plumber, "book_visit", VISIT | other, tool_call_id="two")
    assert second["result"]["status"] == "booked"
    assert second["result"]["reference"] != first["result"]["reference"]
    assert len(booked(plumber)) == 2


def test_two_people_at_one_time_need_two_places(plumber: Calling) -> None:
    """The second person does not take the first one's booking over."""
    ask(plumber, "book_visit", VISIT)
    _, second = ask(plumber, "book_visit", VISIT | {"name": "tom o'neil"}, tool_call_id="two")
    assert second["result"]["status"] == "unavailable"
    assert [visit.who for visit in booked(plumber)] == ["Mary-Jane O'Neil"]


def test_another_calls_same_wish_is_not_ours(plumber: Calling) -> None:
    """The caller rings again: the time is taken."""
    ask(plumber, "book_visit", VISIT)
    _, theirs = ask(calls_again(plumber), "book_visit", VISIT)
    assert theirs["result"]["status"] == "unavailable"


def test_a_clinics_same_wish_is_one_appointment_too(clinic: Calling) -> None:
    """Whatever the vertical."""
    wish = {"reason": "a sore throat", "day": "thursday", "time": "three", "name": "mary jones"}
    _, first = ask(clinic, "book_appointment", wish)
    _, again = ask(clinic, "book_appointment", wish | {"time": "3 pm"}, tool_call_id="two")
    assert again == first
    assert len(booked(clinic)) == 1
