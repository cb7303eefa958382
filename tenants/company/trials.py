"""Owners are told of their trial's end: three days before, and when it is over, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction

from tenants.context import CONTROL, as_tenant
from tenants.mail.letters import compose
from tenants.mail.outbox import post
from tenants.models import Member, Tenant
from tenants.people.queries import people_of
from tenants.types import MemberRole, PricingPlan

log = structlog.get_logger()

SOON: Final = timedelta(days=3)
# Where no mail could be sent for longer than this, nobody wants to hear of it any more.
TOLD_WITHIN: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Step:
    """A letter that a company is sent once: `told` is what its row holds then."""

    told: int
    template: str


_SOON: Final = _Step(1, "tenants/mail/trial_ends_soon.txt")
_OVER: Final = _Step(2, "tenants/mail/trial_over.txt")


def tell_of_ends(*, at: datetime) -> int:
    """Tell the owners of companies whose trial ends soon or is over; how many companies were told.

    As control. Nothing counts as told where this installation sends no mail.
    """
    if not settings.SENDS_MAIL:
        return 0
    return sum(_tell(tenant, step) for step in (_OVER, _SOON) for tenant in _due(step, at=at))


def _due(step: _Step, *, at: datetime) -> Sequence[Tenant]:
    ends = (at, at + SOON) if step == _SOON else (at - TOLD_WITHIN, at)
    rows = Tenant.objects.using(CONTROL).filter(plan=PricingPlan.TRIAL, closed_at=None)
    rows = rows.filter(trial_ends_at__gt=ends[0], trial_ends_at__lte=ends[1])
    return list(rows.filter(trial_told__lt=step.told).order_by("trial_ends_at")[:1000])


def _tell(tenant: Tenant, step: _Step) -> bool:
    """Note that it was told and put the letters into the outbox: both, or neither."""
    assert tenant.trial_ends_at is not None  # as it was looked for
    ends = tenant.trial_ends_at.astimezone(ZoneInfo(tenant.time_zone))
    letter = compose(
        step.template,
        company=tenant.name,
        date=f"{ends:%A, {ends.day} %B %Y}",
        time=f"{ends:%H:%M}",
        zone=tenant.time_zone,
        has_person=bool(tenant.human_number),
    )
    addresses = _owners(tenant)
    with transaction.atomic(using=CONTROL):
        untold = Tenant.objects.using(CONTROL).filter(pk=tenant.pk, trial_told__lt=step.told)
        if untold.update(trial_told=step.told) != 1:
            return False  # another job was quicker
        for address in addresses:
            post(letter, to=address)
    log.info("trial's end told", tenant=tenant.tenant_id, step=step.told, owners=len(addresses))
    return True


def _owners(tenant: Tenant) -> list[str]:
    with as_tenant(tenant.tenant_id):
        owners = Member.objects.filter(role=MemberRole.OWNER).values_list("user_id", flat=True)
        return sorted(address for _, address in people_of(owners).values())
