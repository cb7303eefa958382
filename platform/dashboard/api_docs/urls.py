"""The addresses of the documentation."""

from django.urls import path

from dashboard.api_docs import views

urlpatterns = [
    path("api/v1/docs", views.overview, name="api-docs"),
    path("api/v1/docs/problems", views.problems, name="api-problems"),
    path("api/v1/docs/<slug:tag>", views.resource, name="api-resource"),
]
