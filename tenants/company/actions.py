"""The writes: a company's own settings, what operators set, and the steps of its life."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tenants.actions import hold_tenant, record_audit, set_limits
from tenants.company.checks import checked_settings, one_of
from tenants.company.queries import company_of, line_of
from tenants.company.signals import company_changed
from tenants.company.types import KEPT_AFTER_CLOSING, LIMITS, Closing, Company, CompanyLine
from tenants.context import CONTROL, as_tenant
from tenants.models import ApiKey, Tenant
from tenants.people.models import Invitation
from tenants.postgres.routers import without_alias
from tenants.queries import tenant, tenant_by_slug
from tenants.types import PricingPlan
from tenants.webhooks.actions import disable_all
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict


def change_settings(**changes: str) -> Company:
    """Change the bound tenant's name, time zone, residency or person's number.

    What its calls need of them is in every region's number table with the commit.
    """
    checked = checked_settings(changes)
    with transaction.atomic():
        hold_tenant()
        row = tenant()
        before = {field: getattr(row, field) for field in checked}
        changed = {field: value for field, value in checked.items() if before[field] != value}
        if changed:
            Tenant.objects.filter(pk=row.pk).update(**changed)
            record_audit(
                action="company.change",
                subject=str(row.pk),
                detail={field: {"from": before[field], "to": changed[field]} for field in changed},
            )
            company_changed.send(sender=Tenant)
        return company_of(tenant())


def change_terms(slug: str, *, plan: str | None = None, **limits: int | None) -> CompanyLine:
    """Change a company's plan and limits, those that are given; as control.

    It is in the company's own trail.
    """
    before = tenant_by_slug(slug)
    given = {name: value for name, value in limits.items() if value is not None}
    after = set_limits(slug, **given)
    if plan is not None:
        wanted = one_of(PricingPlan, plan, field="plan")
        Tenant.objects.using(CONTROL).filter(slug=slug).update(plan=wanted)
        after.plan = wanted
    detail = {}
    for name in ("plan", *LIMITS):
        if getattr(before, name) != getattr(after, name):
            detail[name] = {"from": getattr(before, name), "to": getattr(after, name)}
    if detail:
        _tell(after, action="company.terms", detail=detail)
    return line_of(after)


def suspend_company(slug: str, *, because: str) -> CompanyLine:
    """Stop answering a company's numbers until it is resumed; its people keep their pages."""
    if not because.strip():
        raise BadInput("because: expected a reason, which the company is shown", field="because")
    return _step(
        slug,
        action="company.suspend",
        detail={"because": because.strip()[:200]},
        expected={"suspended_at": None, "closed_at": None},
        refusal="is suspended or closed already",
        suspended_at=clock.now(),
    )


def resume_company(slug: str) -> CompanyLine:
    """Answer a suspended company's numbers again."""
    return _step(
        slug,
        action="company.resume",
        detail={},
        expected={"suspended_at__isnull": False, "closed_at": None},
        refusal="is not suspended",
        suspended_at=None,
    )


def close_company(*, confirmed_name: str) -> Closing:
    """Close the bound tenant: its numbers are answered no more, its members, keys, invitations and
    webhooks reach nothing, all at once with the commit.

    `confirmed_name` is its name, typed by who closes it. What it had is kept for
    `KEPT_AFTER_CLOSING` and then erased.
    """
    closed_at = clock.now()
    with transaction.atomic():
        hold_tenant()
        row = tenant()
        if confirmed_name.strip() != row.name:
            raise BadInput(f"name: expected the company's own, {row.name}", field="name")
        if row.closed_at is not None:
            raise Conflict("this company is closed already")
        Tenant.objects.filter(pk=row.pk).update(closed_at=closed_at)
        ApiKey.objects.filter(revoked_at=None).update(revoked_at=closed_at)
        waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None)
        waiting.update(revoked_at=closed_at)
        disable_all()
        record_audit(action="company.close", subject=str(row.pk))
        company_changed.send(sender=Tenant)
    transaction.on_commit(lambda: note_closed(closed_at))
    return Closing(row.name, closed_at, closed_at + KEPT_AFTER_CLOSING)


def reopen_company(slug: str) -> CompanyLine:
    """Open a closed company again, until its erasure begins; as control.

    Its members and numbers are back at once; keys and invitations stay dead.
    """
    row = tenant_by_slug(slug)
    if row.erase_at is not None and row.erase_at <= clock.now():
        raise Conflict(f"{slug}: its erasure has begun; it cannot be opened again")
    return _step(
        slug,
        action="company.reopen",
        detail={},
        expected={"closed_at__isnull": False},
        refusal="is not closed",
        closed_at=None,
        erase_at=None,
    )


def note_closed(at: datetime) -> int:
    """Set when companies that have closed are erased; how many had not been. As control.

    Their own role may close them, and only this one says when nothing can come back.
    """
    closed = Tenant.objects.using(CONTROL).filter(closed_at__isnull=False, erase_at=None)
    return closed.update(erase_at=at + KEPT_AFTER_CLOSING)


def _step(
    slug: str,
    *,
    action: str,
    detail: dict[str, Any],
    expected: dict[str, Any],
    refusal: str,
    **changes: Any,
) -> CompanyLine:
    """One step of a company's life by an operator: claimed by a conditional update."""
    rows = Tenant.objects.using(CONTROL).filter(slug=tenant_by_slug(slug).slug)
    if rows.filter(**expected).update(**changes) != 1:
        raise Conflict(f"{slug} {refusal}")
    row = without_alias(rows.get())
    _tell(row, action=action, detail=detail)
    return line_of(row)


def _tell(row: Tenant, *, action: str, detail: dict[str, Any]) -> None:
    """Into the company's own trail, and to whatever follows its settings."""
    with as_tenant(row.tenant_id):
        record_audit(action=action, subject=str(row.pk), detail=detail)
        company_changed.send(sender=Tenant)
