"""Bookings through the REST API, in whichever vertical the company is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.bookings import actions, calendar
from agents.bookings.calendar import FeedLine, NewFeed
from tenants.api.fields import MomentField
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from verticals.booking import listing
from verticals.booking.listing import SORTS, BookingFilters
from verticals.booking.types import BookingLine


class BookingSerializer(FrozenSerializer[BookingLine]):
    """A booking."""

    class Meta:
        dataclass = BookingLine


class FeedSerializer(FrozenSerializer[FeedLine]):
    """A calendar feed."""

    class Meta:
        dataclass = FeedLine


class NewFeedSerializer(FrozenSerializer[NewFeed]):
    """A calendar feed with its address."""

    class Meta:
        dataclass = NewFeed


class NewStartSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Where a booking is moved to."""

    starts_at = MomentField(help_text="RFC 3339, with its offset")


class BookingsQuery(PageQuery):
    """Which bookings, in which order."""

    state = serializers.CharField(
        required=False, max_length=20, help_text="`booked`, `cancelled`, `done`, or the vertical's"
    )
    since = MomentField(required=False, help_text="that begin then or later")
    until = MomentField(required=False, help_text="that begin before then")
    reference = serializers.CharField(required=False, max_length=8)
    number = serializers.CharField(required=False, max_length=64, help_text="the caller's")
    call = serializers.UUIDField(required=False, help_text="the call that booked it")
    sort = serializers.ChoiceField(required=False, default=SORTS[0], choices=SORTS)


class Bookings(TenantAPIView):
    """What callers have booked."""

    @operation(
        "list_bookings",
        permission=Permission.BOOKINGS_READ,
        query=BookingsQuery,
        answer=page_of(BookingSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's bookings by their start."""
        chosen = dict(self.query)
        cursor, limit, sort = chosen.pop("cursor", None), chosen.pop("limit"), chosen.pop("sort")
        page = listing.bookings_page(
            BookingFilters(**chosen), sort=sort, cursor=cursor, limit=limit
        )
        return self.page(page, BookingSerializer)


class BookingDetail(TenantAPIView):
    """One booking."""

    def representation(self, booking_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """As it stands now."""
        return BookingSerializer(listing.booking(booking_id)).data

    @operation("get_booking", permission=Permission.BOOKINGS_READ, answer=BookingSerializer)
    def get(self, request: Request, booking_id: UUID) -> Response:
        """One booking, and which call made it."""
        return self.shown(booking_id=booking_id)


class BookingCancel(TenantAPIView):
    """One booking, to be cancelled."""

    @operation("cancel_booking", permission=Permission.BOOKINGS_WRITE, answer=BookingSerializer)
    def post(self, request: Request, booking_id: UUID) -> Response:
        """Cancel a booking and free its time; cancelled already it stays as it is."""
        return Response(BookingSerializer(actions.cancel_booking(booking_id)).data)


class BookingReschedule(TenantAPIView):
    """One booking, to be moved."""

    @operation(
        "reschedule_booking",
        permission=Permission.BOOKINGS_WRITE,
        body=NewStartSerializer,
        answer=BookingSerializer,
    )
    def post(self, request: Request, booking_id: UUID) -> Response:
        """Move a booking to another start, by the rules that agents book by."""
        line = actions.move_booking(booking_id, to=self.body["starts_at"])
        return Response(BookingSerializer(line).data)


class CalendarFeed(TenantAPIView):
    """The company's calendar feed."""

    def representation(self) -> Mapping[str, Any]:  # type: ignore[override]
        """As it is now."""
        return FeedSerializer(calendar.feed()).data

    @operation("get_calendar_feed", permission=Permission.BOOKINGS_READ, answer=FeedSerializer)
    def get(self, request: Request) -> Response:
        """Since when the calendar feed has its address; the address itself was shown once."""
        return self.shown()

    @operation(
        "renew_calendar_feed",
        permission=Permission.BOOKINGS_WRITE,
        answer=NewFeedSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Give the calendar feed a new address; the one before opens nothing any more."""
        return Response(NewFeedSerializer(calendar.renew_feed()).data, status=201)

    @operation("close_calendar_feed", permission=Permission.BOOKINGS_WRITE, status=204)
    def delete(self, request: Request) -> Response:
        """Close the calendar feed."""
        calendar.close_feed()
        return Response(status=204)
