"""The reads: what a tenant's agents know about a question."""

from django.db.models import Count

from rag.chroma import TenantIndex
from rag.embedding.encoder import embed_query
from rag.models import Collection, Document
from rag.types import DocumentLine, KnowledgeHandle
from tenants.context import current_tenant_id
from warmline.kernel.call import Passage
from warmline.kernel.ids import TenantId
from warmline.kernel.matching import match_key

# Cosine. Over the demo's questions, the sentence that answers was seen from 0.49 up, any other
# below 0.38.
RELEVANCE_FLOOR = 0.38
# A passage far behind the best one answers another question, and leads a small model astray.
SHARE_OF_BEST = 0.7


def knowledge_handle() -> KnowledgeHandle:
    """The bound tenant's collection, for its calls' plans and tokens; "" while it knows nothing."""
    chroma_id = Collection.objects.values_list("chroma_id", flat=True).first()
    return KnowledgeHandle("" if chroma_id is None else str(chroma_id))


def search(query: str, *, k: int = 3) -> tuple[Passage, ...]:
    """The bound tenant's at most k passages that bear on the query, best first."""
    return search_collection(current_tenant_id(), handle=knowledge_handle(), query=query, k=k)


def search_collection(
    tenant_id: TenantId, *, handle: KnowledgeHandle, query: str, k: int
) -> tuple[Passage, ...]:
    """The same for a handle that a call's token vouches for; works without the database."""
    text = query.strip()
    if not handle or not text:
        return ()
    hits = TenantIndex(tenant_id).nearest(handle, embed_query(match_key(text)), k=k)
    least = max([RELEVANCE_FLOOR, *(hit.score * SHARE_OF_BEST for hit in hits[:1])])
    return tuple(
        Passage(id=hit.id, title=hit.title, text=hit.text, score=round(hit.score, 4))
        for hit in hits
        if hit.score >= least
    )


def documents() -> tuple[DocumentLine, ...]:
    """The bound tenant's documents, newest first."""
    rows = Document.objects.annotate(passages=Count("chunks")).order_by("-id")
    return tuple(
        DocumentLine(id=row.id, title=row.title, passages=row.passages, created_at=row.created_at)
        for row in rows
    )
