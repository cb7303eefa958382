"""Accounts and numbers as the carrier keeps them and as its API gives them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

# What is set on a number: the form's field, and the resource's.
WEBHOOKS: Final = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}


class Refused(Exception):
    """Twilio's refusal: an HTTP status, Twilio's own code, a sentence.

    Codes: https://www.twilio.com/docs/api/errors
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def body(self) -> dict[str, Any]:
        """As Twilio writes it."""
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass
class AccountKept:
    """An account: its token in each region, its API keys, whose sub-account it is."""

    sid: str
    name: str
    owner: str
    kind: str
    tokens: dict[str, str] = field(repr=False)
    keys: dict[str, str] = field(repr=False)
    status: str = "active"

    def resource(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "sid": self.sid,
            "friendly_name": self.name,
            "status": self.status,
            "type": self.kind,
            "auth_token": self.tokens.get("us1"),
            "owner_account_sid": self.owner,
            "date_created": _now(),
            "date_updated": _now(),
            "uri": f"/2010-04-01/Accounts/{self.sid}.json",
            "subresource_uris": {},
        }


@dataclass
class NumberKept:
    """A number that an account has, with what it is set to."""

    sid: str
    e164: str
    account: str
    name: str
    voice: bool = True
    region: str = "us1"
    webhooks: dict[str, str] = field(default_factory=dict)
    trunk: str | None = None

    def resource(self) -> dict[str, Any]:
        """As the API gives it."""
        settings: dict[str, Any] = dict.fromkeys(WEBHOOKS.values())
        settings |= {"voice_method": "POST", "voice_fallback_method": "POST"}
        settings |= {"status_callback_method": "POST"}
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "phone_number": self.e164,
            "friendly_name": self.name,
            "capabilities": {"voice": self.voice, "sms": True, "mms": False, "fax": False},
            "address_requirements": "none",
            "api_version": "2010-04-01",
            "beta": False,
            "date_created": _now(),
            "date_updated": _now(),
            "origin": "twilio",
            "status": "in-use",
            "trunk_sid": self.trunk,
            "voice_application_sid": None,
            "uri": f"/2010-04-01/Accounts/{self.account}/IncomingPhoneNumbers/{self.sid}.json",
            **settings,
            **self.webhooks,
        }


def _now() -> str:
    return format_datetime(datetime.now(UTC))
