"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from inference import views
from inference.fleet.regions_api import Regions

urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics", views.prometheus, name="metrics"),
    path("api/v1/regions", Regions.as_view(), name="api-regions"),
]
