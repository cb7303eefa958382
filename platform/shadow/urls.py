"""The paths of this app."""

from django.urls import path

from shadow import api

urlpatterns = [
    path("api/v1/shadow-runs", api.Runs.as_view(), name="api-shadow-runs"),
    path("api/v1/shadow-runs/<uuid:run_id>", api.RunDetail.as_view(), name="api-shadow-run"),
    path("api/v1/shadow-runs/<uuid:run_id>/verdict", api.RunVerdict.as_view()),
]
