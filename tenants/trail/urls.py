"""The path of this room."""

from django.urls import path

from tenants.trail.api import AuditEvents

urlpatterns = [path("api/v1/audit-events", AuditEvents.as_view(), name="api-audit-events")]
