"""What crosses this room's border: frozen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta

# A replica that restarts or a lock that is held is over by the fifth time; a poison task never is.
MOST_ATTEMPTS: Final = 5
KEPT_PARKED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ParkedTask:
    """A job that was given up until somebody decides."""

    id: UUID
    task: Annotated[str, Meta(description="the job's name")]
    company: Annotated[UUID | None, Meta(description="whose it is; null: nobody's")]
    attempts: int
    why: str
    first_at: datetime
    parked_at: datetime
