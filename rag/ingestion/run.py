"""One run of a revision's job: from where the last one got to, as far as its time allows."""

import time
from uuid import UUID

from rag.errors import DocumentTooLarge, QuotaFull
from rag.extraction.types import Refusal, Unreadable
from rag.fetching.site_maps import add_site
from rag.ingestion import claims, indexing
from rag.ingestion.claims import Claim, ClaimLost
from rag.ingestion.contents import read_content
from rag.models import Revision
from rag.types import RevisionState, SourceKind
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
        add_site(claim, revision)
        return False
    if revision.state != RevisionState.EMBEDDING:
        read_content(claim, revision)
    until = time.monotonic() + seconds
    while indexing.embed_batch(claim):
        if time.monotonic() > until:
            return True
    indexing.go_live(claim)
    return False
