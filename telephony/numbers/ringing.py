"""A test call: the carrier rings a number from another one of its account, and the agent answers.

The carrier is asked to call, and then looked at again and again for a minute: by whoever placed it,
since nobody waits in a request. What is known of it is kept for minutes, and written nowhere else;
the call itself is one like every other. Asks the carrier, so no transaction may be open.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.core.cache import cache

from telephony.calls.queries import newest_between, was_agent_heard
from telephony.carriers import registry
from telephony.carriers.provisioning import Credentials, PlacedCall, Provisioning
from telephony.errors import CarrierAway, CarrierRefused, NoCarrierAccount
from telephony.models import Call, Number
from telephony.numbers.accounts import CARRIER, credentials_of
from telephony.numbers.types import TestCall
from tenants.actions import record_audit
from tenants.context import as_tenant, current_tenant_id
from tenants.errors import SealBroken
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotFound, Unavailable

# A carrier connects within some ten seconds, and the greeting is heard at once.
LOOKED_AT_FOR: Final = timedelta(seconds=60)
_KEPT_S: Final = 900
_AT_THE_CARRIER: Final = (
    "Change what the carrier refuses in its console, or dial the number from your own telephone."
)
_CHECK_FIRST: Final = "Check the number: each step between carrier and agent is tried there."


class _Placed(msgspec.Struct, frozen=True):
    """What is kept of a test call."""

    carrier_call_id: str
    shown: TestCall


def ring(number_id: UUID | str) -> TestCall:
    """Have the carrier call one of the bound tenant's numbers; `look` says how far that is.

    What the carrier refuses is told in the answer, with what to do. `Unavailable` while another
    test call of the company's goes on, `NotFound` without the number.
    """
    with as_tenant(current_tenant_id()):
        number = _number(number_id)
    going_on = _kept(number)
    if going_on is not None and going_on.shown.state == "ringing":
        raise Unavailable("a test call to this number goes on: look at it")
    if not cache.add(_busy_key(), 1, timeout=int(LOOKED_AT_FOR.total_seconds())):
        raise Unavailable("another number of this company is being called: wait for it")
    try:
        return _rung(number)
    except (CarrierAway, NoCarrierAccount, SealBroken) as error:
        return _over(number, _failed(number, str(error), remedy=_CHECK_FIRST))
    except CarrierRefused as error:
        return _over(number, _failed(number, str(error), remedy=_AT_THE_CARRIER))


def look(number_id: UUID | str) -> TestCall:
    """How far the number's last test call is; `NotFound` where there was none lately."""
    with as_tenant(current_tenant_id()):
        number = _number(number_id)
    kept = _kept(number)
    if kept is None:
        raise NotFound(f"no test call to {number.e164} was placed in the last minutes")
    if kept.shown.state != "ringing":
        return kept.shown
    shown = _looked_at(number, kept)
    if shown.state == "ringing":
        return shown
    with suppress(CarrierAway, CarrierRefused, NoCarrierAccount):  # it ends by itself soon
        provisioning, credentials = _spoken_for(number)
        provisioning.hang_up(credentials, call_id=kept.carrier_call_id)
    return _over(number, shown)


def _rung(number: Number) -> TestCall:
    provisioning, credentials = _spoken_for(number)
    if provisioning.is_simulated():
        return _over(
            number,
            _failed(
                number,
                "this machine's own carrier places no calls by itself",
                remedy=f"Ring it from a terminal: make call TO={number.e164}",
            ),
        )
    callers = [caller for caller in provisioning.callers(credentials) if caller != number.e164]
    if not callers:
        return _over(
            number,
            _failed(
                number,
                "the account has no other number to call from",
                remedy="Verify your own telephone at the carrier (Verified Caller IDs), or dial "
                f"{number.e164} from it yourself.",
            ),
        )
    shown = TestCall(
        number_id=number.pk,
        e164=number.e164,
        caller=callers[0],
        state="ringing",
        detail="the carrier is calling",
        remedy="",
        call_id=None,
        began_at=clock.now(),
    )
    placed = provisioning.place_call(credentials, e164=number.e164, caller=shown.caller)
    with as_tenant(current_tenant_id()):
        record_audit(action="number.ring", subject=str(number.pk), detail={"number": number.e164})
    _keep(number, _Placed(placed.call_id, shown))
    return shown


def _looked_at(number: Number, kept: _Placed) -> TestCall:
    """By our own call where it came in, else by what the carrier says."""
    shown = kept.shown
    with as_tenant(current_tenant_id()):
        call = newest_between(shown.caller, shown.e164, since=shown.began_at)
        if call is not None:
            return _by_our_call(call, shown)
    placed = _at_carrier(number, kept)
    if placed is not None and placed.is_over:
        return replace(
            shown,
            state="failed",
            detail=f"the carrier's call ended ({placed.status}), and nobody here was asked",
            remedy=_CHECK_FIRST,
        )
    if clock.now() - shown.began_at > LOOKED_AT_FOR:
        return replace(
            shown, state="failed", detail="the call never came in here", remedy=_CHECK_FIRST
        )
    return shown


def _by_our_call(call: Call, shown: TestCall) -> TestCall:
    shown = replace(shown, call_id=call.pk)
    if was_agent_heard(call.pk):
        return replace(shown, state="answered", detail="the agent answered")
    because = call.routing.get("handed_because")
    if because:
        return replace(
            shown,
            state="failed",
            detail=f"the call came in, and no agent took it: {because}",
            remedy="Attach an agent with a live version, and look at the number's hours.",
        )
    if call.audience == "screen":
        return replace(
            shown, state="answered", detail="shadow mode: a person is called, the agent listens"
        )
    if call.state == "ended" or clock.now() - shown.began_at > LOOKED_AT_FOR:
        return replace(
            shown,
            state="failed",
            detail="the call came in, and the agent was not heard: "
            f"it is {call.end_reason or call.state}",
            remedy="Check the number's audio; the call's page says what happened.",
        )
    return replace(shown, detail="the call came in; the agent is being connected")


def _at_carrier(number: Number, kept: _Placed) -> PlacedCall | None:
    try:
        provisioning, credentials = _spoken_for(number)
        return provisioning.placed_call(credentials, call_id=kept.carrier_call_id)
    except (CarrierAway, CarrierRefused, NoCarrierAccount, SealBroken):
        return None  # our own call tells in the end


def _spoken_for(number: Number) -> tuple[Provisioning, Credentials]:
    """The carrier, and the account that the number is in."""
    provisioning = registry.provisioning(number.account.carrier if number.account else CARRIER)
    if number.account is None:
        credentials = provisioning.platform_account()
        if credentials is None:
            raise NoCarrierAccount(
                f"the platform's operator keeps this number's account: dial {number.e164} yourself"
            )
        return provisioning, credentials
    with as_tenant(current_tenant_id()):
        return provisioning, credentials_of(number.account)


def _number(number_id: UUID | str) -> Number:
    number = Number.objects.select_related("account").filter(pk=number_id).first()
    if number is None:
        raise NotFound(f"no number {number_id}")
    if number.is_releasing:
        raise BadInput(f"number {number.e164} is being released")
    return number


def _failed(number: Number, why: str, *, remedy: str) -> TestCall:
    """A test call that was not placed."""
    return TestCall(
        number_id=number.pk,
        e164=number.e164,
        caller="",
        state="failed",
        detail=why,
        remedy=remedy,
        call_id=None,
        began_at=clock.now(),
    )


def _over(number: Number, shown: TestCall) -> TestCall:
    cache.delete(_busy_key())
    _keep(number, _Placed("", shown))
    return shown


def _keep(number: Number, placed: _Placed) -> None:
    cache.set(_key(number), msgspec.json.encode(placed).decode(), timeout=_KEPT_S)


def _kept(number: Number) -> _Placed | None:
    raw = cache.get(_key(number))
    return None if raw is None else msgspec.json.decode(raw, type=_Placed)


def _key(number: Number) -> str:
    return f"test-call:{current_tenant_id()}:{number.pk}"


def _busy_key() -> str:
    return f"test-calls:{current_tenant_id()}"
