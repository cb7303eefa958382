"""Calls that a person has, whose end the carrier alone knows: it is asked where it said nothing."""

from datetime import timedelta
from typing import Final

import structlog

from telephony.calls import actions, call_state
from telephony.calls.actions import OpenCall
from telephony.carriers import registry
from telephony.carriers.provisioning import Credentials
from telephony.control import status_reports
from telephony.errors import CarrierAway, CarrierRefused, NoCarrierAccount
from telephony.models import Number
from telephony.numbers.accounts import credentials_of
from tenants.context import as_tenant, current_tenant_id
from warmline.kernel import clock

log = structlog.get_logger()

# A "completed" that was lost is noticed within two minutes: a minute until it is asked for, and
# two ticks of 15 s in which as many calls are asked about as a company's people can have.
ASK_EVERY: Final = timedelta(seconds=60)
ASKED_AT_ONCE: Final = 50
ASKED_FOR: Final = timedelta(seconds=20)


def ask_carriers() -> None:
    """Ask about the bound tenant's calls that a person has, and end those that are over.

    Each call once a minute, whatever the answer. A late report of the carrier's changes nothing
    more. No transaction may be open.
    """
    now = clock.now()
    with as_tenant(current_tenant_id()):
        calls = actions.claim_to_ask(asked_before=now - ASK_EVERY, at=now, limit=ASKED_AT_ONCE)
        accounts = {call.to_number: _credentials(call) for call in calls}
    for call in calls:
        credentials = accounts[call.to_number]
        if credentials is None:
            continue
        if clock.now() > now + ASKED_FOR:
            log.warning("carrier slow to say how calls are", asked=len(calls))
            return
        _ask(call, credentials)


def _ask(call: OpenCall, credentials: Credentials) -> None:
    provisioning = registry.provisioning(call.carrier)
    try:
        found = provisioning.placed_call(credentials, call_id=call.carrier_call_id)
    except (CarrierAway, CarrierRefused) as error:
        log.warning("carrier does not say how a call is", call=str(call.id), why=str(error))
        return
    if not found.is_over:
        return
    log.warning("end of a call was not reported", call=str(call.id), status=found.status)
    with as_tenant(current_tenant_id()):
        change = actions.learn(call.id, call_state.carrier_says(found.status, at=clock.now()))
        status_reports.follow_on_commit(current_tenant_id(), change)


def _credentials(call: OpenCall) -> Credentials | None:
    """How the carrier is asked about a call; None where it cannot be."""
    if call.carrier not in registry.provisioners():
        return None
    number = Number.objects.select_related("account").filter(e164=call.to_number).first()
    if number is None or number.account is None:
        return registry.provisioning(call.carrier).platform_account()
    try:
        return credentials_of(number.account)
    except NoCarrierAccount:
        return None
