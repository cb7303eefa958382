"""A company with somebody in each role, and ways to act as any of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tenants.actions import add_member, create_user
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.models import Member, User
from tenants.types import MemberRole
from warmline.kernel.ids import TenantId

PASSWORD = "a long enough password"
People = dict[str, User]
ActAs = Callable[[User], AbstractContextManager[None]]


@pytest.fixture
def people(rivertown: TenantId) -> People:
    """By role: two owners' worth of company would hide the last one, so there is one of each."""
    made = {}
    for role in MemberRole.values:
        made[role] = create_user(f"{role}@example.com", password=PASSWORD, name=role.title())
        with as_tenant(rivertown):
            add_member(made[role], role=role)
    return made


@pytest.fixture
def act_as(rivertown: TenantId) -> ActAs:
    """Inside the company, as one of its members."""

    @contextmanager
    def inside(user: User) -> Iterator[None]:
        with as_tenant(rivertown), acting(Actor("user", id=str(user.pk), label=user.email)):
            yield

    return inside


def membership_of(user: User) -> Member:
    return Member.objects.get(user_id=user.pk)
