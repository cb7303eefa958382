"""The paths of this app."""

from django.urls import URLPattern, URLResolver, path

from rag import views
from rag.api import views as api

_DOCUMENT = "api/v1/knowledge/documents/<uuid:document_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/calls/<str:call_id>/knowledge", views.knowledge),
    path("api/v1/knowledge", api.Knowledge.as_view(), name="api-knowledge"),
    path("api/v1/knowledge/collections", api.Collections.as_view(), name="api-collections"),
    path(
        "api/v1/knowledge/collections/<uuid:collection_id>",
        api.CollectionDetail.as_view(),
        name="api-collection",
    ),
    path("api/v1/knowledge/documents", api.Documents.as_view(), name="api-documents"),
    path(_DOCUMENT, api.DocumentDetail.as_view(), name="api-document"),
    path(f"{_DOCUMENT}/content", api.DocumentContent.as_view(), name="api-document-content"),
    path(f"{_DOCUMENT}/retry", api.DocumentRetry.as_view(), name="api-document-retry"),
    path(f"{_DOCUMENT}/passages", api.DocumentPassages.as_view(), name="api-document-passages"),
    path("api/v1/knowledge/search", api.Search.as_view(), name="api-knowledge-search"),
]
