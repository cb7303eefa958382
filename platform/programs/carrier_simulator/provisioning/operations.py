"""What the carrier does for each operation of its API, with the codes that Twilio refuses by.

Codes: https://www.twilio.com/docs/api/errors
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import phonenumbers

from programs.carrier_simulator.provisioning.accounts import CarrierAccounts
from programs.carrier_simulator.provisioning.resources import (
    WEBHOOKS,
    AccountKept,
    NumberKept,
    Refused,
)
from programs.carrier_simulator.provisioning.routing import ApiRequest

_KINDS: Final = {
    "api.ListAvailablePhoneNumberLocal": "local",
    "api.ListAvailablePhoneNumberMobile": "mobile",
    "api.ListAvailablePhoneNumberTollFree": "toll_free",
}


def _fetch_account(_: CarrierAccounts, __: ApiRequest, account: AccountKept) -> Any:
    return 200, account.resource()


def _list_accounts(api: CarrierAccounts, request: ApiRequest, owner: AccountKept) -> Any:
    wanted = request.query.get("FriendlyName")
    kept = [
        account.resource()
        for account in api.accounts.values()
        if account.owner == owner.sid and wanted in (None, account.name)
    ]
    return 200, page("accounts", kept, "/2010-04-01/Accounts.json")


def _create_account(api: CarrierAccounts, request: ApiRequest, owner: AccountKept) -> Any:
    sid = api.new_sid("AC")
    name = request.form.get("FriendlyName", "SubAccount")
    account = api.add_account(
        sid, token=api.new_token(), name=name, owner=owner.sid, regions=tuple(owner.tokens)
    )
    return 201, account.resource()


def _update_account(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
    account.status = request.form.get("Status", account.status)
    if account.status == "closed":
        for sid in [sid for sid, kept in api.numbers.items() if kept.account == account.sid]:
            del api.numbers[sid]
    return 200, account.resource()


def _search(api: CarrierAccounts, request: ApiRequest, _: AccountKept) -> Any:
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


def _available(api: CarrierAccounts, e164: str, country: str) -> dict[str, Any]:
    place = next((place for prefix, place in api.places.items() if e164.startswith(prefix)), "")
    locality, _, region = place.partition(", ")
    return {
        "phone_number": e164,
        "friendly_name": phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.NATIONAL
        ),
        "iso_country": country,
        "locality": locality or None,
        "region": region or None,
        "address_requirements": "any" if e164 in api.needs_address else "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": False},
    }


def _list_numbers(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
    wanted = request.query.get("PhoneNumber", "")
    kept = [
        number.resource()
        for number in api.numbers.values()
        if number.account == account.sid and wanted in number.e164
    ]
    return 200, page("incoming_phone_numbers", kept, "/2010-04-01/IncomingPhoneNumbers.json")


def _create_number(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
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


def _fetch_number(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
    return 200, _kept(api, request, account).resource()


def _update_number(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
    number = _kept(api, request, account)
    number.webhooks |= _webhooks(request.form)
    return 200, number.resource()


def _delete_number(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
    del api.numbers[_kept(api, request, account).sid]
    return 204, None


def _prices(api: CarrierAccounts, request: ApiRequest, __: AccountKept) -> Any:
    country = request.ids["IsoCountry"]
    return 200, {
        "country": country,
        "iso_country": country,
        "price_unit": "USD",
        "phone_number_prices": [
            {"number_type": kind, "base_price": price, "current_price": price}
            for kind, price in api.prices.items()
        ],
        "url": f"https://pricing.twilio.com/v1/PhoneNumbers/Countries/{country}",
    }


def _route(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> Any:
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
        "date_created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "date_updated": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "url": f"https://routes.twilio.com/v2/PhoneNumbers/{number.e164}",
    }


def _kept(api: CarrierAccounts, request: ApiRequest, account: AccountKept) -> NumberKept:
    number = api.numbers.get(request.ids["Sid"])
    if number is None or number.account != account.sid:
        raise Refused(404, 20404, f"The requested resource {request.ids['Sid']} was not found")
    return number


def _webhooks(form: Mapping[str, str]) -> dict[str, str]:
    return {WEBHOOKS[name]: value for name, value in form.items() if name in WEBHOOKS}


def page(name: str, rows: list[Any], uri: str) -> dict[str, Any]:
    """One page of a list, and the last."""
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


Answer = Callable[[CarrierAccounts, ApiRequest, AccountKept], Any]
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
