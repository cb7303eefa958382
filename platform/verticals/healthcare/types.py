"""What readers of this vertical get: frozen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment as pages show it; times are aware, in UTC."""

    id: UUID
    call_id: UUID
    reference: str
    reason: str
    patient_name: str
    starts_at: datetime
    ends_at: datetime
    state: str
