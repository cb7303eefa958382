"""Calls that Twilio is asked to place, and the telephones that it knows as an account's own.

`api` is the server's `TwilioApi`, which this is a part of.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from programs.carrier_simulator.provisioning.operations import page
from programs.carrier_simulator.provisioning.resources import AccountKept, Refused

if TYPE_CHECKING:
    from programs.carrier_simulator.provisioning.routing import ApiRequest

NOW: Final = "Sat, 28 Nov 2026 12:00:00 +0000"


@dataclass
class PlacedCallKept:
    """A call that was asked for; a test says how far it is."""

    sid: str
    account: str
    caller: str
    dialled: str
    status: str = "queued"

    def resource(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "from": self.caller,
            "to": self.dialled,
            "status": self.status,
            "direction": "outbound-api",
            "api_version": "2010-04-01",
            "date_created": NOW,
            "date_updated": NOW,
            "uri": f"/2010-04-01/Accounts/{self.account}/Calls/{self.sid}.json",
            "subresource_uris": {},
        }


def _create(api: Any, request: "ApiRequest", account: AccountKept) -> Any:
    caller, dialled = request.form["From"], request.form["To"]
    if not {"Twiml", "Url", "ApplicationSid"} & request.form.keys():
        raise Refused(400, 21205, "Url parameter is required.")
    held = {number.e164 for number in api.numbers.values() if number.account == account.sid}
    if caller not in held | set(api.verified.get(account.sid, ())):
        raise Refused(400, 21210, f"The source phone number provided, {caller}, is not verified")
    if account.kind == "Trial" and dialled in api.refuses_on_trial:
        raise Refused(
            400,
            21219,
            f"The number {dialled} is unverified. Trial accounts may only make calls to verified "
            "numbers.",
        )
    placed = PlacedCallKept(api.new_sid("CA"), account.sid, caller, dialled)
    api.placed[placed.sid] = placed
    return 201, placed.resource()


def _fetch(api: Any, request: "ApiRequest", account: AccountKept) -> Any:
    return 200, _kept(api, request, account).resource()


def _update(api: Any, request: "ApiRequest", account: AccountKept) -> Any:
    placed = _kept(api, request, account)
    placed.status = request.form.get("Status", placed.status)
    return 200, placed.resource()


def _caller_ids(api: Any, _: "ApiRequest", account: AccountKept) -> Any:
    rows = [
        {"sid": f"PN{n:032x}", "account_sid": account.sid, "phone_number": e164}
        for n, e164 in enumerate(api.verified.get(account.sid, ()))
    ]
    return 200, page("outgoing_caller_ids", rows, "/2010-04-01/OutgoingCallerIds.json")


def _kept(api: Any, request: "ApiRequest", account: AccountKept) -> PlacedCallKept:
    placed: PlacedCallKept | None = api.placed.get(request.ids["Sid"])
    if placed is None or placed.account != account.sid:
        raise Refused(404, 20404, f"The requested resource {request.ids['Sid']} was not found")
    return placed


CALLS: Final = {
    "api.CreateCall": _create,
    "api.FetchCall": _fetch,
    "api.UpdateCall": _update,
    "api.ListOutgoingCallerId": _caller_ids,
}
