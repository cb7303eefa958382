"""Which path belongs to which app."""

from django.urls import include, path

from tenants.api.document.views import openapi
from warmline import health

urlpatterns = [
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("", include("tenants.keys.urls")),  # /api/v1/keys
    path("", include("telephony.urls")),  # /<carrier>/…, /internal/calls/…/recording, /api/v1/calls
    path("", include("telephony.try_it.urls")),  # /api/v1/agents/…/try
    path("", include("shadow.urls")),  # /api/v1/shadow-runs
    path("", include("agents.urls")),  # /internal/calls/…/tools/…
    path("", include("rag.urls")),  # /internal/calls/…/knowledge
    path("", include("inference.urls")),  # /metrics, /api/v1/regions
    path("", include("telephony.usage.urls")),  # /api/v1/usage
    path("", include("tenants.company.urls")),  # /api/v1/company
    path("", include("tenants.people.urls")),  # /api/v1/members, /api/v1/invitations
    path("", include("tenants.trail.urls")),  # /api/v1/audit-events
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("", include("tenants.webhooks.urls")),  # /api/v1/webhooks
    path("", include("dashboard.urls")),  # the pages
]

handler400 = "dashboard.error.views.bad_request"
handler403 = "dashboard.error.views.forbidden"
handler404 = "dashboard.error.views.not_found"
handler500 = "dashboard.error.views.server_error"
