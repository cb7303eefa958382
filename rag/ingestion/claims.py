"""Who works on a revision: one run of its job at a time, the last one that came.

A run writes its own claim into the row and everything else only while it is still there. A worker
that was killed leaves a claim that the next run simply replaces; one that is alive and finds
another's stops.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from rag.extraction.types import Refusal
from rag.models import Revision
from rag.types import UNFINISHED, RevisionState
from warmline.kernel import clock
from warmline.kernel.ids import new_uuid

log = structlog.get_logger()

# Runs that get no further; each that does begins to count anew.
MOST_ATTEMPTS: Final = 5
# Longer than the longest step, which is reading a file.
STALE_AFTER: Final = timedelta(minutes=7)
# Longer than a batch takes to be embedded and written, each store's deadline included; a run that
# holds its claim and tells no more was killed.
_KILLED_AFTER: Final = timedelta(minutes=1)
# The message of one that nobody holds may have died with the worker that had just taken it. Sent
# once more while it only waited behind others' it does no harm: who comes second goes on.
_LOST_AFTER: Final = timedelta(minutes=3)
PARKED: Final = Refusal(
    f"Working on it ended {MOST_ATTEMPTS} times without a result.",
    "Try again; if it ends so once more, save the file in another form.",
)

NO_ANSWER: Final = "Check that the address answers in a browser, then try again."


class ClaimLost(Exception):
    """Another run has taken the revision over, or it is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One run's right to work on one revision."""

    revision_id: UUID
    token: UUID


def waiting() -> Q:
    """Which revisions are to be worked on, and no living run or message is known to."""
    now = clock.now()
    nobody = Q(claimed_at=None) | Q(claimed_at__lt=now - STALE_AFTER)
    lost = Q(claim=None, claimed_at__lt=now - _LOST_AFTER)
    killed = Q(
        state=RevisionState.EMBEDDING, claim__isnull=False, claimed_at__lt=now - _KILLED_AFTER
    )
    return Q(state__in=UNFINISHED) & (nobody | lost | killed)


def take(revision_id: UUID) -> Claim | None:
    """A claim on a revision that is not finished; None when there is nothing to do."""
    claim = Claim(revision_id, new_uuid())
    unfinished = Revision.objects.filter(pk=revision_id, state__in=UNFINISHED)
    taken = unfinished.update(claim=claim.token, claimed_at=Now(), attempts=F("attempts") + 1)
    if taken != 1:
        return None
    revision = Revision.objects.only("attempts", "problem").get(pk=revision_id)
    if revision.attempts > MOST_ATTEMPTS:
        fail(claim, Refusal(revision.problem, NO_ANSWER) if revision.problem else PARKED)
        return None
    return claim


def release(claim: Claim) -> None:
    """Leave the revision to the run that comes next."""
    write(claim, claim=None)


def postpone(revision_id: UUID, *, why: str) -> int:
    """Keep why a run could not go on, for the one that gives up; how many there were."""
    Revision.objects.filter(pk=revision_id).update(problem=why[:500])
    return Revision.objects.values_list("attempts", flat=True).get(pk=revision_id)


def write(claim: Claim, /, **fields: Any) -> None:
    """Write to the claimed revision; `ClaimLost` when it is another's by now."""
    held = Revision.objects.filter(pk=claim.revision_id, claim=claim.token)
    if held.update(claimed_at=Now(), **fields) != 1:
        raise ClaimLost(str(claim.revision_id))


def held(claim: Claim) -> Revision:
    """The claimed revision, locked until the transaction ends; `ClaimLost` if it is another's."""
    revision = (
        Revision.objects.select_for_update().filter(pk=claim.revision_id, claim=claim.token).first()
    )
    if revision is None:
        raise ClaimLost(str(claim.revision_id))
    return revision


def fail(claim: Claim, refusal: Refusal) -> None:
    """The revision is not taken, for this reason; an earlier one goes on answering."""
    with transaction.atomic():
        write(
            claim,
            state=RevisionState.FAILED,
            problem=refusal.problem[:500],
            advice=refusal.advice[:500],
            finished_at=Now(),
            claim=None,
        )
        Revision.objects.get(pk=claim.revision_id).chunks.all().delete()
    log.info("document refused", revision=str(claim.revision_id), problem=refusal.problem)
