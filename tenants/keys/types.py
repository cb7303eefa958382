"""What is told of an API key, and what is known of the one that a request came with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta

from tenants.permissions import Permission

KeyState = Literal["live", "stopped", "expired", "revoked"]
KEY_SCHEME: Final = "wl"
MAX_ORIGINS: Final = 20
# Every request looks one up, and somebody must be able to read the list.
MAX_LIVE_KEYS: Final = 200
MAX_OVERLAP_HOURS: Final = 7 * 24


@dataclass(frozen=True, slots=True)
class KeyDetail:
    """An API key, without its secret."""

    id: UUID
    name: Annotated[str, Meta(description="What it is for")]
    prefix: Annotated[str, Meta(description="How its secret begins after `wl_`")]
    state: Annotated[
        KeyState,
        Meta(description="`stopped`: who made it may do none of what it was made for any more"),
    ]
    scopes: Annotated[tuple[str, ...], Meta(description="What it was made for")]
    lost_scopes: Annotated[
        tuple[str, ...], Meta(description="Those that whoever made it no longer has")
    ]
    origins: Annotated[
        tuple[str, ...], Meta(description="Pages of these may use it from a browser")
    ]
    made_by: Annotated[str, Meta(description="Who saw its secret; empty for an operator")]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: Annotated[datetime | None, Meta(description="To the minute")]
    revoked_at: datetime | None
    replaces: Annotated[UUID | None, Meta(description="The key that it took the place of")]


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made: `secret` is the whole credential, shown this once."""

    id: str
    prefix: str
    secret: str


@dataclass(frozen=True, slots=True)
class KeyWithSecret:
    """A key just made, and its secret."""

    key: KeyDetail
    secret: Annotated[str, Meta(description="The whole credential, shown this once")]


@dataclass(frozen=True, slots=True)
class LiveKey:
    """The key that a request came with: what it may do now, and by which limits."""

    id: UUID
    prefix: str
    permissions: frozenset[Permission]
    origins: tuple[str, ...]
    plan: str
    last_used_at: datetime | None
