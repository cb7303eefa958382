"""The writes: a company's own settings, what operators set, and the steps of its life."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import available_timezones

from django.apps import apps
from django.db import IntegrityError, transaction

from tenants.actions import hold_tenant, record_audit, set_limits
from tenants.columns import check_columns
from tenants.company.queries import company_of, line_of
from tenants.company.signals import company_changed
from tenants.company.types import KEPT_AFTER_CLOSING, Closing, Company, CompanyLine
from tenants.context import CONTROL, as_tenant
from tenants.models import ApiKey, Tenant
from tenants.people.models import Invitation
from tenants.postgres.routers import without_alias
from tenants.queries import tenant, tenant_by_slug
from tenants.types import PricingPlan, Residency
from tenants.webhooks.actions import disable_all
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict
from warmline.kernel.phone_numbers import dialable_number

_OWN: Final = ("name", "time_zone", "residency", "human_number")
_LIMITS: Final = ("max_concurrent_calls", "call_weight", "warm_replicas")


def create_company(slug: str, *, name: str, vertical: str, **fields: Any) -> CompanyLine:
    """A new company; `Conflict` for a slug that is taken. As control.

    `fields` are its own settings, its plan and its limits; `BadInput` says what does not fit.
    """
    checked = {**_checked_own({"name": name, **_of(fields, _OWN)}), **_of(fields, _LIMITS)}
    if "plan" in fields:
        checked["plan"] = _one_of(PricingPlan, fields["plan"], field="plan")
    row = Tenant(slug=_checked_slug(slug), vertical=_installed(vertical), **checked)
    try:
        with transaction.atomic(using=CONTROL):
            row.save(using=CONTROL, force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"a company with the slug {slug} exists already") from error
    company = without_alias(row)
    with as_tenant(company.tenant_id):
        record_audit(action="company.create", subject=str(company.pk), detail={"plan": row.plan})
    return line_of(tenant_by_slug(slug))


def change_settings(**changes: str) -> Company:
    """Change the bound tenant's name, time zone, residency or person's number.

    What its calls need of them is in every region's number table with the commit.
    """
    checked = _checked_own(changes)
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
        wanted = _one_of(PricingPlan, plan, field="plan")
        Tenant.objects.using(CONTROL).filter(slug=slug).update(plan=wanted)
        after.plan = wanted
    detail = {}
    for name in ("plan", *_LIMITS):
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


def _checked_own(changes: Mapping[str, str]) -> dict[str, str]:
    """The company's own settings as they are kept; `BadInput` names the field."""
    checked: dict[str, str] = {}
    for field, value in changes.items():
        checked[field] = value.strip()
    if "name" in checked and not checked["name"]:
        raise BadInput("name: expected at least one letter", field="name")
    if "time_zone" in checked and checked["time_zone"] not in available_timezones():
        raise BadInput(
            f"time zone {checked['time_zone'][:40]!r}: expected one such as Europe/Berlin",
            field="time_zone",
        )
    if "residency" in checked:
        checked["residency"] = _one_of(Residency, checked["residency"], field="residency")
    if checked.get("human_number"):
        checked["human_number"] = _dialable(checked["human_number"])
    check_columns(Tenant, checked)
    return checked


def _dialable(number: str) -> str:
    try:
        return dialable_number(number)
    except BadInput as error:
        raise BadInput(str(error), field="human_number") from error


def _one_of(choices: Any, value: str, *, field: str) -> str:
    if value not in choices.values:
        raise BadInput(
            f"{field} {value[:40]!r}: expected one of {', '.join(choices.values)}", field=field
        )
    return value


def _installed(vertical: str) -> str:
    if not vertical.isidentifier() or not apps.is_installed(f"verticals.{vertical}"):
        offered = [app.label for app in apps.get_app_configs() if app.name.startswith("verticals.")]
        raise BadInput(
            f"vertical {vertical[:40]!r}: expected one of {', '.join(sorted(offered))}",
            field="vertical",
        )
    return vertical


def _of(fields: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: fields[name] for name in names if fields.get(name) is not None}


def _checked_slug(slug: str) -> str:
    check_columns(Tenant, {"slug": slug})
    parts = slug.split("-")
    if not all(part.isascii() and part.isalnum() and part == part.lower() for part in parts):
        raise BadInput(
            f"slug {slug[:70]!r}: expected lower-case letters, digits and single hyphens, such as "
            "rivertown-plumbing",
            field="slug",
        )
    return slug
