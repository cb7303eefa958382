"""What was booked by telephone, changed by a person: under the same rules, seen in calendars."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from icalendar import Calendar

from agents.bookings import calendar
from tenants.actions import create_api_key
from tenants.context import as_tenant
from tenants.models import AuditEvent, WebhookEvent
from tests.agents.conftest import Calling, ask
from verticals.booking import listing
from verticals.booking.listing import BookingFilters
from verticals.homeservices.models import Visit
from warmline.kernel import clock

pytestmark = pytest.mark.django_db


class Program:
    """A company's program with a key of its own."""

    def __init__(self, tenant_id: str) -> None:
        with as_tenant(tenant_id):
            secret = create_api_key("test").secret
        self._client = Client(headers={"authorization": f"Bearer {secret}"})

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The answer: its status and what it says."""
        sent = "" if body is None else json.dumps(body)
        response = self._client.generic(method, f"/api/v1/{path}", sent, "application/json")
        return response.status_code, json.loads(response.content) if response.content else None


@pytest.fixture
def ours(plumber: Calling) -> Program:
    """A program of the plumber's."""
    return Program(plumber.tenant_id)


@pytest.fixture
def theirs(clinic: Calling) -> Program:
    """A program of another company's."""
    return Program(clinic.tenant_id)


@pytest.fixture
def visit(plumber: Calling) -> dict[str, Any]:
    """A visit that an agent has booked, at nine of a weekday in New York."""
    status, answer = ask(
        plumber,
        "book_visit",
        {"service": "boiler repair", "day": "next wednesday", "time": "nine", "name": "mary jones"},
    )
    assert (status, answer["result"]["status"]) == (200, "booked"), answer
    with as_tenant(plumber.tenant_id):
        (line,) = listing.bookings_page(BookingFilters()).items
    return {"id": str(line.id), "starts_at": line.starts_at, "reference": line.reference}


def announced(plumber: Calling) -> list[str]:
    with as_tenant(plumber.tenant_id):
        events = WebhookEvent.objects.filter(type__startswith="booking.").order_by("id")
        return list(events.values_list("type", flat=True))


def test_bookings_are_read_by_their_company(
    ours: Program, theirs: Program, visit: dict[str, Any]
) -> None:
    """By state, time, reference; another company's are not there."""
    _, page = ours("GET", "bookings")
    (line,) = page["items"]
    assert (line["id"], line["what"], line["state"]) == (visit["id"], "Boiler repair", "booked")
    assert ours("GET", f"bookings/{visit['id']}") == (200, line)
    for query, is_found in (
        ("state=booked", True),
        ("state=cancelled", False),
        (f"reference={visit['reference']}", True),
        ("reference=1", False),
        (f"call={line['call_id']}&sort=-starts_at", True),
        (f"since={line['starts_at']}", True),
        (f"until={line['starts_at']}", False),
    ):
        assert bool(ours("GET", f"bookings?{query}")[1]["items"]) is is_found, query
    assert theirs("GET", "bookings")[1]["items"] == []
    for method, path in (("GET", ""), ("POST", "/cancel")):
        assert theirs(method, f"bookings/{visit['id']}{path}")[0] == 404


def test_a_person_cancels_a_booking_once(
    ours: Program, plumber: Calling, visit: dict[str, Any]
) -> None:
    """Its time is free again; cancelled again it stays; it is told once."""
    status, line = ours("POST", f"bookings/{visit['id']}/cancel")
    assert (status, line["state"], line["revision"]) == (200, "cancelled", 1)
    assert ours("POST", f"bookings/{visit['id']}/cancel") == (200, line)
    assert announced(plumber) == ["booking.created", "booking.cancelled"]
    status, problem = ours("POST", f"bookings/{visit['id']}/reschedule", starts(visit, hours=1))
    assert (status, problem["code"]) == (409, "conflict")
    with as_tenant(plumber.tenant_id):
        trail = AuditEvent.objects.get(action="booking.cancelled")
        assert (trail.subject, trail.actor[:4]) == (visit["id"], "key:")


def starts(visit: dict[str, Any], **later: int) -> dict[str, str]:
    return {"starts_at": (visit["starts_at"] + timedelta(**later)).isoformat()}


def test_a_person_moves_a_booking(ours: Program, plumber: Calling, visit: dict[str, Any]) -> None:
    """It keeps its reference and its length; to where it is already changes nothing."""
    status, line = ours("POST", f"bookings/{visit['id']}/reschedule", starts(visit, hours=1))
    assert (status, line["revision"], line["reference"]) == (200, 1, visit["reference"])
    begin, end = (datetime.fromisoformat(line[name]) for name in ("starts_at", "ends_at"))
    assert (begin - visit["starts_at"], end - begin) == (timedelta(hours=1), timedelta(hours=1))
    assert ours("POST", f"bookings/{visit['id']}/reschedule", starts(visit, hours=1)) == (200, line)
    assert announced(plumber) == ["booking.created", "booking.changed"]


@pytest.mark.parametrize(
    ("later", "status"),
    [({"hours": 12}, 409), ({"days": -60}, 409), ({"days": 3}, 409), ({"days": 1}, 200)],
    ids=str,
)
def test_a_person_moves_by_the_rules_of_the_tool(
    ours: Program, visit: dict[str, Any], later: dict[str, int], status: int
) -> None:
    """Not into the night, the past or the weekend."""
    assert ours("POST", f"bookings/{visit['id']}/reschedule", starts(visit, **later))[0] == status


def test_a_time_that_is_taken_is_refused(
    ours: Program, plumber: Calling, visit: dict[str, Any]
) -> None:
    """One at a time; nothing is changed."""
    taken = visit["starts_at"] + timedelta(hours=2)
    with as_tenant(plumber.tenant_id):
        Visit.objects.create(
            call_id=uuid4(),
            reference="9999",
            service="tap",
            customer_name="Bob",
            starts_at=taken,
            ends_at=taken + timedelta(hours=1),
        )
    status, problem = ours("POST", f"bookings/{visit['id']}/reschedule", starts(visit, hours=2))
    assert (status, problem["code"]) == (409, "slot_taken")
    _, line = ours("GET", f"bookings/{visit['id']}")
    assert (datetime.fromisoformat(line["starts_at"]), line["revision"]) == (visit["starts_at"], 0)


@pytest.mark.parametrize("body", [{}, {"starts_at": "nine"}, {"starts_at": None}, {"when": "now"}])
def test_what_is_no_time_is_refused(ours: Program, visit: dict[str, Any], body: Any) -> None:
    """Beside its field."""
    assert ours("POST", f"bookings/{visit['id']}/reschedule", body)[0] == 400


def test_pages_go_through_all_bookings_once(ours: Program, plumber: Calling) -> None:
    """In both orders, those of the same moment too."""
    nine = datetime(2027, 3, 1, 14, tzinfo=UTC)
    with as_tenant(plumber.tenant_id):
        for number in range(5):
            Visit.objects.create(
                call_id=uuid4(),
                reference=str(1000 + number),
                service="tap",
                customer_name="Bob",
                starts_at=nine + timedelta(days=number // 2),
                ends_at=nine + timedelta(days=number // 2, hours=1),
            )
    for sort in ("starts_at", "-starts_at"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            more = cursor and f"&cursor={cursor}"
            _, page = ours("GET", f"bookings?sort={sort}&limit=2{more}")
            seen += [line["reference"] for line in page["items"]]
            cursor = page["next_cursor"]
        assert sorted(seen) == ["1000", "1001", "1002", "1003", "1004"]
        assert seen[0] in (("1000", "1001") if sort == "starts_at" else ("1004",))


def test_a_calendar_shows_them_where_they_are(
    ours: Program, plumber: Calling, visit: dict[str, Any]
) -> None:
    """On New York's clock; one that is cancelled says so, as a later version of the same event."""
    _, feed = ours("POST", "bookings/calendar")
    event = read(feed["url"])
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)
    assert event.start == visit["starts_at"]
    assert event.start.strftime("%H:%M %Z") in ("09:00 EST", "09:00 EDT")
    ours("POST", f"bookings/{visit['id']}/cancel")
    cancelled = read(feed["url"])
    assert (cancelled["uid"], cancelled["status"]) == (event["uid"], "CANCELLED")
    assert cancelled["sequence"] == 1


def get(url: str, **headers: str) -> Any:
    return Client().get(url.removeprefix("http://testserver"), headers=headers)


def read(url: str) -> Any:
    (event,) = Calendar.from_ical(get(url).content).walk("VEVENT")
    return event


def test_a_calendar_that_is_the_same_is_not_sent_again(
    ours: Program, visit: dict[str, Any]
) -> None:
    """304 with the tag of what the reader has."""
    _, feed = ours("POST", "bookings/calendar")
    first = get(feed["url"])
    again = get(feed["url"], **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    ours("POST", f"bookings/{visit['id']}/cancel")
    assert get(feed["url"], **{"If-None-Match": first["ETag"]}).status_code == 200


def test_a_new_address_ends_the_one_before(
    ours: Program, theirs: Program, plumber: Calling
) -> None:
    """Closed, none opens it; another company's feed is its own."""
    assert ours("GET", "bookings/calendar")[0] == 404
    first = ours("POST", "bookings/calendar")[1]["url"]
    second = ours("POST", "bookings/calendar")[1]["url"]
    other = theirs("POST", "bookings/calendar")[1]["url"]
    assert [get(url).status_code for url in (first, second, other)] == [404, 200, 200]
    assert b"lakeside" in get(other).content.lower() or b"clinic" in get(other).content.lower()
    assert ours("DELETE", "bookings/calendar")[0] == 204
    assert [get(url).status_code for url in (second, other)] == [404, 200]
    with as_tenant(plumber.tenant_id):
        assert calendar.calendar(at=clock.now()).startswith(b"BEGIN:VCALENDAR")


def test_an_unknown_booking_is_not_there(ours: Program) -> None:
    """404, whatever is asked."""
    unknown = UUID("00000000-0000-7000-8000-000000000000")
    for method, path in (("GET", ""), ("POST", "/cancel")):
        assert ours(method, f"bookings/{unknown}{path}")[0] == 404


def test_bookings_are_listed_at_the_command_line(plumber: Calling, visit: dict[str, Any]) -> None:
    """What lies ahead, or what is asked for; what is no time is told."""

    def printed(*arguments: str) -> str:
        out = io.StringIO()
        call_command("list_bookings", "--tenant", "rivertown", *arguments, stdout=out)
        return out.getvalue()

    assert visit["reference"] in printed()
    assert json.loads(printed("--json", "--state", "cancelled")) == []
    assert json.loads(printed("--json", "--until", "2020-01-01T00:00:00Z")) == []
    with pytest.raises(CommandError, match=r"since: .*expected a time"):
        printed("--since", "tomorrow")
