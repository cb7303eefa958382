"""The reads of operators. A look into a company is written into its trail before it is answered."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max

from tenants.actions import record_audit
from tenants.company.queries import line_of
from tenants.context import CONTROL, as_tenant
from tenants.models import SecurityEvent
from tenants.operators.types import CompanyView, SecurityCount, SecurityLine
from tenants.people.queries import all_members
from tenants.queries import tenant_by_slug
from tenants.trail.queries import audit_page


def look_into(slug: str) -> CompanyView:
    """A company's people and the newest of its trail, in which this look stands first."""
    row = tenant_by_slug(slug)
    with as_tenant(row.tenant_id):
        record_audit(action="operator.look", subject=str(row.pk), detail={"at": "company"})
        return CompanyView(
            company=line_of(row), members=all_members(), trail=audit_page(limit=20).items
        )


def security_events(*, since: datetime, limit: int = 50) -> Sequence[SecurityLine]:
    """The newest of what was refused; as control."""
    rows = SecurityEvent.objects.using(CONTROL).filter(at__gte=since).order_by("-at")
    return [SecurityLine(row.at, row.action, row.source, row.detail) for row in rows[:limit]]


def security_counts(*, since: datetime) -> Sequence[SecurityCount]:
    """How often each kind was refused, the most frequent first; as control."""
    rows = SecurityEvent.objects.using(CONTROL).filter(at__gte=since).values("action")
    counted = rows.annotate(count=Count("id"), last_at=Max("at")).order_by("-count", "action")
    return [SecurityCount(row["action"], row["count"], row["last_at"]) for row in counted]
