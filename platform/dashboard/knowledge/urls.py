"""The addresses of the pages of knowledge."""

from django.urls import path

from dashboard.knowledge import views

_DOCUMENT = "knowledge/documents/<uuid:document_id>"
_COLLECTION = "knowledge/collections/<uuid:collection_id>"

urlpatterns = [
    path("knowledge/", views.knowledge, name="knowledge"),
    path("knowledge/add", views.add, name="add-document"),
    path("knowledge/add/<slug:kind>", views.add, name="add-document-kind"),
    path("knowledge/question", views.question, name="try-question"),
    path("knowledge/collections", views.collections, name="collections"),
    path(_COLLECTION, views.collection, name="collection"),
    path(f"{_COLLECTION}/remove", views.remove_collection, name="remove-collection"),
    path(_DOCUMENT, views.document, name="document"),
    path(f"{_DOCUMENT}/change", views.change, name="change-document"),
    path(f"{_DOCUMENT}/replace", views.replace, name="replace-document"),
    path(f"{_DOCUMENT}/retry", views.retry, name="retry-document"),
    path(f"{_DOCUMENT}/fetch", views.fetch_again, name="fetch-document"),
    path(f"{_DOCUMENT}/remove", views.remove, name="remove-document"),
]
