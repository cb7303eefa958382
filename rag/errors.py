"""What can go wrong around knowledge."""

from warmline.kernel.errors import BadInput, Conflict, Unavailable, WarmlineError


class KnowledgeUnavailable(Unavailable):
    """The index did not answer in time; the call goes on without passages."""


class BadDocument(BadInput):
    """A document without a title or without words."""


class DocumentTooLarge(BadDocument):
    """More bytes than a document may have."""

    http_status = 413


class QuotaFull(Conflict):
    """The company has as many documents or passages as it may."""


class NotEmpty(Conflict):
    """What is to be removed still holds documents."""


class DocumentsAway(Unavailable):
    """The store of documents does not answer, or has no room."""


class MisplacedDocument(WarmlineError):
    """A document's file is not where its row says it is."""


class ForeignPassage(KnowledgeUnavailable):
    """The index returned another tenant's passage: nothing of the answer is used."""
