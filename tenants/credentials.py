"""Who signs in: a password's hash, asked for by name, and the user behind a session.

No login role reads a hash from the table. Control is told one by a function, for a name that it
knows; the app is told a fingerprint, by which sessions end with their password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest

from tenants.context import CONTROL
from tenants.models import User, normal_email

# In the model's own order, as `from_db` takes them.
_FIELDS = ["is_superuser", "id", "email", "name", "is_active", "is_staff"]


@dataclass(frozen=True, slots=True)
class Credential:
    """Whose it is, and the password's hash as Django's hashers keep it."""

    user: User
    password_hash: str


def credential_of(email: str) -> Credential | None:
    """The credential of the user with that address, in any case; None for nobody's. As control."""
    with connections[CONTROL].cursor() as cursor:
        cursor.execute("SELECT * FROM tenancy.credential_of(%s)", [normal_email(email)])
        row = cursor.fetchone()
    return None if row is None else Credential(user=_user(row[:-1]), password_hash=row[-1])


def signed_in_user(user_id: UUID | str) -> User | None:
    """The user of a session, without the password; None when there is none any more."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT * FROM tenancy.signed_in(%s)", [user_id])
        row = cursor.fetchone()
    return None if row is None else _user(row)


def _user(row: Sequence[Any]) -> User:
    # Users are control's to write and to read further.
    user = User.from_db(CONTROL, _FIELDS, row[:-1])
    user.known_fingerprint = row[-1]
    return user


class PasswordBackend(ModelBackend):
    """Django's sign-in by address and password; whoever is not active stays out."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The user whose password it is, or None."""
        if username is None or password is None:
            return None
        credential = credential_of(username)
        if credential is None:
            make_password(password)  # an address that is nobody's takes as long
            return None
        if not check_password(password, credential.password_hash):
            return None
        return credential.user if self.user_can_authenticate(credential.user) else None

    def get_user(self, user_id: UUID | str) -> User | None:
        """The user of a session, while active."""
        user = signed_in_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    # Django's own asynchronous ones ask the table.
    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The same, for asynchronous code."""
        return await sync_to_async(self.authenticate)(request, username, password)

    async def aget_user(self, user_id: UUID | str) -> User | None:
        """The same, for asynchronous code."""
        return await sync_to_async(self.get_user)(user_id)
