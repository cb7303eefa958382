"""Checking a password: two at a time, and without holding a database connection meanwhile.

Argon2 takes 64 MiB and a tenth of a second of every core: sixteen at once took the memory of a
process and all its connections.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest

from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce
from tenants.models import User

T = TypeVar("T")

AT_ONCE: Final = 2
MOST_WAITING: Final = 16
WAIT_S: Final = 5.0


class Argon2(Argon2PasswordHasher):
    """Three times what OWASP asks at least, on one core.

    Django's takes 100 MiB and eight threads: two of those are half of a web process, and a webhook
    waits behind sixteen threads.
    """

    time_cost = 2
    memory_cost = 64 * 1024
    parallelism = 1


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
        if user is None:
            in_turn(lambda: make_password(password))
            return None
        kept = user.password
        right = in_turn(lambda: check_password(password, kept))
        return user if right and self.user_can_authenticate(user) else None


def user_by_email(email: str) -> User | None:
    """The user with that address, and the hash of their password."""
    return User.objects.filter(email=normal_email(email)).first()


def in_turn(work: Callable[[], T]) -> T:
    """What the work gives when its turn to hash has come.

    `TooManyAtOnce` when the line is full or does not move.
    """
    if not _places.acquire(blocking=False):
        raise TooManyAtOnce(f"{MOST_WAITING} sign-ins wait already; try again in a moment")
    future = _hashers.submit(work)
    future.add_done_callback(lambda _: _places.release())
    try:
        return future.result(timeout=WAIT_S)
    except TimeoutError:
        future.cancel()
        raise TooManyAtOnce(
            f"no turn to sign in within {WAIT_S:.0f} s; try again in a moment"
        ) from None


def _give_connection_back() -> None:
    """Nothing is asked of the database for a while, so another request may have the connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        connection.close()


_places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)
_hashers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
