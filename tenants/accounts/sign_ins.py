"""Where a person is signed in: each browser with its device, address and when it was last used.

A sign-in is asked for and ended by whoever holds a session of the same person, by nobody else:
the functions that answer take the session's own hash.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import DEFAULT_DB_ALIAS, connections
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.live_sessions import end_sockets_of_sessions
from tenants.models import SignIn, User
from tenants.sessions import BEGAN, SEEN, session_hash
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import new_uuid
from warmline.kernel.text import fitted

# A page that is opened more often is noted no more often: a write each time would be for nothing.
NOTED_EVERY_S: Final = 60
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which the person is signed in; `is_here` is the one that asks."""

    id: UUID
    address: str
    device: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def sign_ins(request: HttpRequest) -> tuple[Device, ...]:
    """The person's sign-ins, the latest used first."""
    return tuple(Device(*row) for row in _rows("sign_ins_beside(%s)", [_hash(request)]))


def end_sign_in(request: HttpRequest, sign_in_id: UUID) -> None:
    """End one of the person's other sign-ins at once; `NotFound` for none of theirs."""
    if not _end(request, sign_in_id):
        raise NotFound("you are not signed in there any more")


def end_other_sign_ins(request: HttpRequest) -> int:
    """End all of the person's sign-ins but this one; how many there were."""
    return len(_end(request, None))


def note_use(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a page that a person opens keeps their session from running out.

    What a page asks for by itself, as a live view does, is nobody's doing and keeps nothing.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _is_a_persons(request):
            now = int(time.time())
            if now - request.session.get(SEEN, now) >= NOTED_EVERY_S:
                request.session[SEEN] = now
                _rows("note_seen(%s)", [_hash(request)])
        return get_response(request)

    return answer


def device_of(user_agent: str) -> str:
    """What people call a browser: `Firefox on Linux`; else the beginning of what it says."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return fitted(re.sub(r"\s+", " ", user_agent), limit=60) or "an unknown device"


@receiver(user_logged_in)
def _note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    now = int(time.time())
    request.session[BEGAN] = request.session[SEEN] = now
    # After another user was signed in the session has no key yet; a new one is written as it is.
    if request.session.session_key is None:
        request.session.create()
    address = fitted(request.META.get("REMOTE_ADDR", ""), limit=_limit("address"))
    device = device_of(request.META.get("HTTP_USER_AGENT", ""))
    _rows(
        "note_sign_in(%s, %s, %s, %s, %s)",
        [_hash(request), new_uuid(), user.pk, address, device],
    )


def _is_a_persons(request: HttpRequest) -> bool:
    sent_for = request.headers.get("Sec-Fetch-Dest", "document")
    return request.method != "GET" or sent_for == "document"


def _end(request: HttpRequest, sign_in_id: UUID | None) -> list[str]:
    rows = _rows("end_sign_ins_beside(%s, %s)", [_hash(request), sign_in_id])
    hashes = [hashed for (hashed,) in rows]
    end_sockets_of_sessions(hashes)
    return hashes


def _hash(request: HttpRequest) -> str:
    return session_hash(request.session.session_key or "")


def _rows(call: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT * FROM tenancy.{call}", arguments)  # noqa: S608  our own names
        return cursor.fetchall()


def _limit(column: str) -> int | None:
    field: Any = SignIn._meta.get_field(column)
    limit: int | None = field.max_length
    return limit
