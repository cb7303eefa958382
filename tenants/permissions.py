"""What a member's role allows: the one table that pages, the API and its keys go by."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tenants.types import MemberRole
from warmline.kernel import clock
from warmline.kernel.ids import TenantId


class Permission(StrEnum):
    """Something that may be done in a company, as `resource.verb`; also a scope of an API key."""

    COMPANY_READ = "company.read"
    COMPANY_WRITE = "company.write"
    COMPANY_CLOSE = "company.close"
    MEMBERS_READ = "members.read"
    MEMBERS_WRITE = "members.write"
    KEYS_READ = "keys.read"
    KEYS_WRITE = "keys.write"
    AGENTS_READ = "agents.read"
    AGENTS_WRITE = "agents.write"
    AGENTS_PUBLISH = "agents.publish"
    AGENTS_TALK = "agents.talk"
    NUMBERS_READ = "numbers.read"
    NUMBERS_WRITE = "numbers.write"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_WRITE = "knowledge.write"
    CALLS_READ = "calls.read"
    CALLS_EXPORT = "calls.export"
    CALLS_ERASE = "calls.erase"
    RECORDINGS_READ = "recordings.read"
    BOOKINGS_READ = "bookings.read"
    BOOKINGS_WRITE = "bookings.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"
    SHADOW_READ = "shadow.read"
    SHADOW_JUDGE = "shadow.judge"
    USAGE_READ = "usage.read"
    AUDIT_READ = "audit.read"

    @property
    def only_reads(self) -> bool:
        """Whether whoever has it changes nothing by it."""
        return self.endswith(".read")


_EVERYTHING: Final = frozenset(Permission)
_VIEWER: Final = frozenset(
    {
        Permission.COMPANY_READ,
        Permission.AGENTS_READ,
        Permission.NUMBERS_READ,
        Permission.KNOWLEDGE_READ,
        Permission.CALLS_READ,
        Permission.BOOKINGS_READ,
        Permission.SHADOW_READ,
    }
)
# Whoever judges the agent's answers hears what was said.
_REVIEWER: Final = _VIEWER | {Permission.RECORDINGS_READ, Permission.SHADOW_JUDGE}
_BUILDER: Final = _REVIEWER | {
    Permission.MEMBERS_READ,
    Permission.KEYS_READ,
    Permission.AGENTS_WRITE,
    Permission.AGENTS_PUBLISH,
    Permission.AGENTS_TALK,
    Permission.NUMBERS_WRITE,
    Permission.KNOWLEDGE_WRITE,
    Permission.BOOKINGS_WRITE,
    Permission.WEBHOOKS_READ,
    Permission.WEBHOOKS_WRITE,
    Permission.USAGE_READ,
}

ROLES: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        MemberRole.OWNER: _EVERYTHING,
        MemberRole.ADMIN: _EVERYTHING - {Permission.COMPANY_CLOSE},
        MemberRole.BUILDER: _BUILDER,
        MemberRole.REVIEWER: _REVIEWER,
        MemberRole.VIEWER: _VIEWER,
    }
)


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role allows; nothing for one that does not exist."""
    return ROLES.get(role, frozenset())


def roles_with(permission: Permission) -> tuple[str, ...]:
    """The roles that allow it, from all to looking on."""
    return tuple(str(role) for role, allowed in ROLES.items() if permission in allowed)


@dataclass(frozen=True, slots=True)
class Membership:
    """A tenant that a user may enter, and as what."""

    tenant_id: TenantId
    name: str
    role: str
    time_zone: str = "UTC"
    trial_ends_at: datetime | None = None

    @property
    def trial_days_left(self) -> int | None:
        """Whole days until the company's trial ends, 0 once it has; None on no trial."""
        if self.trial_ends_at is None:
            return None
        return max(0, math.ceil((self.trial_ends_at - clock.now()) / timedelta(days=1)))

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows."""
        return permissions_of(self.role)

    @property
    def may(self) -> dict[str, bool]:
        """The same for templates: `membership.may.agents_write`."""
        return {permission.replace(".", "_"): True for permission in self.permissions}
