"""What the small Twilio does for each operation, with the codes that Twilio refuses by.

Codes: https://www.twilio.com/docs/api/errors
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import phonenumbers

if TYPE_CHECKING:
    from tests.fakes.twilio_api.published import PublishedRequest
    from tests.fakes.twilio_api.server import TwilioApi

NOW: Final = "Sat, 28 Nov 2026 12:00:00 +0000"
_KINDS: Final = {
    "api.ListAvailablePhoneNumberLocal": "local",
    "api.ListAvailablePhoneNumberMobile": "mobile",
    "api.ListAvailablePhoneNumberTollFree": "toll_free",
}
_WEBHOOKS: Final = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}


class Refused(Exception):
    """Twilio's refusal: an HTTP status, Twilio's own code, a sentence."""

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
class TwilioAccountKept:
    """An account: its token in each region, its API keys, whose sub-account it is."""

    sid: str
    name: str
    owner: str
    kind: str
    tokens: dict[str, str]
    keys: dict[str, str]
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
            "date_created": NOW,
            "date_updated": NOW,
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
        settings: dict[str, Any] = dict.fromkeys(_WEBHOOKS.values())
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
            "date_created": NOW,
            "date_updated": NOW,
            "origin": "twilio",
            "status": "in-use",
            "trunk_sid": self.trunk,
            "voice_application_sid": None,
            "uri": f"/2010-04-01/Accounts/{self.account}/IncomingPhoneNumbers/{self.sid}.json",
            **settings,
            **self.webhooks,
        }


def _fetch_account(_: "TwilioApi", __: "PublishedRequest", account: TwilioAccountKept) -> Any:
    return 200, account.resource()


def _list_accounts(api: "TwilioApi", request: "PublishedRequest", owner: TwilioAccountKept) -> Any:
    wanted = request.query.get("FriendlyName")
    kept = [
        account.resource()
        for account in api.accounts.values()
        if account.owner == owner.sid and wanted in (None, account.name)
    ]
    return 200, page("accounts", kept, "/2010-04-01/Accounts.json")


def _create_account(api: "TwilioApi", request: "PublishedRequest", owner: TwilioAccountKept) -> Any:
    sid = api.new_sid("AC")
    name = request.form.get("FriendlyName", "SubAccount")
    account = api.add_account(sid, token=f"token-{sid[-6:]}", name=name, owner=owner.sid)
    return 201, account.resource()


def _update_account(
    api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept
) -> Any:
    account.status = request.form.get("Status", account.status)
    if account.status == "closed":
        for sid in [sid for sid, kept in api.numbers.items() if kept.account == account.sid]:
            del api.numbers[sid]
    return 200, account.resource()


def _search(api: "TwilioApi", request: "PublishedRequest", _: TwilioAccountKept) -> Any:
    country, kind = request.ids["CountryCode"], _KINDS[request.operation]
    if (country, kind) not in api.offered:
        raise Refused(404, 20404, f"The requested resource /{country}/{kind} was not found")
    wanted = request.query.get("Contains", "").strip("*")
    area = request.query.get("AreaCode", "")
    taken = {kept.e164 for kept in api.numbers.values()}
    found = [
        _available(api, e164, country)
        for e164 in api.offered[country, kind]
        if wanted in e164 and e164[2:].startswith(area) and e164 not in taken
    ]
    limit = int(request.query.get("PageSize", "50"))
    return 200, page("available_phone_numbers", found[:limit], "/2010-04-01/Available.json")


def _available(api: "TwilioApi", e164: str, country: str) -> dict[str, Any]:
    return {
        "phone_number": e164,
        "friendly_name": phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.NATIONAL
        ),
        "iso_country": country,
        "locality": "New York" if country == "US" else None,
        "region": "NY" if country == "US" else None,
        "address_requirements": "any" if e164 in api.needs_address else "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": False},
    }


def _list_numbers(api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept) -> Any:
    wanted = request.query.get("PhoneNumber", "")
    kept = [
        number.resource()
        for number in api.numbers.values()
        if number.account == account.sid and wanted in number.e164
    ]
    return 200, page("incoming_phone_numbers", kept, "/2010-04-01/IncomingPhoneNumbers.json")


def _create_number(
    api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept
) -> Any:
    e164 = request.form.get("PhoneNumber", "")
    if not phonenumbers.is_possible_number(phonenumbers.parse(e164 or "+1")):
        raise Refused(400, 21421, f"PhoneNumber {e164} is invalid")
    if api.number(e164) or not any(e164 in offered for offered in api.offered.values()):
        raise Refused(400, 21422, f"{e164} is not available")
    if e164 in api.needs_address and "AddressSid" not in request.form:
        raise Refused(400, 21631, "Phone Number Requires an Address but the 'AddressSid' is empty")
    if account.kind == "Trial" and any(n.account == account.sid for n in api.numbers.values()):
        raise Refused(400, 21404, "Trial accounts are limited to one Twilio number")
    number = api.add_number(e164, account=account.sid, name=request.form.get("FriendlyName", e164))
    number.webhooks |= _webhooks(request.form)
    return 201, number.resource()


def _fetch_number(api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept) -> Any:
    return 200, _kept(api, request, account).resource()


def _update_number(
    api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept
) -> Any:
    number = _kept(api, request, account)
    number.webhooks |= _webhooks(request.form)
    return 200, number.resource()


def _delete_number(
    api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept
) -> Any:
    del api.numbers[_kept(api, request, account).sid]
    return 204, None


def _prices(_: "TwilioApi", request: "PublishedRequest", __: TwilioAccountKept) -> Any:
    country = request.ids["IsoCountry"]
    return 200, {
        "country": country,
        "iso_country": country,
        "price_unit": "USD",
        "phone_number_prices": [
            {"number_type": "local", "base_price": 1.15, "current_price": 1.15},
            {"number_type": "toll free", "base_price": 2.15, "current_price": 2.15},
        ],
        "url": f"https://pricing.twilio.com/v1/PhoneNumbers/Countries/{country}",
    }


def _route(api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept) -> Any:
    number = api.number(request.ids["PhoneNumber"])
    if number is None or number.account != account.sid:
        raise Refused(404, 20404, "The requested resource was not found")
    number.region = request.form.get("VoiceRegion", number.region)
    return 200, {
        "phone_number": number.e164,
        "sid": "QQ" + number.sid[2:],
        "account_sid": account.sid,
        "friendly_name": number.name,
        "voice_region": number.region,
        "date_created": "2026-11-28T12:00:00Z",
        "date_updated": "2026-11-28T12:00:00Z",
        "url": f"https://routes.twilio.com/v2/PhoneNumbers/{number.e164}",
    }


def _kept(api: "TwilioApi", request: "PublishedRequest", account: TwilioAccountKept) -> NumberKept:
    number = api.numbers.get(request.ids["Sid"])
    if number is None or number.account != account.sid:
        raise Refused(404, 20404, f"The requested resource {request.ids['Sid']} was not found")
    return number


def _webhooks(form: Mapping[str, str]) -> dict[str, str]:
    return {_WEBHOOKS[name]: value for name, value in form.items() if name in _WEBHOOKS}


def page(name: str, rows: list[Any], uri: str) -> dict[str, Any]:
    return {
        name: rows,
        "page": 0,
        "page_size": max(len(rows), 1),
        "start": 0,
        "end": max(len(rows) - 1, 0),
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


Answer = Callable[["TwilioApi", "PublishedRequest", TwilioAccountKept], Any]
ANSWERS: Final[Mapping[str, Answer]] = {
    "api.FetchAccount": _fetch_account,
    "api.ListAccount": _list_accounts,
    "api.CreateAccount": _create_account,
    "api.UpdateAccount": _update_account,
    **dict.fromkeys(_KINDS, _search),
    "api.ListIncomingPhoneNumber": _list_numbers,
    "api.CreateIncomingPhoneNumber": _create_number,
    "api.FetchIncomingPhoneNumber": _fetch_number,
    "api.UpdateIncomingPhoneNumber": _update_number,
    "api.DeleteIncomingPhoneNumber": _delete_number,
    "pricing.FetchPhoneNumberCountry": _prices,
    "routes.FetchPhoneNumber": _route,
    "routes.UpdatePhoneNumber": _route,
}
