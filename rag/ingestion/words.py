"""The tenant's index of words, made anew from its rows after its documents changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db.models import F, Q
from django.db.models.functions import Now

from rag import originals
from rag.models import Chunk, Document, WordIndex
from rag.retrieval.words import WordIndexEntry, built
from rag.types import WORDS_FORM
from tenants.context import current_tenant_id
from warmline.kernel import clock

log = structlog.get_logger()

_STALE_AFTER: Final = timedelta(minutes=10)
_ROWS: Final = 5000


def is_behind() -> Q:
    """Which indexes do not say what the documents do, or say it in an earlier version's form."""
    return ~Q(built=F("changed")) | Q(form__lt=WORDS_FORM)


def rebuild_words() -> bool:
    """Make the bound tenant's index of words, if it is behind and nobody makes it already; whether
    it was made.

    Five seconds for 100,000 passages. Until it is there the one before answers.
    """
    behind = WordIndex.objects.filter(
        is_behind(), Q(claimed_at=None) | Q(claimed_at__lt=clock.now() - _STALE_AFTER)
    )
    if behind.update(claimed_at=Now()) != 1:
        return False
    changed = WordIndex.objects.values_list("changed", flat=True).get()
    raw = built(_entries())
    originals.keep_words(raw, tenant_id=current_tenant_id())
    WordIndex.objects.update(built=changed, form=WORDS_FORM, claimed_at=None)
    log.info("index of words made", size_bytes=len(raw))
    return True


def _entries() -> Iterator[WordIndexEntry]:
    """Every passage that answers, a page of rows at a time: no transaction lasts as long as all."""
    live = Document.objects.filter(live_id__isnull=False).values("live_id")
    columns = ("id", "revision__collection__chroma_id", "revision__document__title")
    rows: Any = (
        Chunk.objects.filter(revision_id__in=live)
        .exclude(revision__collection__chroma_id=None)
        .order_by("id")
        .values_list(*columns, "heading", "text")
    )
    page = list(rows[:_ROWS])
    while page:
        for chunk_id, place, title, heading, text in page:
            yield WordIndexEntry(chunk_id, place, f"{title} {heading} {text}")
        page = list(rows.filter(id__gt=page[-1][0])[:_ROWS])
