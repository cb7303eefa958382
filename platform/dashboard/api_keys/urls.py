"""The addresses of the page of API keys."""

from django.urls import path

from dashboard.api_keys import views

urlpatterns = [
    path("keys/", views.keys, name="api-keys"),
    path("keys/new", views.new_key, name="api-key-new"),
    path("keys/<uuid:key_id>", views.change_key, name="api-key-change"),
    path("keys/<uuid:key_id>/rotate", views.rotate_key, name="api-key-replace"),
    path("keys/<uuid:key_id>/revoke", views.revoke_key, name="api-key-end"),
]
