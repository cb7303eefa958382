"""What companies' systems are told of their knowledge."""

from rag.models import Document, Revision
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType


def announce_ready(document: Document, revision: Revision) -> None:
    """A document answers from now on."""
    announce(
        EventType.KNOWLEDGE_READY,
        {
            "document_id": str(document.pk),
            "collection_id": str(revision.collection_id),
            "title": document.title,
            "pages": revision.pages,
            "passages": revision.passages,
        },
    )
