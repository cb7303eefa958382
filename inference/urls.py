"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from inference import views

urlpatterns: list[URLPattern | URLResolver] = [path("metrics", views.prometheus, name="metrics")]
