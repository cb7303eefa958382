"""Whether a company still has a number that another one has shown to be its own."""

import structlog

from telephony.carriers import registry
from telephony.errors import CarrierAway, CarrierRefused
from telephony.models import Number
from telephony.numbers import actions
from telephony.numbers.accounts import credentials_of
from tenants.actions import record_audit
from tenants.context import as_tenant, current_tenant_id

log = structlog.get_logger()


def recheck(e164: str) -> None:
    """Take a number away from the bound tenant whose account has it no more.

    Asked when another company has shown that it is in its own account, and a number is in one: so
    credentials that open nothing any more show nothing for it either. What an operator vouched for
    stays, and so does everything while the carrier is away.
    """
    with as_tenant(current_tenant_id()):
        number = Number.objects.select_related("account").filter(e164=e164).first()
        if number is None or number.account is None or number.account.state != "open":
            return
        account, credentials = number.account, credentials_of(number.account)
    try:
        found = registry.provisioning(account.carrier).held_number(credentials, e164=e164)
    except CarrierAway as error:
        log.warning("ownership not looked at", number=str(number.pk), why=str(error))
        return
    except CarrierRefused:
        found = None
    if found is not None:
        return
    with as_tenant(current_tenant_id()):
        if Number.objects.filter(pk=number.pk).exists():
            record_audit(action="number.lost", subject=str(number.pk), detail={"number": e164})
            actions.forget_number(number.pk)
