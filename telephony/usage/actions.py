"""The writes: the days' figures, and the notices of a month that runs out."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from telephony.usage.models import DailyUsage, QuotaNotice
from telephony.usage.queries import quota
from telephony.usage.types import TOLD_AT_PERCENT
from tenants.actions import hold_tenant
from tenants.context import current_tenant_id
from tenants.queries import tenant
from tenants.webhooks.announcing import announce
from tenants.webhooks.types import EventType

# No call lasts longer than four hours: what began before yesterday is over and counted.
_AGAIN: Final = timedelta(days=1)

# Erasing a call takes nothing off what was used. A call counts to the day on which it began.
_ADD_UP: Final = """
INSERT INTO telephony_dailyusage AS u
    (id, tenant_id, day, calls, answered, seconds, rolled_at)
SELECT gen_random_uuid(), %(tenant)s, (started_at AT TIME ZONE %(zone)s)::date,
    count(*), count(answered_at),
    coalesce(sum(greatest(extract(epoch FROM ended_at - answered_at), 0)), 0), %(now)s
FROM telephony_call WHERE started_at >= %(since)s GROUP BY 3
ON CONFLICT (tenant_id, day) DO UPDATE SET
    calls = greatest(u.calls, excluded.calls),
    answered = greatest(u.answered, excluded.answered),
    seconds = greatest(u.seconds, excluded.seconds),
    rolled_at = excluded.rolled_at
"""


def roll_up(*, at: datetime) -> int:
    """Add up the bound tenant's calls of the days that may have changed; how many days those are.

    Again it changes nothing. Who comes near to what the plan holds is told, once for each step.
    """
    hold_tenant()
    zone = ZoneInfo(tenant().time_zone)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_UP,
            {
                "tenant": current_tenant_id(),
                "zone": zone.key,
                "now": at,
                "since": _changed_since(at, zone),
            },
        )
        days = int(cursor.rowcount)
    _tell_quota(at)
    return days


def _changed_since(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the first day that is added up anew: yesterday, or where it stopped."""
    latest = DailyUsage.objects.aggregate(day=Max("day"))["day"]
    if latest is None:
        return datetime.min.replace(tzinfo=UTC)
    first = min(latest, at.astimezone(zone).date()) - _AGAIN
    return datetime.combine(first, datetime.min.time(), tzinfo=zone)


def _tell_quota(at: datetime) -> None:
    now = quota(at=at)
    month = date.fromisoformat(f"{now.month}-01")
    told = set(QuotaNotice.objects.filter(month=month).values_list("percent", flat=True))
    for percent in TOLD_AT_PERCENT:
        if now.percent < percent or percent in told:
            continue
        QuotaNotice.objects.create(month=month, percent=percent)
        announce(
            EventType.QUOTA_NEAR,
            {
                "month": now.month,
                "plan": now.plan,
                "percent": percent,
                "minutes": now.minutes,
                "used": now.used,
            },
        )
