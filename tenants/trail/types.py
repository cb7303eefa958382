"""What crosses this room's border: frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Something that was done."""

    id: UUID
    at: datetime
    actor: Annotated[str, Meta(description="user:, key: or operator: and its id; system, command")]
    actor_name: Annotated[str, Meta(description="what people call the actor")]
    action: Annotated[str, Meta(description="as thing.verb, such as member.change")]
    subject: Annotated[str, Meta(description="the id of what it was done to")]
    detail: Annotated[dict[str, Any], Meta(description="what changed; never words of a call")]
