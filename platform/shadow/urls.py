"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from shadow import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("shadow/", views.runs, name="shadow-runs"),
    path("shadow/<uuid:run_id>", views.run, name="shadow-run"),
    path("shadow/<uuid:run_id>/verdict", views.verdict, name="shadow-verdict"),
]
