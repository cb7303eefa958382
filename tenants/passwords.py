"""Checking a password: two at a time, and without holding a database connection meanwhile.

Argon2 takes 100 MiB and a tenth of a second of every core: sixteen at once took the memory of a
process and all its connections.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest

from tenants.errors import TooManyAtOnce
from tenants.models import User, normal_email

AT_ONCE: Final = 2
MOST_WAITING: Final = 16
WAIT_S: Final = 5.0

_hashing = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)


class PasswordBackend(ModelBackend):
    """Django's backend by e-mail address, with a bound on what checking costs."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The active user with that address and password, or None; `TooManyAtOnce`.

        It takes as long where there is no such user.
        """
        if username is None or password is None:
            return None
        user = user_by_email(username)
        _give_connection_back()
        with turn():
            if user is None:
                make_password(password)
                return None
            right = check_password(password, user.password)
        return user if right and self.user_can_authenticate(user) else None


def user_by_email(email: str) -> User | None:
    """The user with that address, and the hash of their password."""
    return User.objects.filter(email=normal_email(email)).first()


@contextmanager
def turn() -> Iterator[None]:
    """A turn to hash; `TooManyAtOnce` when the line is full, or does not move."""
    if not _places.acquire(blocking=False):
        raise TooManyAtOnce(f"{MOST_WAITING} sign-ins wait already; try again in a moment")
    try:
        if not _hashing.acquire(timeout=WAIT_S):
            raise TooManyAtOnce(f"no turn to sign in within {WAIT_S:.0f} s; try again in a moment")
        try:
            yield
        finally:
            _hashing.release()
    finally:
        _places.release()


def _give_connection_back() -> None:
    """Nothing is asked of the database for a while, so another request may have the connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        connection.close()
