"""Whom a password signs in: Django's backend by e-mail address, at a bounded cost."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest

from tenants import password_process
from tenants.credentials import credential_of, signed_in_user
from tenants.hashing import is_password
from tenants.models import User


class Argon2(Argon2PasswordHasher):
    """Django's with less: 100 MiB and eight threads would let a webhook wait behind sixteen."""

    time_cost = password_process.TIME_COST
    memory_cost = password_process.MEMORY_KIB
    parallelism = password_process.PARALLELISM


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
        credential = credential_of(username)
        right = is_password(password, credential.password_hash if credential else "")
        user = credential.user if credential and right else None
        return user if user and self.user_can_authenticate(user) else None

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
