"""Where a person can go: data, so that what they may not open is not offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the side navigation: `section` is what its views put into their context."""

    label: str
    section: str
    url_name: str
    permission: Permission | None = None

    @property
    def address(self) -> str:
        """Its path."""
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one title."""

    title: str
    entries: tuple[Entry, ...]


COMPANY: Final = (
    Group(
        "",
        (
            Entry("Home", "home", "overview", Permission.COMPANY_READ),
            Entry("Calls", "calls", "calls", Permission.CALLS_READ),
            Entry("Bookings", "bookings", "bookings", Permission.BOOKINGS_READ),
            Entry("Agents", "agents", "agents", Permission.AGENTS_READ),
            Entry("Talk to an agent", "talk", "talk-choose", Permission.AGENTS_TALK),
            Entry("Knowledge", "knowledge", "knowledge", Permission.KNOWLEDGE_READ),
            Entry("Numbers", "numbers", "numbers", Permission.NUMBERS_READ),
            Entry("Opening hours", "hours", "business-hours", Permission.AGENTS_READ),
            Entry("Shadow review", "shadow", "shadow-runs", Permission.SHADOW_READ),
            Entry("Usage", "usage", "usage", Permission.USAGE_READ),
        ),
    ),
    Group(
        "Settings",
        (
            Entry("Company", "company", "company", Permission.COMPANY_READ),
            Entry("Members", "members", "members", Permission.MEMBERS_READ),
            Entry("Audit log", "audit", "audit", Permission.AUDIT_READ),
        ),
    ),
    Group(
        "Developers",
        (
            Entry("API keys", "api-keys", "api-keys", Permission.KEYS_READ),
            Entry("Widget", "widget", "widget", Permission.AGENTS_READ),
            Entry("Webhooks", "webhooks", "webhooks", Permission.WEBHOOKS_READ),
            Entry("API", "api", "api-docs"),
        ),
    ),
)
OPERATORS: Final = (
    Group(
        "Platform",
        (
            Entry("Companies", "operator-companies", "operator-companies"),
            Entry("Pools", "pools", "pools"),
            Entry("Incidents", "operator-incidents", "operator-incidents"),
            Entry("Parked tasks", "operator-tasks", "operator-tasks"),
        ),
    ),
)


YOU: Final = (Group("You", (Entry("Your account", "account", "account"),)),)


def navigation(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor: the groups that this person may open, as `navigation`."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    groups: list[Group] = []
    if membership is not None:
        groups += [_allowed(group, membership.permissions) for group in COMPANY]
    if user is not None and user.is_staff:
        groups += OPERATORS
    if user is not None and user.is_authenticated:
        groups += YOU
    return {"navigation": [group for group in groups if group.entries]}


def _allowed(group: Group, permissions: frozenset[Permission]) -> Group:
    entries = tuple(
        entry
        for entry in group.entries
        if entry.permission is None or entry.permission in permissions
    )
    return Group(group.title, entries)
