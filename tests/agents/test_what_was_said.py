"""A tool runs with what the caller said, at the web plane's door; what nobody said is asked."""

import pytest

from tenants.context import as_tenant
from tests.agents.conftest import Calling, ask
from verticals.booking.queries import bookings_of_call

pytestmark = pytest.mark.django_db
VISIT = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"}
SAID = ("I need a drain cleaning on Tuesday at ten.", "My name is John Smith.")


def test_what_was_said_is_booked_and_read_back_by_the_platform(plumber: Calling) -> None:
    """Day, date, time, name and reference, from the row and not from a model's memory."""
    _, body = ask(plumber, "book_visit", VISIT, said=SAID)
    with as_tenant(plumber.tenant_id):
        [visit] = bookings_of_call(plumber.call_id)
    result = body["result"]
    assert result["status"] == "booked"
    assert visit.starts_at.strftime("%A").lower() in result["when"]
    assert body["say"] == (
        f"You are booked for {result['when']}, under the name John Smith. "
        f"Your reference is {result['reference']}. Is there anything else?"
    )


@pytest.mark.parametrize(
    ("changes", "ask_for"),
    [
        ({"day": "wednesday"}, "what day would suit you?"),
        ({"time": "eleven"}, "what time would suit you?"),
        ({"address": "42 elm street"}, "what is the address?"),
    ],
)
def test_what_nobody_said_is_asked_for_and_nothing_is_booked(
    plumber: Calling, changes: dict[str, str], ask_for: str
) -> None:
    """In the form in which a model is asked back, and in words for the caller."""
    _, body = ask(plumber, "book_visit", VISIT | changes, said=SAID)
    assert (body["ok"], body["result"]["status"], body["result"]["ask"]) == (
        False,
        "error",
        ask_for,
    )
    assert body["say"] == f"Sorry, {ask_for}"
    with as_tenant(plumber.tenant_id):
        assert bookings_of_call(plumber.call_id) == ()


def test_a_name_that_nobody_said_is_asked_for(plumber: Calling) -> None:
    """Until the caller has given one."""
    _, body = ask(plumber, "book_visit", VISIT, said=SAID[:1])
    assert body["result"]["ask"] == "what name is it under?"


def test_a_repeat_is_told_the_same(plumber: Calling) -> None:
    """Its words for the caller included; the model reads none of them twice."""
    first = ask(plumber, "book_visit", VISIT, said=SAID)
    assert ask(plumber, "book_visit", VISIT, said=SAID) == first
    assert "say" not in first[1]["result"]


def test_who_has_said_nothing_yet_books_nothing(plumber: Calling) -> None:
    """An empty conversation is one; a process of an older version sends none at all."""
    assert ask(plumber, "book_visit", VISIT, said=())[1]["ok"] is False
    assert ask(plumber, "book_visit", VISIT, tool_call_id="two")[1]["ok"] is True


def test_a_name_is_booked_as_it_was_spelt(plumber: Calling) -> None:
    """The model passes on what was heard first."""
    said = (*SAID, "No, it is spelt S M Y T H E.")
    ask(plumber, "book_visit", VISIT, said=said)
    with as_tenant(plumber.tenant_id):
        [visit] = bookings_of_call(plumber.call_id)
    assert visit.who == "John Smythe"
