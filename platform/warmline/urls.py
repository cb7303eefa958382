"""Which path belongs to which app."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from warmline import health

urlpatterns = [
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("admin/", admin.site.urls),
    path("", include("telephony.urls")),  # /twilio/…, /internal/calls/…/recording, /api/v1/calls
    path("", include("agents.urls")),  # /internal/calls/…/tools/…
    path("", include("rag.urls")),  # /internal/calls/…/knowledge
    path("", include("inference.urls")),  # /metrics
    path("", include("shadow.urls")),  # /shadow/…
    path("api/v1/openapi.json", SpectacularAPIView.as_view(permission_classes=[]), name="openapi"),
    path("api/v1/docs", SpectacularSwaggerView.as_view(url_name="openapi", permission_classes=[]), name="api-docs"),
    path("", include("dashboard.urls")),
]
