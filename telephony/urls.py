"""The paths of this app: its own, and every carrier's webhooks under the carrier's name."""

from django.urls import URLPattern, URLResolver, include, path

from telephony.calls import views
from telephony.calls.api import views as api
from telephony.carriers import registry

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"{name}/", include(f"telephony.carriers.{name}.urls")) for name in registry.names()),
    path("internal/calls/<uuid:call_id>/recording/<int:epoch>", views.put_recording),
    path("internal/calls/<uuid:call_id>/end", views.put_end),
    path("calls/<uuid:call_id>/audio", views.audio, name="call-audio"),
    path("api/v1/calls", api.Calls.as_view(), name="api-calls"),
    path("api/v1/calls/<uuid:call_id>", api.CallDetail.as_view(), name="api-call"),
]
