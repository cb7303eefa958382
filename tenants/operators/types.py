"""What crosses this room's border: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.company.types import CompanyLine
from tenants.people.types import MemberLine
from tenants.trail.types import AuditLine


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A company as an operator looks into it: who is in it and what was done, no words of calls."""

    company: CompanyLine
    members: tuple[MemberLine, ...]
    trail: tuple[AuditLine, ...]


@dataclass(frozen=True, slots=True)
class SecurityLine:
    """Something that was refused before any company was known."""

    at: datetime
    action: str
    source: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SecurityCount:
    """How often something was refused, and when last."""

    action: str
    count: int
    last_at: datetime
