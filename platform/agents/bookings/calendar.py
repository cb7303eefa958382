"""A company's bookings as a calendar that others subscribe to (iCalendar, RFC 5545).

Its address is the only credential: kept as a hash, rotated at will. Inside the bound tenant, but
for `tenant_of_feed`.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.urls import reverse
from icalendar import Calendar, Event
from msgspec import Meta

from agents.models import CalendarFeed
from tenants.actions import record_audit
from tenants.queries import tenant
from verticals.booking.listing import bookings_between
from verticals.booking.types import BookingLine
from warmline.kernel import clock
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

SHOWN_BEFORE: Final = timedelta(days=60)
SHOWN_AHEAD: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """Whether there is a calendar feed, and since when it has its address."""

    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed's address, shown this once."""

    url: Annotated[str, Meta(description="the only credential: whoever has it reads the calendar")]
    created_at: datetime


def feed() -> FeedLine:
    """The company's feed; `NotFound` when it has none."""
    row = CalendarFeed.objects.first()
    if row is None:
        raise NotFound("this company has no calendar feed")
    return FeedLine(row.created_at)


def renew_feed() -> NewFeed:
    """A new address for the company's feed; the one before opens nothing any more."""
    token, at = secrets.token_urlsafe(32), clock.now()
    CalendarFeed.objects.update_or_create(defaults={"token_sha256": _hash(token), "created_at": at})
    record_audit(action="calendar.renew", subject="calendar")
    path = reverse("calendar-feed", kwargs={"token": token})
    return NewFeed(f"{settings.PUBLIC_URL}{path}", at)


def close_feed() -> None:
    """No address opens the company's calendar any more; `NotFound` when none did."""
    if not CalendarFeed.objects.all().delete()[0]:
        raise NotFound("this company has no calendar feed")
    record_audit(action="calendar.close", subject="calendar")


def tenant_of_feed(token: str) -> TenantId | None:
    """Whose calendar that is, or None; asked before a tenant is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.resolve_calendar(%s)", [_hash(token)])
        (tenant_id,) = cursor.fetchone()
    return None if tenant_id is None else TenantId(str(tenant_id))


def calendar(*, at: datetime) -> bytes:
    """The bookings of the last two months and the next year as an iCalendar file."""
    company = tenant()
    zone = ZoneInfo(company.time_zone)
    shown = Calendar()
    shown.add("prodid", "-//Warmline//Bookings//EN")
    shown.add("version", "2.0")
    shown.add("calscale", "GREGORIAN")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", f"{company.name}: bookings")
    for line in bookings_between(at - SHOWN_BEFORE, at + SHOWN_AHEAD):
        shown.add_component(_event(line, zone))
    shown.add_missing_timezones()
    return bytes(shown.to_ical())


def _event(line: BookingLine, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"{line.id}@warmline")
    event.add("sequence", line.revision)
    event.add("dtstamp", line.changed_at)
    event.add("last-modified", line.changed_at)
    event.add("dtstart", line.starts_at.astimezone(zone))
    event.add("dtend", line.ends_at.astimezone(zone))
    event.add("summary", f"{line.what}: {line.who}")
    number = f", {line.caller_number}" if line.caller_number else ""
    event.add("description", f"Reference {line.reference}{number}")
    event.add("status", "CANCELLED" if line.state == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if line.state == "cancelled" else "OPAQUE")
    return event


def _hash(token: str) -> bytes:
    """A plain hash: the token is 32 random bytes and no password."""
    return hashlib.sha256(token.encode()).digest()
