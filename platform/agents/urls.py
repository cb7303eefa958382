"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from agents import views
from agents.bookings import api
from agents.bookings.views import calendar_feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/calls/<str:call_id>/tools/<str:name>", views.run),
    path("calendar/<str:token>.ics", calendar_feed, name="calendar-feed"),
    path("api/v1/bookings", api.Bookings.as_view(), name="api-bookings"),
    path("api/v1/bookings/calendar", api.CalendarFeed.as_view(), name="api-calendar"),
    path("api/v1/bookings/<uuid:booking_id>", api.BookingDetail.as_view(), name="api-booking"),
    path("api/v1/bookings/<uuid:booking_id>/cancel", api.BookingCancel.as_view()),
    path("api/v1/bookings/<uuid:booking_id>/reschedule", api.BookingReschedule.as_view()),
]
