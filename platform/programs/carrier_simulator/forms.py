"""The form of a call that rings, as Twilio posts it
(https://www.twilio.com/docs/voice/twiml#request-parameters).
"""

from typing import Final, NamedTuple


class _Place(NamedTuple):
    country: str
    state: str
    city: str


# By the longest matching prefix; elsewhere Twilio sends the fields empty.
_PLACES: Final = {
    "+1212": _Place("US", "NY", "NEW YORK"),
    "+1415": _Place("US", "CA", "SAN FRANCISCO"),
    "+1617": _Place("US", "MA", "BOSTON"),
    "+1": _Place("US", "", ""),
    "+4420": _Place("GB", "", "LONDON"),
    "+44": _Place("GB", "", ""),
}
_NOWHERE: Final = _Place("", "", "")


def incoming_call(call_sid: str, *, account_sid: str, caller: str, dialled: str) -> dict[str, str]:
    """Every field of an inbound call's first request;
    the caller's number is as well attested as can be.
    """
    form = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call_sid,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
    }
    for names, number in ((("From", "Caller"), caller), (("To", "Called"), dialled)):
        place = _place(number)
        for name in names:
            form |= {
                name: number,
                f"{name}Country": place.country,
                f"{name}State": place.state,
                f"{name}City": place.city,
                f"{name}Zip": "",
            }
    return form


def _place(number: str) -> _Place:
    matching = [prefix for prefix in _PLACES if number.startswith(prefix)]
    return _PLACES[max(matching, key=len)] if matching else _NOWHERE
