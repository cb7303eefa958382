"""What a company that is over leaves at its carriers: given back before its rows are erased.

A sub-account that the platform made is closed, and its numbers go with it. An account of the
company's own stays its own: only its numbers no longer ask here. Asks carriers, so no transaction
may be open.
"""

import structlog

from telephony.carriers import registry
from telephony.errors import CarrierRefused
from telephony.models import CarrierAccount, Number
from telephony.numbers import accounts
from tenants.context import as_tenant, bound, current_tenant_id
from tenants.errors import SealBroken
from warmline.kernel.ids import TenantId

log = structlog.get_logger()


def give_back(tenant_id: TenantId) -> int:
    """Close the tenant's sub-accounts and take its own numbers' calls away; how many of both.

    `CarrierAway` and `CarrierRefused` when a sub-account cannot be closed: it costs the platform
    until it is. What a company's own account refuses is its own affair: its credentials may have
    been withdrawn long ago.
    """
    with bound(tenant_id):
        return sum(map(_let_go, _own_numbers(tenant_id))) + sum(map(_closed, _living(tenant_id)))


def left(tenant_id: TenantId) -> int:
    """How many sub-accounts of the tenant's are not closed."""
    return len(_living(tenant_id))


def _living(tenant_id: TenantId) -> list[CarrierAccount]:
    with as_tenant(tenant_id):
        made = CarrierAccount.objects.filter(kind="subaccount").exclude(state="closed")
        return list(made.order_by("id"))


def _own_numbers(tenant_id: TenantId) -> list[Number]:
    with as_tenant(tenant_id):
        held = Number.objects.filter(account__kind="own", account__state="open")
        return list(held.select_related("account").order_by("id"))


def _closed(account: CarrierAccount) -> bool:
    accounts.close_subaccount(account)
    log.info("sub-account closed", account=account.account_id)
    return True


def _let_go(number: Number) -> bool:
    """Once: a number without an account is not asked about again."""
    account = number.account
    assert account is not None  # as it was looked for
    try:
        with as_tenant(current_tenant_id()):
            credentials = accounts.credentials_of(account)
        provisioning = registry.provisioning(account.carrier)
        provisioning.clear_webhooks(credentials, number_id=number.carrier_number_id)
    except (CarrierRefused, SealBroken) as error:
        log.warning("number's webhooks stay", number=str(number.pk), why=str(error))
    with as_tenant(current_tenant_id()):
        Number.objects.filter(pk=number.pk).update(account=None)
    return True
