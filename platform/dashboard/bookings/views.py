"""Bookings: the list, the week, one of them; moved and cancelled by a person."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agents.bookings import actions, calendar
from agents.errors import NoAgent
from dashboard.bookings.forms import BookingsForm, MoveForm
from dashboard.bookings.week import bounds, monday_of, week
from telephony.calls.queries import call_exists
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from verticals.booking import listing
from verticals.errors import SlotTaken
from warmline.kernel import clock
from warmline.kernel.errors import Conflict, NotFound
from warmline.kernel.wall_clock import checked_day, parse_local_date


@tenant_view(Permission.BOOKINGS_READ)
def bookings(request: TenantRequest) -> HttpResponse:
    """What lies ahead, or what is asked for."""
    form = BookingsForm(request.GET)
    form.is_valid()
    sort = "-starts_at" if request.GET.get("sort") == "-starts_at" else "starts_at"
    page = listing.bookings_page(
        form.filters(_zone(request)), sort=sort, cursor=request.GET.get("cursor") or None
    )
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {"section": "bookings", "form": form, "page": page, "here": query.urlencode()}
    status = 422 if form.errors else 200
    return render(request, "dashboard/bookings/bookings.html", context, status=status)


@tenant_view(Permission.BOOKINGS_READ)
def bookings_week(request: TenantRequest) -> HttpResponse:
    """A week of bookings; this one, unless `of` names a day of another."""
    zone = _zone(request)
    today = clock.now().astimezone(zone).date()
    monday = monday_of(_day(request.GET.get("of", ""), otherwise=today))
    lines = listing.bookings_between(*bounds(monday, zone))
    shown = week(monday, lines, zone=zone, today=today)
    context = {"section": "bookings", "week": shown, "this": monday == monday_of(today)}
    return render(request, "dashboard/bookings/week.html", context)


@tenant_view(Permission.BOOKINGS_READ)
def booking(request: TenantRequest, booking_id: UUID) -> HttpResponse:
    """One booking, and what may be done to it."""
    return _shown(request, booking_id, MoveForm())


@require_POST
@tenant_view(Permission.BOOKINGS_WRITE)
def move(request: TenantRequest, booking_id: UUID) -> HttpResponse:
    """Give a booking another start, if an agent might have."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _shown(request, booking_id, form, status=422)
    try:
        actions.move_booking(booking_id, to=form.start(_zone(request)))
    except (SlotTaken, Conflict, NoAgent) as error:
        form.add_error("starts_at", str(error))
        return _shown(request, booking_id, form, status=422)
    messages.success(request, "The booking is moved.")
    return redirect("booking", booking_id)


@require_POST
@tenant_view(Permission.BOOKINGS_WRITE)
def cancel(request: TenantRequest, booking_id: UUID) -> HttpResponse:
    """Cancel a booking."""
    try:
        actions.cancel_booking(booking_id)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The booking is cancelled; its time is free again.")
    return redirect("booking", booking_id)


@tenant_view(Permission.BOOKINGS_WRITE)
def feed(request: TenantRequest) -> HttpResponse:
    """The calendar feed: its address, once, when it is made anew."""
    context: dict[str, object] = {"section": "bookings"}
    if request.method == "POST" and request.POST.get("do") == "close":
        calendar.close_feed()
        messages.success(request, "The calendar is closed: no address opens it any more.")
        return redirect("bookings-feed")
    if request.method == "POST":
        context["new"] = calendar.renew_feed()
    try:
        context["feed"] = calendar.feed()
    except NotFound:
        context["feed"] = None
    return render(request, "dashboard/bookings/feed.html", context)


def _shown(
    request: TenantRequest, booking_id: UUID, form: MoveForm, *, status: int = 200
) -> HttpResponse:
    line = listing.booking(booking_id)
    is_open = line.state == "booked" and line.ends_at > clock.now()
    context = {
        "section": "bookings",
        "booking": line,
        "form": form,
        "is_open": is_open,
        "has_call": call_exists(line.call_id),
    }
    return render(request, "dashboard/bookings/booking.html", context, status=status)


def _zone(request: TenantRequest) -> ZoneInfo:
    return ZoneInfo(request.membership.time_zone)


def _day(text: str, *, otherwise: date) -> date:
    return checked_day(parse_local_date(text)) if text else otherwise
