"""Which operation of Twilio's API a request is: by product, method and path.

Source: Twilio's OpenAPI descriptions, https://github.com/twilio/twilio-oai
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ACCOUNTS: Final = "/2010-04-01/Accounts"
_OFFERED: Final = _ACCOUNTS + r"/{AccountSid}/AvailablePhoneNumbers/{CountryCode}"
_NUMBERS: Final = _ACCOUNTS + "/{AccountSid}/IncomingPhoneNumbers"
_PATHS: Final = {
    "api.FetchAccount": ("GET", f"{_ACCOUNTS}/{{Sid}}.json"),
    "api.ListAccount": ("GET", f"{_ACCOUNTS}.json"),
    "api.CreateAccount": ("POST", f"{_ACCOUNTS}.json"),
    "api.UpdateAccount": ("POST", f"{_ACCOUNTS}/{{Sid}}.json"),
    "api.ListAvailablePhoneNumberLocal": ("GET", f"{_OFFERED}/Local.json"),
    "api.ListAvailablePhoneNumberMobile": ("GET", f"{_OFFERED}/Mobile.json"),
    "api.ListAvailablePhoneNumberTollFree": ("GET", f"{_OFFERED}/TollFree.json"),
    "api.ListIncomingPhoneNumber": ("GET", f"{_NUMBERS}.json"),
    "api.CreateIncomingPhoneNumber": ("POST", f"{_NUMBERS}.json"),
    "api.FetchIncomingPhoneNumber": ("GET", f"{_NUMBERS}/{{Sid}}.json"),
    "api.UpdateIncomingPhoneNumber": ("POST", f"{_NUMBERS}/{{Sid}}.json"),
    "api.DeleteIncomingPhoneNumber": ("DELETE", f"{_NUMBERS}/{{Sid}}.json"),
    "api.ListOutgoingCallerId": ("GET", f"{_ACCOUNTS}/{{AccountSid}}/OutgoingCallerIds.json"),
    "api.CreateCall": ("POST", f"{_ACCOUNTS}/{{AccountSid}}/Calls.json"),
    "api.FetchCall": ("GET", f"{_ACCOUNTS}/{{AccountSid}}/Calls/{{Sid}}.json"),
    "api.UpdateCall": ("POST", f"{_ACCOUNTS}/{{AccountSid}}/Calls/{{Sid}}.json"),
    "pricing.FetchPhoneNumberCountry": ("GET", "/v1/PhoneNumbers/Countries/{IsoCountry}"),
    "routes.FetchPhoneNumber": ("GET", "/v2/PhoneNumbers/{PhoneNumber}"),
    "routes.UpdatePhoneNumber": ("POST", "/v2/PhoneNumbers/{PhoneNumber}"),
}
_PATTERNS: Final = {
    name: (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", path)))
    for name, (method, path) in _PATHS.items()
}
# The host of each product in each region: https://www.twilio.com/docs/global-infrastructure
_PLACES: Final = {"": "us1", ".dublin.ie1": "ie1", ".sydney.au1": "au1"}
HOSTS: Final = {
    f"{product}{place}.twilio.com": (product, region)
    for product in ("api", "pricing", "routes")
    for place, region in _PLACES.items()
}
REGIONS: Final = tuple(_PLACES.values())


@dataclass(frozen=True)
class ApiRequest:
    """A request that is an operation: its name, the parts of its path, its query, its form."""

    operation: str
    ids: dict[str, str]
    query: dict[str, str]
    form: dict[str, str]


def operation_of(
    product: str, method: str, path: str, *, query: Mapping[str, str], form: Mapping[str, str]
) -> ApiRequest | None:
    """The request by its operation; None where there is none like it."""
    for name, (expected, pattern) in _PATTERNS.items():
        match = pattern.fullmatch(path)
        if match and expected == method and name.startswith(f"{product}."):
            return ApiRequest(name, match.groupdict(), dict(query), dict(form))
    return None
