"""How a company begins: made by an operator, or founded by somebody who signs up."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, connections, transaction
from django.utils.text import slugify

from tenants.actions import check_limits
from tenants.audit import record_audit
from tenants.company.checks import (
    OWN,
    checked_settings,
    checked_slug,
    installed_vertical,
    one_of,
)
from tenants.company.queries import line_of
from tenants.company.types import LIMITS, CompanyLine
from tenants.context import CONTROL, as_tenant
from tenants.keys.actions import checked_name, create_api_key
from tenants.keys.types import NewApiKey
from tenants.models import Tenant, User
from tenants.people.invitations import check_invitation, invite
from tenants.postgres.routers import without_alias
from tenants.queries import tenant_by_slug
from tenants.types import MemberRole, PricingPlan
from warmline.kernel.errors import BadInput, Conflict
from warmline.kernel.ids import new_uuid

_SLUGS_TRIED: Final = 8
_SLUG_LETTERS: Final = 48


@dataclass(frozen=True, slots=True)
class NewlyMade:
    """A company that an operator made, and its first API key where one was asked for."""

    company: CompanyLine
    first_key: NewApiKey | None


def create_company(
    slug: str, *, name: str, vertical: str, owner: str = "", first_key: str = "", **fields: Any
) -> NewlyMade:
    """A new company, made by an operator; `Conflict` for a slug that is taken. As control.

    `fields` are its own settings, its plan and its limits. `owner` is the address of whoever is
    invited to own it; `first_key` names an API key that may do what an admin may, with which the
    rest is set up. What does not fit is refused, and nothing is made.
    """
    checked = checked_company(name=name, vertical=vertical, **fields)
    checked_slug(slug)
    if owner:
        check_invitation(owner)
    if first_key:
        checked_name(first_key)
    with transaction.atomic(using=CONTROL):
        row = _inserted(Tenant(slug=slug, **checked))
    if row is None:
        raise Conflict(f"a company with the slug {slug} exists already")
    with as_tenant(row.tenant_id):
        _note(row)
        if owner:
            invite(owner, role=MemberRole.OWNER)
        key = create_api_key(first_key) if first_key else None
    return NewlyMade(line_of(tenant_by_slug(slug)), key)


def insert_founded(user: User, checked: Mapping[str, Any]) -> Tenant:
    """A company of these checked fields with the user as its owner, and a slug of its name.

    In the transaction of control's that is open; `note_founded` follows the commit.
    """
    tenant = _with_slug(checked)
    with connections[CONTROL].cursor() as cursor:
        # Control may add a founder and read no member, so nothing is asked back.
        cursor.execute(
            "INSERT INTO tenants_member (id, tenant_id, user_id, role) VALUES (%s, %s, %s, %s)",
            [new_uuid(), tenant.pk, user.pk, MemberRole.OWNER],
        )
    return tenant


def note_founded(tenant: Tenant, *, owner: User) -> None:
    """Into the company's own trail."""
    with as_tenant(tenant.tenant_id):
        _note(tenant, owner=str(owner.pk))


def checked_company(*, vertical: str, **fields: Any) -> dict[str, Any]:
    """The columns of a company that can be made; `BadInput` names what is in the way."""
    given = {name: value for name, value in fields.items() if value is not None}
    limits = _of(given, LIMITS)
    check_limits(**limits)
    checked: dict[str, Any] = checked_settings(_of(given, OWN)) | limits
    if "plan" in given:
        checked["plan"] = one_of(PricingPlan, given["plan"], field="plan")
    return checked | {"vertical": installed_vertical(vertical)}


def _with_slug(checked: Mapping[str, Any]) -> Tenant:
    """Under a slug of its name, or with some letters more where that is taken."""
    wanted = slugify(checked["name"])[:_SLUG_LETTERS] or "company"
    for tried in range(_SLUGS_TRIED):
        slug = wanted if tried == 0 else f"{wanted}-{secrets.token_hex(3)}"
        tenant = _inserted(Tenant(slug=slug, **checked))
        if tenant is not None:
            return tenant
    raise BadInput(f"no slug is free for {wanted!r}: expected another name")


def _inserted(row: Tenant) -> Tenant | None:
    """The new row; None where its slug is taken."""
    try:
        with transaction.atomic(using=CONTROL):
            row.save(using=CONTROL, force_insert=True)
    except IntegrityError:
        return None
    return without_alias(row)


def _note(row: Tenant, **detail: str) -> None:
    record_audit(
        action="company.create", subject=str(row.pk), detail={"plan": str(row.plan), **detail}
    )


def _of(fields: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}
