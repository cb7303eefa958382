"""Is this webhook really from the carrier?
Checked by Twilio's own library over the configured public address.
"""

import re
from collections.abc import Sequence

from django.http import QueryDict
from twilio.request_validator import RequestValidator

from telephony.errors import BadSignature

_FORM = "application/x-www-form-urlencoded"
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{27}=")  # base64 of HMAC-SHA1's 20 bytes


def check_content_type(content_type: str) -> None:
    """Return only for a form; the carrier's library raises on JSON without bodySHA256,
    so nothing else is read.
    """
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise BadSignature(f"content type {content_type[:60]!r}: expected {_FORM}")


def check_signature(
    form: QueryDict, *, url: str, signature: str, auth_tokens: Sequence[str]
) -> None:
    """Return only if one of the auth tokens signed exactly this address and form, else raise
    `BadSignature`.

    `url` is the public address as configured plus the path and query as received: never from Host
    or forwarding headers. Several tokens hold while they are rotated. Source:
    https://www.twilio.com/docs/usage/security#validating-requests
    """
    if not auth_tokens:
        raise BadSignature(
            "no auth token is configured (TWILIO_AUTH_TOKENS), so no webhook can be trusted"
        )
    if not _SIGNATURE.fullmatch(signature):
        raise BadSignature("X-Twilio-Signature: expected 28 characters of base64")
    signed = [RequestValidator(token).validate(url, form, signature) for token in auth_tokens]
    if not any(signed):
        raise BadSignature("X-Twilio-Signature does not match this address and body")
