"""The path of this room."""

from django.urls import path

from telephony.usage.api import UsageDetail

urlpatterns = [path("api/v1/usage", UsageDetail.as_view(), name="api-usage")]
