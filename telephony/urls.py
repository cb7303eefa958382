"""The paths of this app: its own, and every carrier's webhooks under the carrier's name."""

from django.urls import URLPattern, URLResolver, include, path

from telephony.calls import views
from telephony.calls.api import kept, recording
from telephony.calls.api import views as api
from telephony.carriers import registry
from telephony.control.answering.page_api import TalkToAgent
from telephony.numbers.api import views as numbers

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"{name}/", include(f"telephony.carriers.{name}.urls")) for name in registry.names()),
    path("internal/calls/<uuid:call_id>/recording/<int:epoch>", views.put_recording),
    path("internal/calls/<uuid:call_id>/end", views.put_end),
    path("calls/<uuid:call_id>/audio", views.audio, name="call-audio"),
    path("api/v1/numbers", numbers.Numbers.as_view(), name="api-numbers"),
    path("api/v1/numbers/available", numbers.AvailableNumbers.as_view()),
    path("api/v1/numbers/orders", numbers.NumberOrders.as_view()),
    path("api/v1/numbers/<uuid:number_id>", numbers.NumberDetail.as_view(), name="api-number"),
    path("api/v1/numbers/<uuid:number_id>/check", numbers.NumberCheck.as_view()),
    path("api/v1/numbers/<uuid:number_id>/test-call", numbers.NumberTestCall.as_view()),
    path("api/v1/numbers/<uuid:number_id>/connect", numbers.NumberConnection.as_view()),
    path("api/v1/carrier-accounts", numbers.CarrierAccounts.as_view(), name="api-carrier-accounts"),
    path(
        "api/v1/carrier-accounts/<uuid:account_id>",
        numbers.CarrierAccountDetail.as_view(),
        name="api-carrier-account",
    ),
    path(
        "api/v1/carrier-accounts/<uuid:account_id>/rotate",
        numbers.CarrierAccountRotation.as_view(),
    ),
    path("api/v1/agents/<uuid:agent_id>/talk", TalkToAgent.as_view(), name="api-agent-talk"),
    path("api/v1/calls", api.Calls.as_view(), name="api-calls"),
    path("recordings/<str:token>", views.linked_recording, name="recording-link"),
    path("api/v1/calls/export", recording.CallsExport.as_view(), name="api-calls-export"),
    path("api/v1/calls/<uuid:call_id>", api.CallDetail.as_view(), name="api-call"),
    path("api/v1/calls/<uuid:call_id>/events", api.CallEvents.as_view()),
    path("api/v1/calls/<uuid:call_id>/transcript", api.CallTranscript.as_view()),
    path("api/v1/calls/<uuid:call_id>/latency", api.CallLatency.as_view()),
    path("api/v1/calls/<uuid:call_id>/recording", recording.CallRecording.as_view()),
    path("api/v1/calls/<uuid:call_id>/recording/link", recording.CallRecordingLink.as_view()),
    path("api/v1/views", kept.Views.as_view(), name="api-views"),
    path("api/v1/views/<uuid:view_id>", kept.ViewDetail.as_view(), name="api-view"),
    path("api/v1/erasures", kept.Erasures.as_view(), name="api-erasures"),
    path("api/v1/erasures/<uuid:erasure_id>", kept.ErasureDetail.as_view(), name="api-erasure"),
]
