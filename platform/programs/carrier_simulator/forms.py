"""The form of a call that rings, as Twilio posts it
(https://www.twilio.com/docs/voice/twiml#request-parameters).
"""

from typing import Final, NamedTuple


class _Location(NamedTuple):
    country: str
    state: str
    city: str


# By the longest matching prefix; elsewhere Twilio sends the fields empty.
_LOCATIONS: Final = {
    "+1212": _Location("US", "NY", "NEW YORK"),
    "+1415": _Location("US", "CA", "SAN FRANCISCO"),
    "+1617": _Location("US", "MA", "BOSTON"),
    "+1": _Location("US", "", ""),
    "+4420": _Location("GB", "", "LONDON"),
    "+44": _Location("GB", "", ""),
}
_UNKNOWN_LOCATION: Final = _Location("", "", "")


def incoming_call(call_sid: str, *, account_sid: str, caller: str, dialled: str) -> dict[str, str]:
    """Every field of an inbound call's first request; the caller's number is fully attested."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call_sid,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
    }
    for names, number in ((("From", "Caller"), caller), (("To", "Called"), dialled)):
        location = _location(number)
        for name in names:
            form |= {
                name: number,
                f"{name}Country": location.country,
                f"{name}State": location.state,
                f"{name}City": location.city,
                f"{name}Zip": "",
            }
    return form


def _location(number: str) -> _Location:
    matching = [prefix for prefix in _LOCATIONS if number.startswith(prefix)]
    return _LOCATIONS[max(matching, key=len)] if matching else _UNKNOWN_LOCATION
