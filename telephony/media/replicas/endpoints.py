"""Where a replica, or a hosted provider, is reached, and how it is named in events."""

from dataclasses import dataclass

from inference.types import PURPOSES
from warmline.kernel.call import Purpose
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A replica, or a fixed endpoint: `base_url` is without `/v1`.

    `purpose` is that of its rung.
    """

    base_url: str
    replica: str
    region: RegionCode
    model: str
    fixed: bool = False
    purpose: Purpose = "calls"


def named(endpoint: Endpoint, role: Role) -> str:
    """A replica's name in an event, with its rung's purpose where that is not the usual one."""
    kind = "" if endpoint.purpose == "calls" else f" ({PURPOSES[endpoint.purpose]})"
    return f"{endpoint.region}/{role} {endpoint.replica}{kind}"


def without_version(base_url: str) -> str:
    """A base URL with neither `/v1` nor a slash at its end: both spellings are in use."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")
