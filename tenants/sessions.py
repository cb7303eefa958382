"""Sessions in the database, each under the SHA-256 of its key: who reads the table enters nothing.

Django's `SESSION_ENGINE`. The app role cannot even read it: functions find, write and end one
session whose hash is named (`tenants/migrations/0005_credentials.py`).
"""

import time
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

# When somebody signed in, and when they last opened a page: seconds since 1970.
BEGAN: Final = "began"
SEEN: Final = "seen"


def _ask(function: str, *arguments: str | datetime) -> Any:
    """What the function of the schema `tenancy` answers; None when it found nothing."""
    placeholders = ", ".join(["%s"] * len(arguments))
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT tenancy.{function}({placeholders})", arguments)
        (answer,) = cursor.fetchone()
    return answer


def session_hash(session_key: str) -> str:
    """What is kept of a key: a plain hash, since it is 32 random letters and no password."""
    return sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One browser's session. Its key is in the browser's cookie and in memory, nowhere else."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing after its end, and its key is dropped."""
        content = _ask("read_session", session_hash(self.session_key)) if self.session_key else None
        if content is None:
            self._session_key = None
            return {}
        return self.decode(content)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Some hours after it was last used, and so many after it began, whichever is first.

        Before somebody signs in it lasts as long as it may be idle.
        """
        now = timezone.now()
        ends = now + timedelta(hours=settings.SESSION_IDLE_HOURS)
        if BEGAN in self:
            left_s = self[BEGAN] + settings.SESSION_HOURS * 3600 - time.time()
            ends = min(ends, now + timedelta(seconds=left_s))
        return ends

    def exists(self, session_key: str) -> bool:
        """Whether a session of that key goes on."""
        return _ask("read_session", session_hash(session_key)) is not None

    def create(self) -> None:
        """Begin a session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # no stub
            try:
                self.save(must_create=True)
            except CreateError:
                continue  # an expired one has the key
            self.modified = True
            return

    def cycle_key(self) -> None:
        """Go on under a new key, as after a new password; the sign-in goes on with it."""
        held, old = self._session, self.session_key  # type: ignore[attr-defined]  # no stub
        self.create()
        self._session_cache = held
        if old is not None and BEGAN in held:
            _ask("move_sign_in", session_hash(old), session_hash(str(self.session_key)))
        if old is not None:
            self.delete(old)

    def save(self, must_create: bool = False) -> None:
        """Write it. `CreateError` for a key that is taken, `UpdateError` for one that has ended."""
        if self.session_key is None:
            self.create()
            return
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # no stub
        content = self.encode(held)
        function = "create_session" if must_create else "update_session"
        if _ask(function, session_hash(self.session_key), content, self.get_expiry_date()):
            return
        raise CreateError if must_create else UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one of that key."""
        ended = session_key or self.session_key
        if ended is not None:
            _ask("end_session", session_hash(ended))

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what nobody can enter any more: `manage.py clearsessions`."""
        _ask("end_expired_sessions")
