"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from agents import views
from agents.api import catalogues, steps
from agents.api import views as api
from agents.bookings import api as bookings
from agents.bookings.views import calendar_feed

_AGENT = "api/v1/agents/<uuid:agent_id>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/calls/<str:call_id>/tools/<str:name>", views.run),
    path("calendar/<str:token>.ics", calendar_feed, name="calendar-feed"),
    path("api/v1/bookings", bookings.Bookings.as_view(), name="api-bookings"),
    path("api/v1/bookings/calendar", bookings.CalendarFeed.as_view(), name="api-calendar"),
    path("api/v1/bookings/<uuid:booking_id>", bookings.BookingDetail.as_view(), name="api-booking"),
    path("api/v1/bookings/<uuid:booking_id>/cancel", bookings.BookingCancel.as_view()),
    path("api/v1/bookings/<uuid:booking_id>/reschedule", bookings.BookingReschedule.as_view()),
    path("api/v1/agents", api.Agents.as_view(), name="api-agents"),
    path(_AGENT, api.AgentDetail.as_view(), name="api-agent"),
    path(f"{_AGENT}/draft", api.AgentDraftDetail.as_view(), name="api-agent-draft"),
    path(f"{_AGENT}/versions", api.Versions.as_view(), name="api-agent-versions"),
    path(f"{_AGENT}/versions/<int:number>", api.VersionDetail.as_view(), name="api-agent-version"),
    path(f"{_AGENT}/diff", api.Differences.as_view(), name="api-agent-diff"),
    path(f"{_AGENT}/lint", api.Lint.as_view(), name="api-agent-lint"),
    path(f"{_AGENT}/publish", steps.Publish.as_view(), name="api-agent-publish"),
    path(f"{_AGENT}/shadow", steps.Shadow.as_view(), name="api-agent-shadow"),
    path(f"{_AGENT}/archive", steps.Archive.as_view(), name="api-agent-archive"),
    path(f"{_AGENT}/restore", steps.Restore.as_view(), name="api-agent-restore"),
    path(f"{_AGENT}/revert", steps.Revert.as_view(), name="api-agent-revert"),
    path("api/v1/tools", catalogues.Tools.as_view(), name="api-tools"),
    path("api/v1/voices", catalogues.Voices.as_view(), name="api-voices"),
    path("api/v1/languages", catalogues.Languages.as_view(), name="api-languages"),
    path("api/v1/business-hours", catalogues.BusinessHours.as_view(), name="api-business-hours"),
]
