"""What companies' systems are told of their knowledge."""

from rag.models import Document, Revision


def announce_ready(document: Document, revision: Revision) -> None:
    """A document answers from now on."""
