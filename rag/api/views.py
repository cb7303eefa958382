"""Knowledge through the REST API: collections, documents, passages, questions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from rag import actions, collection_actions, queries, quotas
from rag.api.serializers import (
    AnswersSerializer,
    CollectionSerializer,
    CollectionsSerializer,
    ContentSerializer,
    DocumentChangesSerializer,
    DocumentSerializer,
    DocumentsQuery,
    FileContentSerializer,
    NewCollectionSerializer,
    NewDocumentSerializer,
    NewFileSerializer,
    PassageSerializer,
    QuestionSerializer,
    QuotaSerializer,
)
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.parsers import StrictJSONParser
from tenants.api.requests import PageQuery
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission


class Knowledge(TenantAPIView):
    """What the company may have."""

    @operation("get_knowledge_quota", permission=Permission.KNOWLEDGE_READ, answer=QuotaSerializer)
    def get(self, request: Request) -> Response:
        """How many documents and passages the company has, and may have."""
        return Response(QuotaSerializer(quotas.quota()).data)


class Collections(TenantAPIView):
    """The company's collections."""

    @operation(
        "list_collections", permission=Permission.KNOWLEDGE_READ, answer=CollectionsSerializer
    )
    def get(self, request: Request) -> Response:
        """List the company's collections, by name."""
        lines = CollectionSerializer(queries.collections(), many=True).data
        return Response(self._sparse({"items": lines}))

    @operation(
        "create_collection",
        permission=Permission.KNOWLEDGE_WRITE,
        body=NewCollectionSerializer,
        answer=CollectionSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Make a collection."""
        made = collection_actions.create_collection(**self.body)
        content = CollectionSerializer(queries.collection(made)).data
        return self.created(content, at="api-collection", collection_id=made)


class CollectionDetail(TenantAPIView):
    """One of them."""

    def representation(self, collection_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """The collection."""
        return CollectionSerializer(queries.collection(collection_id)).data

    @operation("get_collection", permission=Permission.KNOWLEDGE_READ, answer=CollectionSerializer)
    def get(self, request: Request, collection_id: UUID) -> Response:
        """One collection."""
        return self.shown(collection_id=collection_id)

    @operation(
        "change_collection",
        permission=Permission.KNOWLEDGE_WRITE,
        body=NewCollectionSerializer,
        answer=CollectionSerializer,
    )
    def patch(self, request: Request, collection_id: UUID) -> Response:
        """Change a collection's name or description."""
        collection_actions.change_collection(collection_id, **self.body)
        return self.shown(collection_id=collection_id)

    @operation("remove_collection", permission=Permission.KNOWLEDGE_WRITE, status=204)
    def delete(self, request: Request, collection_id: UUID) -> Response:
        """Remove a collection that has no documents in it."""
        collection_actions.remove_collection(collection_id)
        return Response(status=204)


class Documents(TenantAPIView):
    """The company's documents."""

    parser_classes = [StrictJSONParser, MultiPartParser]

    @operation(
        "list_documents",
        permission=Permission.KNOWLEDGE_READ,
        query=DocumentsQuery,
        answer=page_of(DocumentSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's documents, newest first."""
        return self.page(queries.documents_page(**self.query), DocumentSerializer)

    @operation(
        "add_document",
        permission=Permission.KNOWLEDGE_WRITE,
        body=NewDocumentSerializer,
        form=NewFileSerializer,
        answer=DocumentSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

        The same title and content again is the document that is there already.
        """
        added = _add(**self.body)
        content = DocumentSerializer(queries.document(added)).data
        return self.created(content, at="api-document", document_id=added)


class DocumentDetail(TenantAPIView):
    """One of them."""

    def representation(self, document_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """The document."""
        return DocumentSerializer(queries.document(document_id)).data

    @operation("get_document", permission=Permission.KNOWLEDGE_READ, answer=DocumentSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """One document, with how far the jobs are and what was wrong with it."""
        return self.shown(document_id=document_id)

    @operation(
        "change_document",
        permission=Permission.KNOWLEDGE_WRITE,
        body=DocumentChangesSerializer,
        answer=DocumentSerializer,
    )
    def patch(self, request: Request, document_id: UUID) -> Response:
        """Change a document's title at once, or have it moved to another collection."""
        actions.change_document(document_id, **self.body)
        return self.shown(document_id=document_id)

    @operation("remove_document", permission=Permission.KNOWLEDGE_WRITE, status=204)
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Remove a document with its passages: it does not answer from here on."""
        actions.remove_document(document_id)
        return Response(status=204)


class DocumentContent(TenantAPIView):
    """What a document says."""

    parser_classes = [StrictJSONParser, MultiPartParser]

    def representation(self, document_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """The document."""
        return DocumentSerializer(queries.document(document_id)).data

    @operation(
        "replace_document",
        permission=Permission.KNOWLEDGE_WRITE,
        body=ContentSerializer,
        form=FileContentSerializer,
        answer=DocumentSerializer,
        status=202,
    )
    def put(self, request: Request, document_id: UUID) -> Response:
        """Give a document another content: what it says now answers until the new one is ready."""
        _replace(document_id, **self.body)
        return self.shown(document_id=document_id, status=202)


class DocumentRetry(TenantAPIView):
    """Once more."""

    @operation(
        "retry_document",
        permission=Permission.KNOWLEDGE_WRITE,
        answer=DocumentSerializer,
        status=202,
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        """Have the jobs try a document again that failed."""
        actions.retry_document(document_id)
        return Response(DocumentSerializer(queries.document(document_id)).data, status=202)


class DocumentPassages(TenantAPIView):
    """What a document was cut into."""

    @operation(
        "list_passages",
        permission=Permission.KNOWLEDGE_READ,
        query=PageQuery,
        answer=page_of(PassageSerializer),
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        """List the passages of a document that answer now, in its own order."""
        return self.page(queries.passages_page(document_id, **self.query), PassageSerializer)


class Search(TenantAPIView):
    """Questions to be tried."""

    @operation(
        "search_knowledge",
        permission=Permission.KNOWLEDGE_READ,
        body=QuestionSerializer,
        answer=AnswersSerializer,
    )
    def post(self, request: Request) -> Response:
        """Try a question: the passages nearest to it, with their scores and why each would go
        before the model or not.
        """
        answers = queries.try_question(
            self.body["question"],
            collection_ids=self.body.get("collection_ids"),
            k=self.body["limit"],
        )
        fits = any(answer.answers for answer in answers)
        return Response(AnswersSerializer({"fits": fits, "passages": answers}).data)


def _add(*, site_map: bool = False, collection_id: UUID | None = None, **given: Any) -> UUID:
    title = given.get("title", "")
    if "text" in given:
        return actions.queue_text(title, text=given["text"], collection_id=collection_id)
    if "file" in given:
        return actions.queue_file(
            given["file"],
            file_name=given["file"].name or "",
            title=title,
            media_type=given["file"].content_type or "",
            collection_id=collection_id,
        )
    queue = actions.queue_site if site_map else actions.queue_page
    return queue(given["url"], title=title, collection_id=collection_id)


def _replace(document_id: UUID, **given: Any) -> None:
    if "text" in given:
        actions.replace_with_text(document_id, text=given["text"])
    elif "url" in given:
        actions.replace_with_page(document_id, url=given["url"])
    else:
        file = given["file"]
        actions.replace_with_file(
            document_id, body=file, file_name=file.name or "", media_type=file.content_type or ""
        )
