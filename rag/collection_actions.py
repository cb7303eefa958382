"""The writes: the collections that documents lie in."""

from uuid import UUID

from django.db import IntegrityError, transaction

from rag.chroma import TenantIndex
from rag.errors import NotEmpty
from rag.models import Collection, Document
from tenants.actions import record_audit
from tenants.columns import check_columns
from tenants.context import current_tenant_id
from warmline.kernel.errors import BadInput, Conflict, NotFound
from warmline.kernel.matching import match_key

MAX_COLLECTIONS = 50


def create_collection(name: str, *, description: str = "") -> UUID:
    """A new collection of the bound tenant; `Conflict` when one has this name, in any case."""
    fields = _checked_name(name) | {"description": " ".join(description.split())}
    check_columns(Collection, fields)
    if Collection.objects.count() >= MAX_COLLECTIONS:
        raise Conflict(f"collections: expected at most {MAX_COLLECTIONS}")
    try:
        with transaction.atomic():
            collection = Collection.objects.create(**fields)
    except IntegrityError:
        raise Conflict(f"a collection is called {fields['name']!r} already") from None
    record_audit(action="collection.create", subject=str(collection.pk))
    return collection.pk


def change_collection(
    collection_id: UUID, *, name: str | None = None, description: str | None = None
) -> None:
    """Change what is not None; `Conflict` for a name that another collection has."""
    collection = collection_of(collection_id)
    fields = {} if name is None else _checked_name(name)
    if description is not None:
        fields["description"] = " ".join(description.split())
    check_columns(Collection, fields)
    try:
        with transaction.atomic():
            Collection.objects.filter(pk=collection.pk).update(**fields)
    except IntegrityError:
        raise Conflict(f"a collection is called {fields['name']!r} already") from None
    record_audit(action="collection.change", subject=str(collection_id))


def remove_collection(collection_id: UUID) -> None:
    """Remove a collection; `NotEmpty` while documents are in it or on their way there."""
    collection = collection_of(collection_id)
    documents = Document.objects.filter(revisions__collection=collection).distinct().count()
    documents = max(documents, collection.documents.count())
    if documents:
        raise NotEmpty(
            f"{documents} documents are in this collection: remove them, or move them elsewhere"
        )
    with transaction.atomic():
        collection.delete()
        if collection.chroma_id is not None:
            TenantIndex(current_tenant_id()).drop(f"c-{collection_id}")
        record_audit(action="collection.remove", subject=str(collection_id))


def collection_of(collection_id: UUID) -> Collection:
    """The bound tenant's collection of that id; else `NotFound`."""
    collection = Collection.objects.filter(pk=collection_id).first()
    if collection is None:
        raise NotFound(f"no collection {collection_id}")
    return collection


def _checked_name(name: str) -> dict[str, str]:
    name = " ".join(name.split())
    if not name:
        raise BadInput("name: expected one", field="name")
    check_columns(Collection, {"name": name})
    return {"name": name, "name_key": match_key(name)[:160]}
