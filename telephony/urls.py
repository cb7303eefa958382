"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from telephony.calls import views
from telephony.calls.api import views as api
from telephony.carriers.twilio import webhooks as twilio

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
