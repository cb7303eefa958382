"""Checking and hashing passwords: two at a time, without holding a database connection meanwhile.

Argon2 takes 64 MiB and a tenth of a second of a core: without a bound sixteen at once take 1 GiB,
and all connections of the process while they last.
"""

import atexit
import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from django.contrib.auth.hashers import is_password_usable, make_password
from django.db import DEFAULT_DB_ALIAS, connections

from tenants import password_process
from tenants.context import CONTROL
from tenants.errors import TooManyAtOnce

T = TypeVar("T")

AT_ONCE: Final = 2
MOST_WAITING: Final = 16
# While models load on every core, one that gives way to them took up to 12 s; a person waits.
WAIT_S: Final = 20.0
CHECK_S: Final = 25.0


def is_password(password: str, kept: str) -> bool:
    """Whether it is the password of that hash; where there is none it takes as long to say no.

    `TooManyAtOnce` when the line is full.
    """
    _give_connection_back()
    encoded = kept if kept and is_password_usable(kept) else _nobodys()
    return in_turn(lambda: _checkers.check(password, encoded))


def password_hash(password: str) -> str:
    """What is kept of a new password; `TooManyAtOnce` when the line is full."""
    _give_connection_back()
    return in_turn(lambda: _checkers.hash(password))


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


class _Checkers:
    """Processes that check passwords, kept from one sign-in to the next.

    To start one for each took a fork of the web process, which every webhook waited for.
    """

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()

    def check(self, password: str, encoded: str) -> bool:
        """Whether it is the password of that hash; `TooManyAtOnce` when nobody answers in time."""
        return self._answer([password, encoded]) == "1"

    def hash(self, password: str) -> str:
        """The password's hash; `TooManyAtOnce` when nobody answers in time."""
        return self._answer([password, None])

    def _answer(self, question: list[str | None]) -> str:
        try:
            checker = self._idle.get_nowait()
        except Empty:
            checker = self._start()
        too_late = threading.Timer(CHECK_S, checker.kill)
        too_late.start()
        try:
            answer = _ask(checker, json.dumps(question))
        finally:
            too_late.cancel()
        if not answer:
            checker.kill()
            checker.wait()
            raise TooManyAtOnce("nobody could check the password; try again in a moment")
        self._idle.put(checker)
        return answer

    def end(self) -> None:
        """End those that are idle; the others end when their question is answered."""
        while not self._idle.empty():
            with self._idle.get_nowait() as checker:
                checker.kill()

    @staticmethod
    def _start() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            (sys.executable, "-I", "-X", "utf8", "-m", password_process.__name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )


def _ask(checker: "subprocess.Popen[str]", question: str) -> str:
    """The checker's answer, empty when it has ended."""
    assert checker.stdin is not None
    assert checker.stdout is not None
    try:
        checker.stdin.write(f"{question}\n")
        checker.stdin.flush()
    except OSError:
        return ""
    return checker.stdout.readline().strip()


@cache
def _nobodys() -> str:
    """A hash that no password matches, and that takes as long to find out."""
    return make_password(secrets.token_urlsafe(32))


def _give_connection_back() -> None:
    """Nothing is asked of the database for a while, so others may have the connections."""
    for alias in (DEFAULT_DB_ALIAS, CONTROL):
        connection = connections[alias]
        if not connection.in_atomic_block:
            connection.close()


_places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)
_checkers = _Checkers()
atexit.register(_checkers.end)
_hashers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
