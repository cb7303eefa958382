"""The writes of carrier accounts: a company's own one, or a sub-account below the platform's.

The bound tenant's. What asks the carrier holds no transaction: it writes what it is about to do,
asks, and writes what came of it; `settle` finishes what was left in between.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from telephony.carriers import registry
from telephony.carriers.provisioning import AccountFacts, Credentials
from telephony.control import number_table
from telephony.errors import CarrierAway, CarrierRefused, NoCarrierAccount, NumberTaken
from telephony.models import CarrierAccount, Number, NumberOrder
from telephony.numbers.sealing import Secrets, opened, sealed_secrets
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.context import as_tenant, current_tenant_id
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, NotFound

log = structlog.get_logger()

CARRIER: Final = "twilio"
# A claim outlasts all that one attempt asks of a carrier, each within 10 s.
CLAIM: Final = timedelta(seconds=90)
_LONGEST_SECRET: Final = 200


def connect_account(
    account_id: str,
    *,
    auth_token: str = "",
    key_id: str = "",
    key_secret: str = "",
    region: str = "us1",
    carrier: str = CARRIER,
) -> CarrierAccount:
    """Add the company's own account, once its carrier has shown that the credentials open it.

    `BadInput` for what is no credential, `CarrierRefused` for one that opens nothing, `CarrierAway`
    while that cannot be known. Entered again it takes new credentials. No transaction may be open.
    """
    given = _given(carrier, account_id, auth_token, key_id, key_secret, region=region)
    facts, token = _verified(carrier, given)
    with as_tenant(current_tenant_id()):
        account = _own_account(carrier, account_id, region=region)
        account.name, account.is_trial = facts.name[:64], facts.is_trial
        account.key_id, account.state, account.why = key_id, "open", ""
        _keep(account, Secrets(tokens=(token,), key_secret=key_secret))
        record_audit(
            action="carrier_account.connect",
            subject=str(account.pk),
            detail={"account": account_id, "region": region},
        )
        number_table.refresh()
    return account


def rotate_account(
    account_pk: UUID | str, *, auth_token: str, key_id: str = "", key_secret: str = ""
) -> CarrierAccount:
    """Give an account new credentials; webhooks of the token before are taken for a day more.

    As `connect_account` otherwise; `NotFound` for no such account of the company's own.
    """
    with as_tenant(current_tenant_id()):
        account = open_account(account_pk)
    if account.kind != "own":
        raise BadInput("a sub-account's credentials are kept by the platform")
    given = _given(
        account.carrier,
        account.account_id,
        auth_token,
        key_id,
        key_secret,
        region=account.region,
    )
    _, token = _verified(account.carrier, given)
    with as_tenant(current_tenant_id()):
        account = _held_account(account_pk)
        earlier = opened(account.sealed, tenant_id=current_tenant_id()).tokens[:1]
        tokens = tuple(dict.fromkeys((token, *earlier)))
        account.rotated_at, account.key_id, account.why = clock.now(), key_id, ""
        _keep(account, Secrets(tokens=tokens, key_secret=key_secret))
        record_audit(action="carrier_account.rotate", subject=str(account.pk))
        number_table.refresh()
    return account


def open_subaccount(carrier: str = CARRIER) -> CarrierAccount:
    """The company's sub-account below the platform's account, made if there is none.

    `NoCarrierAccount` where the platform has none itself. No transaction may be open.
    """
    platform = registry.provisioning(carrier).platform_account()
    if platform is None:
        raise NoCarrierAccount(
            f"this platform has no account at {carrier} itself: connect your own account"
        )
    with as_tenant(current_tenant_id()):
        account = _subaccount(carrier, region=platform.region)
    return account if account.state == "open" else _open(account)


def remove_account(account_pk: UUID | str) -> None:
    """Forget the company's own account, or close its sub-account; `BadInput` while numbers use it.

    No transaction may be open.
    """
    with as_tenant(current_tenant_id()):
        account = _held_account(account_pk)
        if Number.objects.filter(account=account).exists():
            raise BadInput("numbers use this account: remove or release them first")
        if NumberOrder.objects.filter(account=account, state="open").exists():
            raise BadInput("a number is being bought through this account: wait for it")
        record_audit(
            action="carrier_account.remove",
            subject=str(account.pk),
            detail={"account": account.account_id},
        )
        if account.kind == "own":
            NumberOrder.objects.filter(account=account).delete()
            account.delete()
            return
    close_subaccount(account)


def close_subaccount(account: CarrierAccount) -> None:
    """Close a sub-account for good, with the numbers that it has; one that is closed stays so.

    Where the carrier is away, `settle` goes on. No transaction may be open.
    """
    with as_tenant(current_tenant_id()):
        account = _held_account(account.pk)
        if account.state == "opening":
            raise NoCarrierAccount("the sub-account is being made: try again in a minute")
        account.state, account.claimed_until = "closing", clock.now() + CLAIM
        account.save()
    _close(account)


def settle() -> None:
    """Finish the bound tenant's sub-accounts whose making or closing was left in between.

    No transaction may be open.
    """
    for account in _claimed():
        try:
            _open(account) if account.state == "opening" else _close(account)
        except (CarrierAway, CarrierRefused) as error:
            log.warning("sub-account not settled", account=str(account.pk), why=str(error))


def credentials_of(account: CarrierAccount) -> Credentials:
    """How the account is spoken for; `NoCarrierAccount` while it is none to be used."""
    if account.state != "open":
        raise NoCarrierAccount(f"the carrier account is {account.state}: it cannot be used now")
    secrets = opened(account.sealed, tenant_id=current_tenant_id())
    return Credentials(
        account.account_id, account.region, secrets.tokens, account.key_id, secrets.key_secret
    )


def open_account(account_pk: UUID | str) -> CarrierAccount:
    """The bound tenant's account of that id; `NotFound` without one."""
    account = CarrierAccount.objects.filter(pk=account_pk).exclude(state="closed").first()
    if account is None:
        raise NotFound(f"no carrier account {account_pk}")
    return account


def _given(
    carrier: str, account_id: str, token: str, key_id: str, key_secret: str, *, region: str
) -> Credentials:
    provisioning = registry.provisioning(carrier)
    if not provisioning.is_account_id(account_id):
        raise BadInput("account_id: expected AC and 32 small hexadecimal digits")
    if region not in provisioning.regions:
        raise BadInput(f"region: expected one of {', '.join(provisioning.regions)}")
    if bool(key_id) != bool(key_secret):
        raise BadInput("an API key is its SID and its secret: expected both or neither")
    if not token and not key_id:
        raise BadInput("auth_token: expected the account's auth token, or an API key")
    for name, text in (("auth_token", token), ("key_id", key_id), ("key_secret", key_secret)):
        if len(text) > _LONGEST_SECRET or not text.isascii() or any(map(str.isspace, text)):
            raise BadInput(f"{name}: expected a credential, without blanks in it")
    platform = provisioning.platform_account()
    if platform is not None and platform.account_id == account_id:
        raise BadInput("account_id: this is the platform's own account")
    return Credentials(account_id, region, (token,), key_id, key_secret)


def _verified(carrier: str, given: Credentials) -> tuple[AccountFacts, str]:
    """What the carrier says of the account, and the token that its webhooks are signed with."""
    provisioning = registry.provisioning(carrier)
    facts = provisioning.account_facts(given)
    if facts.account_id != given.account_id:
        raise CarrierRefused("these credentials are of another account")
    if not facts.is_active:
        raise CarrierRefused("the carrier says that this account is suspended or closed")
    (token,) = given.auth_tokens
    if token and given.key_id:
        # The key opened the account; the token is looked at by itself.
        provisioning.account_facts(Credentials(given.account_id, given.region, (token,)))
    token = token or facts.auth_token
    if not token:
        raise BadInput(
            "auth_token: expected the account's auth token beside the API key, since webhooks are "
            "signed with it"
        )
    return facts, token


def _own_account(carrier: str, account_id: str, *, region: str) -> CarrierAccount:
    account = CarrierAccount.objects.filter(
        carrier=carrier, account_id=account_id, region=region
    ).first()
    if account is not None and account.kind != "own":
        raise NumberTaken("this account is the company's sub-account already")
    return account or CarrierAccount(
        carrier=carrier, kind="own", state="open", account_id=account_id, region=region
    )


def _subaccount(carrier: str, *, region: str) -> CarrierAccount:
    """The tenant's living sub-account's row, made and claimed if there is none."""
    living = CarrierAccount.objects.filter(carrier=carrier, kind="subaccount").exclude(
        state="closed"
    )
    account = living.first()
    if account is not None:
        return account
    account = CarrierAccount(
        carrier=carrier,
        kind="subaccount",
        state="opening",
        region=region,
        claimed_until=clock.now() + CLAIM,
    )
    account.name = f"warmline {tenants_queries.tenant().slug[:20]} {account.pk.hex[-24:]}"
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:  # another request was quicker
        return living.get()
    record_audit(action="carrier_account.open", subject=str(account.pk))
    return account


def _open(account: CarrierAccount) -> CarrierAccount:
    """Ask for the sub-account and keep what came; a second asker finds the same one."""
    if account.state != "opening":
        raise NoCarrierAccount(f"the sub-account is {account.state}: try again in a minute")
    provisioning = registry.provisioning(account.carrier)
    platform = provisioning.platform_account()
    if platform is None:
        raise NoCarrierAccount(f"this platform has no account at {account.carrier} any more")
    facts = provisioning.open_subaccount(platform, reference=account.name)
    with as_tenant(current_tenant_id()):
        account = _held_account(account.pk)
        if account.state == "opening":
            account.account_id, account.state, account.is_trial = (
                facts.account_id,
                "open",
                facts.is_trial,
            )
            _keep(account, Secrets(tokens=(facts.auth_token,)))
    return account


def _close(account: CarrierAccount) -> None:
    provisioning = registry.provisioning(account.carrier)
    platform = provisioning.platform_account()
    if platform is None:
        raise NoCarrierAccount(f"this platform has no account at {account.carrier} any more")
    if account.account_id:
        provisioning.close_subaccount(platform, account_id=account.account_id)
    with as_tenant(current_tenant_id()):
        CarrierAccount.objects.filter(pk=account.pk, state="closing").update(
            state="closed", sealed="", why=""
        )


def _claimed() -> Iterable[CarrierAccount]:
    """The accounts that nobody works at, each claimed for this process."""
    now = clock.now()
    with as_tenant(current_tenant_id()):
        left = CarrierAccount.objects.filter(
            state__in=("opening", "closing"), claimed_until__lt=now
        )
        return [
            account
            for account in left
            if CarrierAccount.objects.filter(
                pk=account.pk, claimed_until=account.claimed_until
            ).update(claimed_until=now + CLAIM)
        ]


def _held_account(account_pk: UUID | str) -> CarrierAccount:
    """The account, held until the transaction ends."""
    account = (
        CarrierAccount.objects.select_for_update()
        .filter(pk=account_pk)
        .exclude(state="closed")
        .first()
    )
    if account is None:
        raise NotFound(f"no carrier account {account_pk}")
    return account


def _keep(account: CarrierAccount, secrets: Secrets) -> None:
    account.sealed = sealed_secrets(secrets)
    account.save()
