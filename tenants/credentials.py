"""Who signs in: a password's hash, asked for by name, and the user behind a session.

No login role reads a hash from the table. Control is told one by a function, for a name that it
knows; the app is told a fingerprint, by which sessions end with their password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.models import User

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
