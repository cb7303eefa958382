"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from telephony import views
from telephony.api import views as api
from telephony.twilio import views as twilio

urlpatterns: list[URLPattern | URLResolver] = [
    path("twilio/voice", twilio.voice),
    path("twilio/status", twilio.status),
    path("twilio/resume", twilio.resume),
    path("twilio/dialed", twilio.dialed),
    path("internal/calls/<uuid:call_id>/recording/<int:epoch>", views.put_recording),
    path("internal/calls/<uuid:call_id>/end", views.put_end),
    path("calls/<uuid:call_id>/audio", views.audio, name="call-audio"),
    path("api/v1/calls", api.Calls.as_view(), name="api-calls"),
    path("api/v1/calls/<uuid:call_id>", api.CallDetail.as_view(), name="api-call"),
]
