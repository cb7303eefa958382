"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from agents import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/calls/<str:call_id>/tools/<str:name>", views.run)
]
