"""What crosses this room's border: frozen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta

# Long enough for a holiday weekend, short enough for a mailbox that changes hands.
INVITATION_LASTS: Final = timedelta(days=7)
# Nobody invites more people at once than sit in an office; a list of leads is no team.
MAX_PENDING: Final = 100
# One person's mailbox is not filled by somebody who presses a button again and again.
RESEND_AFTER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of the company."""

    id: UUID
    user_id: UUID
    name: Annotated[str, Meta(description="empty until they give one")]
    email: str
    role: Annotated[str, Meta(description="owner, admin, builder, reviewer or viewer")]
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """Somebody who is asked to join the company."""

    id: UUID
    email: str
    role: Annotated[str, Meta(description="what they will be: admin, builder, reviewer or viewer")]
    state: Annotated[str, Meta(description="pending, expired, accepted or revoked")]
    invited_by: Annotated[str, Meta(description="the inviter's name, or what made it")]
    created_at: datetime
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the holder of an invitation's link is shown before they accept."""

    company: str
    email: str
    role: str
    invited_by: str
    expires_at: datetime
