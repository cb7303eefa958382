"""Checking a password: two at a time, and without holding a database connection meanwhile.

Argon2 takes 64 MiB and a tenth of a second of every core: sixteen at once took the memory of a
process and all its connections.
"""

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final, TypeVar

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest

from tenants import password_process
from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce
from tenants.models import User

T = TypeVar("T")

AT_ONCE: Final = 2
MOST_WAITING: Final = 16
WAIT_S: Final = 5.0
CHECK_S: Final = 10.0


class Argon2(Argon2PasswordHasher):
    """Three times what OWASP asks at least, on one core.

    Django's takes 100 MiB and eight threads: a webhook would wait behind sixteen of those.
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
        kept = _nobodys() if user is None or not user.has_usable_password() else user.password
        right = in_turn(lambda: _is_right(password, kept))
        return user if user and right and self.user_can_authenticate(user) else None


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


def _is_right(password: str, encoded: str) -> bool:
    checked = subprocess.run(
        (sys.executable, "-I", "-m", password_process.__name__),
        input=json.dumps([password, encoded]).encode(),
        timeout=CHECK_S,
        check=False,
    )
    return checked.returncode == 0


@cache
def _nobodys() -> str:
    """A hash that no password matches, and that takes as long to find out."""
    return make_password(secrets.token_urlsafe(32))


def _give_connection_back() -> None:
    """Nothing is asked of the database for a while, so another request may have the connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        connection.close()


_places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)
_hashers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
