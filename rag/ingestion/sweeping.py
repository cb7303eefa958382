"""What nobody owns any more is removed: vectors, register entries, collections and files."""

import time
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from rag import originals
from rag.chroma import REGISTER, TenantIndex
from rag.ingestion.indexing import clear_superseded
from rag.models import Chunk, Collection, Document, Revision
from rag.types import RevisionState
from tenants.context import current_tenant_id

log = structlog.get_logger()

# Vectors are written before the transaction of their rows may be over.
_YOUNG: Final = timedelta(hours=1)
_YOUNG_FILES: Final = timedelta(days=1)
_PAGE: Final = 5000


def sweep() -> int:
    """Remove what the bound tenant's rows do not name; how many things that were."""
    superseded = Revision.objects.filter(state=RevisionState.SUPERSEDED)
    for document_id in set(superseded.values_list("document_id", flat=True)):
        clear_superseded(document_id)
    index = TenantIndex(current_tenant_id())
    collections = set(
        Collection.objects.exclude(chroma_id=None).values_list("chroma_id", flat=True)
    )
    removed = 0
    for place, name in index.collections().items():
        if name == REGISTER:
            stray = _stray(index, place, known=_documents())
            index.unregister(stray)
            removed += len(stray)
        elif place in collections:
            stray = _stray(index, place, known=_chunks(place))
            index.forget(place, stray)
            removed += len(stray)
        elif name.startswith("c-") and not _is_young(name.removeprefix("c-")):
            index.drop(name)
            removed += 1
    removed += _sweep_files()
    if removed:
        log.warning("orphans of knowledge removed", count=removed)
    return removed


def _stray(index: TenantIndex, place: UUID, *, known: set[str]) -> list[str]:
    stray, start = [], 0
    page = index.ids(place, start=0, limit=_PAGE)
    while page:
        stray += [row_id for row_id in page if row_id not in known and not _is_young(row_id)]
        start += len(page)
        page = index.ids(place, start=start, limit=_PAGE)
    return stray


def _documents() -> set[str]:
    return set(map(str, Document.objects.values_list("pk", flat=True)))


def _chunks(place: UUID) -> set[str]:
    chunks = Chunk.objects.filter(revision__collection__chroma_id=place)
    return set(map(str, chunks.values_list("pk", flat=True)))


def _sweep_files() -> int:
    tenant_id = current_tenant_id()
    known = set(Revision.objects.exclude(original="").values_list("original", flat=True))
    old = time.time() - _YOUNG_FILES.total_seconds()
    removed = 0
    for name, written_at in list(originals.names(tenant_id=tenant_id)):
        is_index = name.endswith(f"/{originals.WORDS}")
        if name not in known and not is_index and written_at < old:
            originals.remove(name, tenant_id=tenant_id)
            removed += 1
    return removed


def _is_young(text: str) -> bool:
    """Whether an id (a UUID of version 7, which begins with its time) was made lately."""
    try:
        made_at = (UUID(text).int >> 80) / 1000
    except ValueError:
        return False
    return time.time() - made_at < _YOUNG.total_seconds()
