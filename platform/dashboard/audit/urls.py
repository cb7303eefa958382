"""The address of the trail."""

from django.urls import path

from dashboard.audit.views import audit

urlpatterns = [path("audit/", audit, name="audit")]
