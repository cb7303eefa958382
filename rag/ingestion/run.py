"""One run of a revision's job: from where the last one got to, as far as its time allows."""

import time
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from rag.errors import DocumentTooLarge, QuotaFull
from rag.extraction.types import Refusal, Unreadable
from rag.fetching.site_maps import MAX_PAGES, SitePages, site_pages
from rag.ingestion import claims, indexing
from rag.ingestion.arrivals import Content, arrive
from rag.ingestion.claims import Claim, ClaimLost
from rag.ingestion.contents import read_content
from rag.models import Revision
from rag.types import MAX_TITLE, RevisionState, SourceKind
from warmline.kernel.outbound.errors import BadAddress


def ingest(revision_id: UUID, *, seconds: float) -> bool:
    """Work on a revision of the bound tenant; whether anything of it is left to do.

    Reading it is one step, however long it takes; `seconds` bound what follows. What is not taken
    is told in its row. `Unavailable` when a store or a site does not answer: try again later.
    """
    claim = claims.take(revision_id)
    if claim is None:
        return False
    try:
        return _work(claim, seconds=seconds)
    except ClaimLost:
        return False
    except Unreadable as error:
        refusal = error.refusal
    except BadAddress as error:
        refusal = Refusal(str(error), "Give the address of a page on the public internet.")
    except QuotaFull as error:
        refusal = Refusal(str(error), "Remove documents, or ask for a larger limit.")
    except DocumentTooLarge as error:
        refusal = Refusal(str(error), "Split it, or leave out what is not text.")
    claims.fail(claim, refusal)
    return False


def _work(claim: Claim, *, seconds: float) -> bool:
    revision = Revision.objects.get(pk=claim.revision_id)
    if revision.source == SourceKind.SITE_MAP:
        _add_pages(claim, revision)
        return False
    if revision.state != RevisionState.EMBEDDING:
        read_content(claim, revision)
    if indexing.embed_onward(claim, until=time.monotonic() + seconds):
        claims.release(claim)
        return True
    indexing.go_live(claim)
    return False


def _add_pages(claim: Claim, revision: Revision) -> None:
    """Each page of a site map becomes a document of its own; those that are there stay."""
    claims.write(claim, state=RevisionState.EXTRACTING)
    site = site_pages(revision.url)
    collection = revision.collection
    with transaction.atomic():
        for url in site.urls:
            content = Content(SourceKind.PAGE, sha256(url.encode()).hexdigest(), url=url)
            arrive(url[:MAX_TITLE], content=content, collection=collection)
        left_out = site.elsewhere + site.forbidden + site.beyond
        claims.write(
            claim,
            state=RevisionState.READY,
            pages=len(site.urls),
            problem=f"{left_out} of the addresses in it were left out." if left_out else "",
            advice=_left_out(site),
            finished_at=Now(),
            claim=None,
        )


def _left_out(site: SitePages) -> str:
    reasons = (
        (site.elsewhere, "of another site"),
        (site.forbidden, "not allowed by robots.txt"),
        (site.beyond, f"beyond the {MAX_PAGES} that are taken"),
    )
    return ", ".join(f"{count} {reason}" for count, reason in reasons if count)
