"""How many documents and passages a company may have."""

from rag.errors import QuotaFull
from rag.models import Chunk, Document, Revision
from rag.originals import max_document_bytes
from rag.types import Quota
from warmline.kernel import configuration


def quota() -> Quota:
    """What the bound tenant has and may have."""
    return Quota(
        documents=Document.objects.count(),
        max_documents=configuration.KNOWLEDGE_DOCUMENTS.value(),
        passages=Chunk.objects.count(),
        max_passages=configuration.KNOWLEDGE_PASSAGES.value(),
        max_document_bytes=max_document_bytes(),
    )


def check_documents(*, wanted: int = 1) -> None:
    """Return if the bound tenant may have so many documents more; else `QuotaFull`."""
    most = configuration.KNOWLEDGE_DOCUMENTS.value()
    present = Document.objects.count()
    if present + wanted > most:
        raise QuotaFull(f"documents: {present} of {most} are there; remove some first")


def check_passages(revision: Revision, *, wanted: int) -> None:
    """Return if a revision may have so many passages; else `QuotaFull`.

    What it replaces does not count.
    """
    most = configuration.KNOWLEDGE_PASSAGES.value()
    others = Chunk.objects.exclude(revision__document_id=revision.document_id).count()
    if others + wanted > most:
        raise QuotaFull(
            f"passages: the other documents have {others} of {most}, this one would have {wanted}"
        )
