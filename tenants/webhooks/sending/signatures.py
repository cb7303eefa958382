"""What goes out on the wire, by the Standard Webhooks specification (standardwebhooks.com)."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from standardwebhooks import Webhook

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  a secret's prefix, by the specification
_SECRET_BYTES: Final = 32  # the specification asks for 24 to 64
API_VERSION: Final = "v1"
USER_AGENT: Final = "Warmline-Webhooks/1"


def new_secret() -> str:
    """A signing secret as receivers' libraries take it: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def payload(
    event_type: str, *, occurred_at: datetime, sequence: int, data: Mapping[str, Any]
) -> bytes:
    """The body of a delivery: the same bytes on every attempt."""
    return msgspec.json.encode(
        {
            "type": event_type,
            "timestamp": occurred_at,
            "api_version": API_VERSION,
            "sequence": sequence,
            "data": data,
        }
    )


def headers(
    body: bytes, *, message_id: str, at: datetime, signing_secrets: Sequence[str]
) -> Mapping[str, str]:
    """The headers of one attempt, signed with each of the secrets: two while one is rotated."""
    signatures = [Webhook(secret).sign(message_id, at, body.decode()) for secret in signing_secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
