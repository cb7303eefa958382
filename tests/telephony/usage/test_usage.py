"""Usage is added up by a job, by days of the company's own clock, and its quota announced once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from telephony.models import Call
from telephony.usage.actions import roll_up
from telephony.usage.models import DailyUsage
from telephony.usage.queries import tenants_with_calls, usage
from telephony.usage.types import PLAN_MINUTES
from tenants.actions import create_api_key, create_tenant
from tenants.context import as_tenant
from tenants.models import WebhookEvent
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId, new_uuid

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(db: None) -> TenantId:
    """On New York's clock, on trial."""
    return create_tenant(
        "rivertown", name="Rivertown", vertical="homeservices", time_zone="America/New_York"
    ).tenant_id


def call(at: datetime, *, minutes: float | None = 2) -> None:
    """A call that began then and was spoken for so long; None: nobody answered it."""
    ended = at + timedelta(minutes=minutes or 1)
    Call.objects.create(
        carrier_call_id=str(new_uuid()),
        to_number="+12125550100",
        vertical="homeservices",
        state="ended",
        started_at=at,
        answered_at=None if minutes is None else at,
        ended_at=ended,
    )


def test_days_are_the_companys_own(company: TenantId) -> None:
    """Three in the morning in London is still yesterday in New York."""
    with as_tenant(company):
        call(NOON)
        call(NOON, minutes=None)
        call(datetime(2026, 11, 28, 3, tzinfo=UTC), minutes=1.5)
        assert roll_up(at=NOON) == 2
        shown = usage(at=NOON)
    days = {day.day: (day.calls, day.answered, day.missed, day.minutes) for day in shown.days}
    assert days == {date(2026, 11, 27): (1, 1, 0, 1.5), date(2026, 11, 28): (2, 1, 1, 2.0)}
    assert (shown.total.calls, shown.total.minutes) == (3, 3.5)
    assert [(month.month, month.minutes) for month in shown.months] == [("2026-11", 3.5)]
    assert (shown.since, shown.until) == (date(2026, 10, 1), date(2026, 11, 28))


def test_adding_up_again_changes_nothing_and_what_was_used_stays_used(company: TenantId) -> None:
    """Erasing a call does not give its minutes back."""
    with as_tenant(company):
        call(NOON, minutes=10)
        roll_up(at=NOON)
        roll_up(at=NOON)
        Call.objects.all().delete()
        call(NOON, minutes=1)
        roll_up(at=NOON)
        assert [(row.calls, row.seconds) for row in DailyUsage.objects.all()] == [(1, 600.0)]


def test_a_job_that_was_down_for_a_week_catches_up(company: TenantId) -> None:
    """From the last day that was added up."""
    with as_tenant(company):
        call(NOON - timedelta(days=7))
        roll_up(at=NOON - timedelta(days=7))
        for days in range(6):
            call(NOON - timedelta(days=days))
        roll_up(at=NOON)
        assert DailyUsage.objects.count() == 7


def test_the_company_is_told_at_80_and_at_100_percent_once(company: TenantId) -> None:
    """Of each month."""
    quota = PLAN_MINUTES["trial"]
    with as_tenant(company):
        call(NOON, minutes=quota * 0.79)
        roll_up(at=NOON)
        assert not WebhookEvent.objects.exists()
        call(NOON, minutes=quota * 0.02)
        roll_up(at=NOON)
        roll_up(at=NOON)
        call(NOON, minutes=quota)
        roll_up(at=NOON)
        told = [event.data for event in WebhookEvent.objects.order_by("id")]
    assert [(event["percent"], event["month"]) for event in told] == [
        (80, "2026-11"),
        (100, "2026-11"),
    ]


def test_only_companies_with_calls_are_worked_on(company: TenantId) -> None:
    """Lately, that is."""
    other = create_tenant("lakeside", name="Lakeside", vertical="healthcare").tenant_id
    with as_tenant(company):
        call(NOON)
    with as_tenant(other):
        call(NOON - timedelta(days=9))
    assert tenants_with_calls(since=NOON - timedelta(days=2)) == [company]


def test_days_that_cannot_be_are_refused(company: TenantId) -> None:
    """Backwards, or more than a year of them."""
    with as_tenant(company):
        for since in (date(2026, 11, 29), date(2020, 1, 1)):
            with pytest.raises(BadInput) as refused:
                usage(at=NOON, since=since)
            assert refused.value.field == "since"


def test_usage_is_read_by_the_api(company: TenantId) -> None:
    """By days, and what of it one asks for."""
    with as_tenant(company):
        call(NOON)
        roll_up(at=NOON)
        key = create_api_key("test")
    client = Client(headers={"authorization": f"Bearer {key.secret}"})
    told = client.get("/api/v1/usage?since=2026-11-28&until=2026-11-28").json()
    assert told["days"] == [
        {"day": "2026-11-28", "calls": 1, "answered": 1, "missed": 0, "minutes": 2.0}
    ]
    assert set(client.get("/api/v1/usage?fields=total,quota").json()) == {"total", "quota"}
    assert client.get("/api/v1/usage?since=yesterday").status_code == 400
    assert client.get("/api/v1/usage?since=2027-01-01&until=2026-01-01").status_code == 400
