"""Is this webhook really from the carrier? Checked by Twilio's own library over the address."""

import re
from collections.abc import Sequence

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from twilio.request_validator import RequestValidator

from telephony.carriers.twilio.account import account_of_number
from telephony.carriers.twilio.forms import dialled_number
from telephony.carriers.webhook import signed_url
from telephony.errors import BadSignature, BadWebhook

_FORM = "application/x-www-form-urlencoded"
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{27}=")  # base64 of HMAC-SHA1's 20 bytes
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")


def verified_form(request: HttpRequest) -> QueryDict:
    """The request's form, once it is proven to be Twilio's about a call of the account that the
    dialled number is of.

    Another account's good signature does not count. `BadSignature` or `BadWebhook` says what is
    wrong with it.
    """
    check_content_type(request.headers.get("Content-Type", ""))
    try:
        form = request.POST
    except (SuspiciousOperation, BadRequest) as error:
        raise BadSignature(f"body: {type(error).__name__}") from error
    account = account_of_number(dialled_number(form))
    check_signature(
        form,
        url=signed_url(request),
        signature=request.headers.get("X-Twilio-Signature", ""),
        auth_tokens=account.auth_tokens,
    )
    check_account(form, sid=account.sid)
    return form


def check_content_type(content_type: str) -> None:
    """Return only for a form.

    The carrier's library raises on JSON without bodySHA256, so nothing else is read.
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


def check_account(form: QueryDict, *, sid: str) -> None:
    """Return only for a form of our account, or of any where ours is not configured."""
    sids = form.getlist("AccountSid")
    if len(sids) != 1 or not _ACCOUNT_SID.fullmatch(sids[0]) or (sid and sids[0] != sid):
        raise BadWebhook("AccountSid: expected the account that this service answers for")
