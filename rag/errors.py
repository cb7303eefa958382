"""What can go wrong around knowledge."""

from warmline.kernel.errors import BadInput, Unavailable


class KnowledgeUnavailable(Unavailable):
    """The index did not answer in time; the call goes on without passages."""


class BadDocument(BadInput):
    """A document without a title or without words."""


class ForeignPassage(KnowledgeUnavailable):
    """The index returned another tenant's passage: nothing of the answer is used."""
