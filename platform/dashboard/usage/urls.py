"""The address of the usage."""

from django.urls import path

from dashboard.usage.views import usage

urlpatterns = [path("usage/", usage, name="usage")]
