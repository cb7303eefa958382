"""The trail, newest first, narrowed by who, what and when."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.audit.forms import AuditFilter
from tenants.api.pages import Page
from tenants.people.queries import all_members
from tenants.permissions import Permission
from tenants.queries import tenant
from tenants.trail.queries import audit_page
from tenants.web import TenantRequest, tenant_view

# What people look for; the API takes any.
THINGS: Final = {
    "": "Everything",
    "operator.": "Looks and acts of operators",
    "company.": "The company",
    "member.": "Members",
    "invitation.": "Invitations",
    "api_key.": "API keys",
    "agent.": "Agents",
    "knowledge.": "Knowledge",
    "number.": "Numbers",
    "webhook.": "Webhooks",
    "call.": "Calls",
}


@tenant_view(Permission.AUDIT_READ)
def audit(request: TenantRequest) -> HttpResponse:
    """What was done in the company."""
    zone = ZoneInfo(tenant().time_zone)
    form = AuditFilter(request.GET)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page: Page[Any] = Page(())
    if form.is_valid():
        page = audit_page(
            actor=given["actor"],
            action=given["action"],
            since=_begins(given["since"], zone),
            until=_begins(given["until"], zone, days=1),
            cursor=request.GET.get("cursor") or None,
            limit=50,
        )
    older = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "section": "audit",
        "page": page,
        "lines": [(line, _details(line.detail)) for line in page.items],
        "form": form,
        "things": THINGS,
        "actors": _actors(),
        "zone": zone,
        "older": urlencode({**older, "cursor": page.next_cursor or ""}),
        "is_filtered": bool(older),
    }
    return render(request, "dashboard/audit/audit.html", context)


def _details(detail: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {_shown(value)}" for name, value in detail.items())


def _shown(value: Any) -> str:
    match value:
        case {"from": before, "to": after}:
            return f"{_shown(before)} → {_shown(after)}"
        case list():
            return ", ".join(map(_shown, value)) or "none"
        case bool():
            return "yes" if value else "no"
    return str(value)


def _actors() -> list[tuple[str, str]]:
    """Who may be looked for, by what people call them."""
    actors = [("", "Anybody")]
    for line in all_members():
        actors.append((f"user:{line.user_id}", line.name or line.email))
    return [*actors, ("command", "An operator's command"), ("system", "Warmline itself")]


def _begins(day: Any, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """The beginning of a day, or of one after it, on the company's clock."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=zone)
