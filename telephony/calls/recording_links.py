"""Links that open one recording for five minutes, for players that can send no key.

A link is good for as long as who asked for it may hear recordings: with a key that is revoked, or a
member who left, it ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from telephony.calls import queries
from telephony.calls.recordings import JoinedRecording, recording_of
from tenants.actor import current_actor
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission
from tenants.standing import actor_may
from warmline.kernel.errors import NotAllowed, NotFound

GOOD_FOR: Final = timedelta(minutes=5)
_SALT: Final = "telephony.calls.recording"


@dataclass(frozen=True, slots=True)
class RecordingLink:
    """An address that opens a recording until then."""

    url: str
    expires_at: datetime


def link_to(call_id: UUID, *, at: datetime) -> RecordingLink:
    """A link to the call's recording, made at that time; `NotFound` when it has none."""
    if not queries.recordings_of(call_id):
        raise NotFound(f"call {call_id}: no recording")
    actor, expires_at = current_actor(), at + GOOD_FOR
    token = signing.dumps(
        [current_tenant_id(), str(call_id), actor.kind, actor.id, expires_at.timestamp()],
        salt=_SALT,
        compress=True,
    )
    path = reverse("recording-link", kwargs={"token": token})
    return RecordingLink(f"{settings.PUBLIC_URL}{path}", expires_at)


def opened(token: str, *, at: datetime) -> JoinedRecording:
    """The recording that a link opens at that time.

    `NotAllowed` for a link that is not ours, has expired, or whose asker may not hear any more.
    """
    try:
        tenant_id, call_id, kind, actor_id, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotAllowed("this link is none of ours") from None
    if at.timestamp() >= until:
        raise NotAllowed("this link has expired: ask for a new one")
    with as_tenant(tenant_id):
        if not actor_may(Permission.RECORDINGS_READ, kind=kind, actor_id=actor_id):
            raise NotAllowed("whoever made this link may not hear recordings any more")
        return recording_of(UUID(call_id))
