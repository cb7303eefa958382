"""When a business is open, from what an operator writes to the visit that is booked."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agents.actions import set_business
from agents.queries import business
from agents.runner import ToolInvocation, run_tool
from tenants import call_tokens
from tenants.context import as_tenant
from tests.agents.conftest import Calling, ask, calls_again
from verticals.booking.queries import bookings_of_call
from verticals.types import Hours

pytestmark = pytest.mark.django_db
VISIT = {"service": "drain cleaning", "name": "john smith"}
ALL_DAY = (time(0), time(0))
SPRING, AUTUMN = datetime(2026, 3, 5, 15, tzinfo=UTC), datetime(2026, 10, 29, 15, tzinfo=UTC)


def wish(call: Calling, day: str, at: str, *, now: datetime) -> dict[str, str]:
    """What the tool answers who wants a visit then, at that moment."""
    invocation = ToolInvocation(call.call_id, "one", "book_visit", VISIT | {"day": day, "time": at})
    claims = call_tokens.verify(call.token, call.call_id)
    with as_tenant(call.tenant_id):
        return run_tool(invocation, claims=claims, at=now).result


def begins(call: Calling) -> datetime:
    """When the call's one visit begins, which lasts an hour."""
    with as_tenant(call.tenant_id):
        (visit,) = bookings_of_call(call.call_id)
    assert visit.ends_at - visit.starts_at == timedelta(hours=1)
    return visit.starts_at


def opens(plumber: Calling, *week: Hours | None) -> None:
    """The same hours every day, or a week of them."""
    with as_tenant(plumber.tenant_id):
        set_business(week if len(week) == 7 else week * 7)


def test_an_hour_that_the_clock_skips_is_not_offered_and_not_booked(plumber: Calling) -> None:
    """Half past two on the spring Sunday; what is offered instead can be had."""
    opens(plumber, ALL_DAY)
    answer = wish(plumber, "sunday", "half past two a m", now=SPRING)
    assert answer["status"] == "unavailable"
    assert answer["free"] == "half past one a m, three a m, half past three a m"
    half_past_one = calls_again(plumber)
    assert wish(half_past_one, "sunday", "half past one a m", now=SPRING)["status"] == "booked"
    assert begins(half_past_one) == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_booked_twice(plumber: Calling) -> None:
    """The first half past one, then the second, an hour later; then none."""
    opens(plumber, ALL_DAY)
    first, second, third = plumber, calls_again(plumber), calls_again(plumber)
    for call in (first, second):
        answer = wish(call, "sunday", "half past one a m", now=AUTUMN)
        assert answer["status"] == "booked"
    assert begins(first) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert begins(second) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert wish(third, "sunday", "half past one a m", now=AUTUMN)["status"] == "unavailable"


def test_a_visit_may_run_over_midnight(plumber: Calling) -> None:
    """And the time after it is taken on the next day."""
    opens(plumber, (time(20), time(2)))
    late, after = plumber, calls_again(plumber)
    assert wish(late, "friday", "half past eleven", now=SPRING)["status"] == "booked"
    assert begins(late) == datetime(2026, 3, 7, 4, 30, tzinfo=UTC)
    assert wish(after, "saturday", "midnight", now=SPRING)["status"] == "unavailable"


def test_two_who_want_both_sides_of_midnight_are_served_one_after_the_other(
    plumber: Calling,
) -> None:
    """They name different days, and want the same half hour."""
    opens(plumber, ALL_DAY)
    wishes = [("wednesday", "half past eleven p m"), ("thursday", "midnight")] * 4

    def book(said: tuple[str, str]) -> str:
        arguments = VISIT | {"day": said[0], "time": said[1]}
        return str(ask(calls_again(plumber), "book_visit", arguments)[1]["result"]["status"])

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(book, wishes))
    assert sorted(answers) == ["booked", *["unavailable"] * 7]


def hours_file(tmp_path: Path, **content: Any) -> str:
    """What an operator wrote."""
    path = tmp_path / "hours.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


WEEKDAYS = {"days": [0, 1, 2, 3, 4], "begins": "08:00", "ends": "18:00"}


def test_an_operator_sets_hours_holidays_and_exceptions(
    plumber: Calling, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the words of a pool's schedule."""
    path = hours_file(
        tmp_path,
        hours=[
            WEEKDAYS,
            {"days": [5], "begins": "20:00", "ends": "02:00"},
            {"days": [6], "begins": "00:00", "ends": "24:00"},
        ],
        holidays=["2026-12-25"],
        exceptions=[
            {"from_date": "2026-12-24", "begins": "08:00", "ends": "12:00"},
            {"from_date": "2026-12-28", "until_date": "2026-12-30"},
        ],
        capacity=2,
    )
    call_command("set_business", "--tenant=rivertown", "--hours", path)
    with as_tenant(plumber.tenant_id):
        company = business()
    assert capsys.readouterr().out == (
        "rivertown: open on 7 days a week, 1 holidays, 2 exceptions\n"
    )
    assert company.capacity == 2
    assert company.hours_on(date(2026, 12, 26)) == (time(20), time(2))
    assert company.hours_on(date(2026, 12, 27)) == ALL_DAY
    assert company.hours_on(date(2026, 12, 24)) == (time(8), time(12))
    closed = [day for day in range(21, 32) if company.hours_on(date(2026, 12, day)) is None]
    assert closed == [25, 28, 29, 30]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "required field `hours`"),
        ({"hours": [WEEKDAYS], "opens": 1}, "unknown field `opens`"),
        ({"hours": [WEEKDAYS | {"begins": "8 o'clock"}]}, "no time of day such as 08:30"),
        ({"hours": [WEEKDAYS | {"days": [7]}]}, "0 (Monday) to 6 (Sunday)"),
        ({"hours": [WEEKDAYS, WEEKDAYS]}, "day 0 has hours twice"),
        ({"hours": [WEEKDAYS], "holidays": ["25.12.2026"]}, "expected one such as 2026-12-24"),
        ({"hours": [], "exceptions": [{"from_date": "2026-12-24"}] * 2}, "two exceptions"),
        (
            {"hours": [], "exceptions": [{"from_date": "2026-12-24", "until_date": "2026-12-23"}]},
            "no later than until_date",
        ),
        ({"hours": [], "exceptions": [{"from_date": "2026-12-24", "begins": "08:00"}]}, "08:30"),
        ({"hours": [WEEKDAYS], "slot_minutes": 0}, "slot 0: expected 1 to"),
        ({"hours": [WEEKDAYS], "capacity": 10**9}, "capacity 1000000000: expected 1 to"),
    ],
)
def test_hours_that_contradict_themselves_are_refused_and_nothing_is_changed(
    plumber: Calling, tmp_path: Path, content: dict[str, Any], says: str
) -> None:
    """With what was expected."""
    with as_tenant(plumber.tenant_id):
        before = business()
    with pytest.raises(CommandError) as refused:
        call_command(
            "set_business", "--tenant=rivertown", "--hours", hours_file(tmp_path, **content)
        )
    assert says in str(refused.value)
    with as_tenant(plumber.tenant_id):
        assert business() == before


def test_hours_from_before_are_read_as_they_were(plumber: Calling) -> None:
    """A profile without holidays and exceptions, as every one was."""
    opens(plumber, *[(time(8), time(18))] * 5, None, None)
    with as_tenant(plumber.tenant_id):
        company = business()
    assert (company.holidays, dict(company.exceptions)) == (frozenset(), {})
    assert company.hours_on(date(2026, 12, 25)) == (time(8), time(18))
