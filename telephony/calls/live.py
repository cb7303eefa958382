"""Tells the live views that a call changed, and nothing more of it.

They read the rest under their own tenant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import redis
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = structlog.get_logger()

# The method of the page's consumer that is called.
_CHANGED = {"type": "call.event"}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A call of a tenant changed."""

    tenant_id: str
    call_id: str


def calls_group(tenant_id: str) -> str:
    """The group of a tenant's list of calls.

    It is joined after a check of membership, never by a client's word.
    """
    return f"calls.{tenant_id}"


def call_group(call_id: str) -> str:
    """The group of one call's page."""
    return f"call.{call_id}"


def announce(announcements: Sequence[Announcement]) -> None:
    """Tell the live views, after the commit.

    A lost announcement is no lost event: the page reads the rows.
    """
    if not announcements:
        return
    try:
        async_to_sync(_send)(announcements)
    except (redis.RedisError, OSError, TimeoutError) as error:
        log.warning("live views not told", why=type(error).__name__)


async def _send(announcements: Iterable[Announcement]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    for announcement in announcements:
        await layer.group_send(call_group(announcement.call_id), _CHANGED)
        await layer.group_send(calls_group(announcement.tenant_id), _CHANGED)
