"""What is open on the strength of a session ends with it: at sign-out, and when its user changes.

Other processes hold such sockets, so they are told through the channel layer. Whoever holds one
also asks `Session.signed_in` from time to time: a session that expires tells nobody.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from uuid import UUID

import redis
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from tenants.models import User
from tenants.sessions import session_hash

ENDED = "session.ended"

log = structlog.get_logger()


class Session:
    """A session as a socket's cookies name it: read anew each time, never written."""

    def __init__(self, cookies: Mapping[str, str]) -> None:
        self.key = cookies.get(settings.SESSION_COOKIE_NAME, "")

    @property
    def group(self) -> str:
        """The channel group of what this session has open; it does not tell the key."""
        return _session_group(self.key)

    def signed_in(self) -> tuple[User | None, Mapping[str, Any]]:
        """Its user as of now, if they are still signed in and active, and what it holds."""
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.key or None)
        user = get_user(request)
        return (user if isinstance(user, User) else None), request.session


def user_group(user_id: UUID) -> str:
    """The channel group of everything that a user has open."""
    return f"user.{user_id}"


def end_sockets_of_user(user_id: UUID) -> None:
    """Close what a user has open: their password is new, or they may no longer sign in."""
    _tell(user_group(user_id))


@receiver(user_logged_out)
def _end_sockets_of_session(request: HttpRequest, **_: object) -> None:
    if request.session.session_key:
        _tell(_session_group(request.session.session_key))


def end_sockets_of_sessions(hashes: Iterable[str]) -> None:
    """Close what sessions have open that are known by their hashes alone."""
    for hashed in hashes:
        _tell(_group_of(hashed))


def _session_group(key: str) -> str:
    return _group_of(session_hash(key))


def _group_of(hashed: str) -> str:
    return f"session.{hashed[:32]}"


def _tell(group: str) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, {"type": ENDED})
    except (redis.RedisError, OSError, TimeoutError) as error:
        # Each socket finds out by itself within seconds.
        log.warning("open sockets were not told", group=group, why=type(error).__name__)
