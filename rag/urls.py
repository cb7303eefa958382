"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from rag import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/calls/<str:call_id>/knowledge", views.knowledge)
]
