"""The paths of API keys."""

from django.urls import path

from tenants.keys import api

urlpatterns = [
    path("api/v1/keys", api.ApiKeys.as_view(), name="api-api-keys"),
    path("api/v1/keys/<uuid:key_id>", api.ApiKeyDetail.as_view(), name="api-key"),
    path("api/v1/keys/<uuid:key_id>/rotate", api.ApiKeyRotation.as_view(), name="api-key-rotate"),
    path("api/v1/keys/<uuid:key_id>/revoke", api.ApiKeyRevocation.as_view(), name="api-key-revoke"),
]
