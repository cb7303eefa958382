"""What an earlier version indexed goes on its way once more, as its content was given."""

from typing import Final

import structlog
from django.db import transaction
from django.db.models import F, Q

from rag.ingestion import arrivals
from rag.models import Document, Revision
from rag.types import INDEX_FORM, UNFINISHED, RevisionState

log = structlog.get_logger()

# What a company gives meanwhile waits behind so many at most.
_MOST_ON_THEIR_WAY: Final = 20


def outdated() -> Q:
    """Which revisions were indexed in an earlier form."""
    return Q(state=RevisionState.READY, index_form__lt=INDEX_FORM)


def renew() -> int:
    """Have the jobs index anew what answers for the bound tenant under an earlier form, a few
    documents at a time; how many were sent on their way.

    Each answers as it was until its new revision is whole. One whose later content is on its way,
    or was refused, is left as it is.
    """
    on_their_way = Revision.objects.filter(state__in=UNFINISHED).count()
    revisions = Revision.objects.filter(outdated()).values("pk")
    documents = Document.objects.filter(live_id__in=revisions, live_id=F("latest_id"))
    sent = 0
    for document in documents.order_by("id")[: max(0, _MOST_ON_THEIR_WAY - on_their_way)]:
        with transaction.atomic():
            held = Document.objects.select_for_update().get(pk=document.pk)
            if held.latest_id is not None and held.latest_id == document.live_id:
                revision = Revision.objects.select_related("collection").get(pk=held.latest_id)
                content = arrivals.content_of(revision)
                arrivals.replace(held, content=content, collection=revision.collection)
                sent += 1
    if sent:
        log.info("documents indexed anew", count=sent)
    return sent
