"""What readers of this vertical get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as pages show it; times are aware, in UTC."""

    id: UUID
    call_id: UUID
    reference: str
    service: str
    customer_name: str
    address: str
    starts_at: datetime
    ends_at: datetime
    state: str
