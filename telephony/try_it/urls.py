"""Where an agent is tried: apart from `telephony.urls`, which keeps out of the media plane."""

from django.urls import path

from telephony.try_it.views import TryAgent

urlpatterns = [
    path("api/v1/agents/<uuid:agent_id>/try", TryAgent.as_view(), name="api-agent-try"),
]
