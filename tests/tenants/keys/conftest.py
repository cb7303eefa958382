"""A company with an admin and a builder, and the API as a program calls it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tenants.actions import add_member, create_user
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.models import User
from warmline.kernel.ids import TenantId

Api = Callable[[str], Client]


@pytest.fixture
def alice(rivertown: TenantId) -> User:
    """An admin."""
    return member(rivertown, "alice@example.com", role="admin")


@pytest.fixture
def as_alice(alice: User, rivertown: TenantId) -> Iterator[User]:
    """What is done here, she does."""
    with as_tenant(rivertown), acting(actor(alice)):
        yield alice


def member(tenant_id: TenantId, email: str, *, role: str) -> User:
    user = create_user(email, password="a long enough one")
    with as_tenant(tenant_id):
        add_member(user, role=role)
    return user


def actor(user: User) -> Actor:
    return Actor("user", id=str(user.pk), label=user.email)


def api(secret: str, **headers: str) -> Client:
    return Client(
        headers={"authorization": f"Bearer {secret}", **headers}, raise_request_exception=False
    )


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(path, body or {}, content_type="application/json", headers=headers)
