"""A tool asked for over HTTP runs once, for the right tenant, with arguments that fit."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.test.client import AsyncClient

from agents.models import BusinessProfile
from agents.queries import tool_runs, transfer_wish
from agents.runner import ToolInvocation, run_tool
from tenants import call_tokens
from tenants.context import as_tenant
from tests.agents.conftest import TOOLS, Calling, ask, calling, calls_again
from verticals.booking.queries import bookings_of_call
from warmline.kernel.ids import CallId, new_call_id

pytestmark = pytest.mark.django_db
VISIT = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"}


def test_a_booked_visit_is_a_row_of_that_tenant_on_its_own_clock(plumber: Calling) -> None:
    """ "tuesday at ten" in New York, the words kept, the name written as a name."""
    status, body = ask(plumber, "book_visit", VISIT)
    with as_tenant(plumber.tenant_id):
        (visit,) = bookings_of_call(plumber.call_id)
    assert (status, body["ok"], body["result"]["status"]) == (200, True, "booked")
    assert (visit.what, visit.who) == ("Drain cleaning", "John Smith")
    assert visit.starts_at.astimezone().astimezone(UTC).hour in (14, 15)
    assert visit.starts_at.strftime("%A") == "Tuesday"


def test_the_same_tool_call_twice_books_once_and_answers_the_same(plumber: Calling) -> None:
    """A retry after a lost answer."""
    first = ask(plumber, "book_visit", VISIT)
    assert ask(plumber, "book_visit", VISIT) == first
    with as_tenant(plumber.tenant_id):
        assert len(bookings_of_call(plumber.call_id)) == 1


def test_a_tool_call_id_cannot_be_used_for_something_else(plumber: Calling) -> None:
    """409, and the first booking stands alone."""
    ask(plumber, "book_visit", VISIT)
    assert ask(plumber, "book_visit", VISIT | {"day": "wednesday"})[0] == 409
    with as_tenant(plumber.tenant_id):
        assert len(bookings_of_call(plumber.call_id)) == 1


def test_a_taken_time_is_answered_with_free_ones_near_it(plumber: Calling) -> None:
    """The contract's words, in the contract's form."""
    ask(plumber, "book_visit", VISIT)
    _, body = ask(calls_again(plumber), "book_visit", VISIT)
    assert (body["ok"], body["result"]["status"]) == (False, "unavailable")
    assert body["result"]["free"] == "half past eight, nine, eleven"
    assert body["result"]["when"].startswith("tuesday the ")


def test_ten_callers_who_want_the_same_hour_get_it_once(plumber: Calling) -> None:
    """At the same time, on connections of their own."""
    with ThreadPoolExecutor(max_workers=10) as pool:
        callers = [calls_again(plumber) for _ in range(10)]
        answers = list(pool.map(lambda caller: ask(caller, "book_visit", VISIT), callers))
    assert sorted(body["result"]["status"] for _, body in answers) == [
        "booked",
        *["unavailable"] * 9,
    ]


def test_the_same_tool_call_at_the_same_time_runs_once(plumber: Calling) -> None:
    """The second waits for the first and gets its answer."""
    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(lambda _: ask(plumber, "book_visit", VISIT), range(6)))
    assert all(answer == answers[0] for answer in answers)
    with as_tenant(plumber.tenant_id):
        assert len(bookings_of_call(plumber.call_id)) == 1


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        (
            {"day": "two weeks from today", "time": "half past two"},
            "monday the seventh of december at half past two",
        ),
        (
            {"day": "friday this week", "time": "two p m"},
            "friday the twenty seventh of november at two",
        ),
        ({"day": "first thing monday", "time": "nine"}, "monday the thirtieth of november at nine"),
        ({"day": "", "time": "tomorrow at ten"}, "tuesday the twenty fourth of november at ten"),
        ({"day": "tomorrow at ten", "time": "ten"}, "tuesday the twenty fourth of november at ten"),
    ],
)
def test_the_answer_says_which_day_date_and_time_were_understood(
    plumber: Calling, said: dict[str, str], understood: str
) -> None:
    """Said on Monday the 23rd of November: a caller who meant another can object."""
    claims = call_tokens.verify(plumber.token, plumber.call_id)
    invocation = ToolInvocation(CallId(plumber.call_id), "one", "book_visit", VISIT | said)
    with as_tenant(plumber.tenant_id):
        answer = run_tool(invocation, claims=claims, at=datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert (answer.result["status"], answer.result["when"]) == ("booked", understood)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "someday"},
        {"day": "any day but monday"},
        {"day": "monday or tuesday"},
        {"day": "end of next week"},
        {"day": "february thirtieth"},
        {"day": "", "time": "ten"},
        {"time": "later"},
        {"time": "9 to 11"},
        {"time": "not before ten"},
        {"time": "wednesday at ten"},
        {"time": "next week at ten"},
        {"day": "tuesday at nine"},
        {"name": "  "},
        {"name": "."},
        {"name": "\u200b"},
    ],
)
def test_words_that_cannot_be_understood_are_asked_about_and_nothing_is_booked(
    plumber: Calling, wrong: dict[str, str]
) -> None:
    """An error for the model, with the question that would settle it."""
    status, body = ask(plumber, "book_visit", VISIT | wrong)
    assert (status, body["ok"], body["result"]["status"]) == (200, False, "error")
    assert body["result"]["ask"].endswith("?")
    assert body["result"]["because"]
    with as_tenant(plumber.tenant_id):
        assert bookings_of_call(plumber.call_id) == ()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"day": "tuesday"}, "time: missing, expected time, as said"),
        (VISIT | {"time": None}, "time: missing"),
        (VISIT | {"time": ["ten", "eleven"]}, "time: expected text, got a list"),
        (VISIT | {"name": {"first": "john"}}, "name: expected text, got an object"),
        (None, "service: missing"),
        ([], "service: missing"),
        (5, "arguments: expected one JSON object"),
        ("tuesday at ten", "arguments: expected one JSON object"),
        (VISIT | {"name": "x" * 501}, "at most 500"),
        (VISIT | {"name": "x\x00"}, "a control character (U+0000) at 2"),
    ],
)
def test_arguments_that_do_not_fit_the_schema_are_refused_by_name(
    plumber: Calling, arguments: Any, says: str
) -> None:
    """422, and the message says which."""
    status, body = ask(plumber, "book_visit", arguments)
    assert status == 422
    assert says in body["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        VISIT | {"urgent": True, "reason": {"deep": []}},
        VISIT | {"address": None},
        json.dumps(VISIT),
        json.dumps(json.dumps(VISIT)),
        [VISIT],
        {name.upper(): value for name, value in VISIT.items()},
        VISIT | {"name": 42},
    ],
)
def test_arguments_that_can_be_understood_are_taken(plumber: Calling, arguments: Any) -> None:
    """Unknown ones are left out, null is absent, a number is its text, text is parsed again."""
    status, body = ask(plumber, "book_visit", arguments)
    assert (status, body["result"]["status"]) == (200, "booked")


@pytest.mark.parametrize(
    "arguments",
    [
        *(None, {}, "", [], 5, True, "{broken", "null", [1, 2]),
        *({"reason": None}, {"resaon": "x"}, {"reason": "x", "more": 1}, {"reason": {"a": [1]}}),
        *({"reason": 7}, {"reason": "x" * 9000}, {"reason": "a\x00b"}, json.dumps({"reason": "x"})),
    ],
)
def test_a_wish_for_a_person_never_fails_for_its_reason(plumber: Calling, arguments: Any) -> None:
    """Any shape of arguments, under another case of its name, and once more with another reason."""
    wish = (200, {"ok": True, "result": {"status": "transferring"}})
    assert ask(plumber, "Transfer_To_Person", arguments) == wish
    assert ask(plumber, "transfer_to_person", {"reason": "again"}) == wish
    with as_tenant(plumber.tenant_id):
        assert transfer_wish(plumber.call_id) is not None


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"tool_call_id": 5}'),
        b'{"tool_call_id": "", "arguments": {}}',
        b'{"tool_call_id": "a", "arguments": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_request_is_refused(plumber: Calling, body: bytes) -> None:
    """400 for each."""
    answer = Client().post(
        f"/internal/calls/{plumber.call_id}/tools/book_visit",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {plumber.token}"},
    )
    assert answer.status_code == 400


def test_only_the_calls_own_token_opens_its_tools(plumber: Calling) -> None:
    """None, forged, another call's, expired: 401."""
    other = call_tokens.issue(new_call_id(), plumber.tenant_id, ("book_visit",), "", 600)
    expired = call_tokens.issue(plumber.call_id, plumber.tenant_id, ("book_visit",), "", -1)
    for token in ("none", plumber.token[:-2] + "xx", other, expired):
        assert ask(plumber, "book_visit", VISIT, token=token)[0] == 401


def test_a_tool_that_the_call_was_not_given_is_refused(plumber: Calling) -> None:
    """403 for one that exists, one that does not, another vertical's."""
    narrow = call_tokens.issue(plumber.call_id, plumber.tenant_id, ("check_status",), "", 600)
    assert ask(plumber, "book_visit", VISIT, token=narrow)[0] == 403
    assert ask(plumber, "book_appointment", VISIT)[0] == 403


def test_a_granted_tool_that_the_vertical_lacks_is_not_found(plumber: Calling) -> None:
    """404."""
    odd = call_tokens.issue(plumber.call_id, plumber.tenant_id, ("fly_away",), "", 600)
    assert ask(plumber, "fly_away", {}, token=odd)[0] == 404


def test_a_reference_said_back_finds_the_visit_of_its_tenant_only(plumber: Calling) -> None:
    """As it was read out; nothing is found for one never given, nor by another plumber."""
    another = calling("hilltop", vertical="homeservices", tools=TOOLS)
    _, booked = ask(plumber, "book_visit", VISIT)
    reference = {"reference": booked["result"]["reference"]}
    _, found = ask(plumber, "check_status", reference, tool_call_id="two")
    _, missing = ask(plumber, "check_status", {"reference": "one"}, tool_call_id="three")
    _, theirs = ask(another, "check_status", reference)
    assert found["result"] == {"status": "found", "state": "booked"}
    assert missing["result"] == theirs["result"] == {"status": "not found"}
    with as_tenant(another.tenant_id):
        assert bookings_of_call(plumber.call_id) == ()


def test_a_clinic_says_what_is_free_and_books_it(clinic: Calling) -> None:
    """Three times over the day, then one of them."""
    _, free = ask(clinic, "check_availability", {"day": "thursday"})
    reason = {"reason": "a sore throat", "day": "thursday", "time": "three", "name": "mary jones"}
    _, booked = ask(clinic, "book_appointment", reason, tool_call_id="two")
    with as_tenant(clinic.tenant_id):
        (appointment,) = bookings_of_call(clinic.call_id)
    assert len(free["result"]["free"].split(", ")) == 3
    assert booked["result"]["status"] == "booked"
    assert (appointment.what, appointment.who) == ("A sore throat", "Mary Jones")


def test_a_wish_for_a_person_is_kept_with_its_reason(plumber: Calling) -> None:
    """For what happens after the stream ends."""
    status, body = ask(plumber, "transfer_to_person", {"reason": "caller asked"})
    assert (status, body["result"]) == (200, {"status": "transferring"})
    with as_tenant(plumber.tenant_id):
        assert transfer_wish(plumber.call_id) == "caller asked"
        assert transfer_wish(new_call_id()) is None


def test_a_company_without_opening_hours_has_a_person_and_no_free_times(plumber: Calling) -> None:
    """Its agent is not left with an error."""
    with as_tenant(plumber.tenant_id):
        BusinessProfile.objects.all().delete()
    status, body = ask(plumber, "transfer_to_person", {"reason": "caller asked"})
    assert (status, body["result"]) == (200, {"status": "transferring"})
    visit = VISIT | {"time": "ten in the morning"}
    status, body = ask(plumber, "book_visit", visit, tool_call_id="two")
    assert (status, body["ok"], body["result"]["status"]) == (200, False, "unavailable")
    assert body["result"]["free"] == ""


def test_one_tenants_runs_are_not_there_for_another(plumber: Calling, clinic: Calling) -> None:
    """Not by the call's id either."""
    ask(plumber, "book_visit", VISIT)
    with as_tenant(clinic.tenant_id):
        assert tool_runs(plumber.call_id) == ()


def test_a_day_is_read_on_the_businesss_calendar_not_on_ours(plumber: Calling) -> None:
    """Late on Monday in New York it is Tuesday in UTC; "tomorrow" is Tuesday all the same."""
    claims = call_tokens.verify(plumber.token, plumber.call_id)
    invocation = ToolInvocation(
        CallId(plumber.call_id), "late", "book_visit", VISIT | {"day": "tomorrow"}
    )
    with as_tenant(plumber.tenant_id):
        run_tool(invocation, claims=claims, at=datetime(2026, 11, 24, 3, tzinfo=UTC))
        (visit,) = bookings_of_call(plumber.call_id)
    assert visit.starts_at == datetime(2026, 11, 24, 15, tzinfo=UTC)


async def test_the_door_works_from_an_event_loop(plumber: Calling) -> None:
    """As the web plane serves it."""
    answer = await AsyncClient().post(
        f"/internal/calls/{plumber.call_id}/tools/book_visit",
        data=json.dumps({"tool_call_id": "one", "arguments": VISIT}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {plumber.token}"},
    )
    assert answer.json()["result"]["status"] == "booked"
