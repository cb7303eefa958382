"""Bookings as members see them: ahead, in a week, one by one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from agents.bookings import calendar
from agents.models import CalendarFeed
from tenants.context import as_tenant
from tests.agents.conftest import Calling
from tests.shadow.conftest import signed_in
from verticals.homeservices.models import Visit
from warmline.kernel import clock

pytestmark = pytest.mark.django_db


def monday() -> datetime:
    """Nine in the morning in New York, on a Monday to come."""
    day = clock.now() + timedelta(days=7 - clock.now().weekday() + 7)
    return day.replace(hour=14, minute=0, second=0, microsecond=0, tzinfo=UTC)


@pytest.fixture
def visit_id(plumber: Calling) -> UUID:
    """A visit on a Monday to come."""
    with as_tenant(plumber.tenant_id):
        visit = Visit.objects.create(
            call_id=uuid4(),
            reference="1234",
            service="Boiler repair",
            customer_name="Mary Jones",
            starts_at=monday(),
            ends_at=monday() + timedelta(hours=1),
        )
    return visit.pk


@pytest.fixture
def builder(plumber: Calling, visit_id: UUID) -> Client:
    """A browser with a builder of the plumber's."""
    return signed_in(plumber.tenant_id, role="builder")


def test_what_lies_ahead_is_listed(builder: Client, visit_id: UUID) -> None:
    """Narrowed by state, days and reference."""
    assert b"Mary Jones" in builder.get("/bookings/").content
    assert b"Mary Jones" in builder.get("/bookings/?state=booked&reference=1234").content
    assert b"No booking fits" in builder.get("/bookings/?state=cancelled").content
    day = monday().date().isoformat()
    assert b"Mary Jones" in builder.get(f"/bookings/?from_day={day}&to_day={day}").content
    assert builder.get("/bookings/?from_day=soon").status_code == 422
    assert builder.get("/bookings/?cursor=none").status_code == 400


def test_a_week_has_its_bookings(builder: Client) -> None:
    """On their days; a day of another week shows that one."""
    assert b"Mary Jones" in builder.get(f"/bookings/week?of={monday().date()}").content
    assert b"Mary Jones" not in builder.get("/bookings/week").content
    for day in ("soon", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert builder.get(f"/bookings/week?of={day}").status_code == 400


def test_a_booking_is_moved_on_its_page(builder: Client, plumber: Calling, visit_id: UUID) -> None:
    """On the company's clock; a time that is not to be had is told beside the field."""
    tuesday = (monday() + timedelta(days=1)).date()
    answer = builder.post(f"/bookings/{visit_id}/move", {"starts_at": f"{tuesday}T10:30"})
    assert answer.status_code == 302
    with as_tenant(plumber.tenant_id):
        moved = Visit.objects.get()
        assert (
            moved.starts_at.astimezone(ZoneInfo("America/New_York")).strftime("%a %H:%M")
            == "Tue 10:30"
        )
    for starts_at, why in (
        (f"{tuesday}T03:00", b"outside opening hours"),
        ("noon", b"Enter a valid"),
    ):
        answer = builder.post(f"/bookings/{visit_id}/move", {"starts_at": starts_at})
        assert answer.status_code == 422
        assert why in answer.content


def test_a_booking_is_cancelled_on_its_page(builder: Client, visit_id: UUID) -> None:
    """Then nothing more may be done to it."""
    assert b"Cancel booking" in builder.get(f"/bookings/{visit_id}").content
    answer = builder.post(f"/bookings/{visit_id}/cancel", follow=True)
    assert b"its time is free again" in answer.content
    assert b"Move it" not in answer.content


def test_a_viewer_looks_on(plumber: Calling, visit_id: UUID) -> None:
    """No change, no address of the calendar."""
    viewer = signed_in(plumber.tenant_id, role="viewer")
    assert b"Move it" not in viewer.get(f"/bookings/{visit_id}").content
    for path in (f"/bookings/{visit_id}/move", f"/bookings/{visit_id}/cancel", "/bookings/feed"):
        assert viewer.post(path).status_code == 403


def test_the_calendars_address_is_shown_once(builder: Client, plumber: Calling) -> None:
    """Made anew it is another one; closed there is none."""
    assert b"There is no feed yet" in builder.get("/bookings/feed").content
    made = builder.post("/bookings/feed").content.decode()
    assert "/calendar/" in made
    assert "/calendar/" not in builder.get("/bookings/feed").content.decode()
    assert builder.post("/bookings/feed", {"do": "close"}).status_code == 302
    with as_tenant(plumber.tenant_id):
        assert not CalendarFeed.objects.exists()
        assert calendar.calendar(at=clock.now())
