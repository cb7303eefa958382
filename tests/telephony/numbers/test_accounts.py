"""A company's carrier account: shown to be its own before it is kept, sealed, closed with it."""

import logging
from datetime import timedelta

import pytest
from django.db import connection

from programs.carrier_simulator.provisioning.resources import Refused
from telephony.errors import CarrierAway, CarrierRefused, NoCarrierAccount
from telephony.models import CarrierAccount
from telephony.numbers import accounts, queries
from telephony.numbers.sealing import opened
from tenants.context import as_tenant
from tests.fakes.twilio_api.server import MASTER, TwilioApi
from tests.telephony.numbers.conftest import OTHER_SID, OWN_SID, OWN_TOKEN
from warmline.kernel import clock
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def test_an_own_account_is_kept_once_its_credentials_opened_it(
    twilio: TwilioApi, harbour: TenantId
) -> None:
    """With its name at Twilio; entered again it is the same one."""
    first = accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)
    again = accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)
    assert first.pk == again.pk
    with as_tenant(harbour):
        (line,) = queries.accounts()
    assert (line.kind, line.state, line.account_id) == ("own", "open", OWN_SID)
    assert line.region == "us1"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"account_id": OWN_SID, "auth_token": "wrong"}, "does not know these credentials"),
        ({"account_id": OTHER_SID, "auth_token": OWN_TOKEN}, "does not know these credentials"),
        ({"account_id": "AC123", "auth_token": OWN_TOKEN}, "32 small hexadecimal digits"),
        ({"account_id": "", "auth_token": OWN_TOKEN}, "32 small hexadecimal digits"),
        ({"account_id": OWN_SID, "auth_token": ""}, "expected the account's auth token"),
        ({"account_id": OWN_SID, "auth_token": "with blank"}, "without blanks"),
        ({"account_id": OWN_SID, "auth_token": "é" * 9}, "without blanks"),
        ({"account_id": OWN_SID, "auth_token": "x" * 300}, "without blanks"),
        ({"account_id": OWN_SID, "auth_token": OWN_TOKEN, "region": "eu1"}, "us1, ie1, au1"),
        ({"account_id": OWN_SID, "auth_token": OWN_TOKEN, "region": "au1"}, "does not know these"),
        ({"account_id": OWN_SID, "key_id": "SKkey"}, "both or neither"),
        ({"account_id": OWN_SID, "key_id": "SKkey", "key_secret": "no"}, "does not know these"),
        ({"account_id": MASTER, "auth_token": OWN_TOKEN}, "the platform's own account"),
    ],
)
def test_what_opens_no_account_is_not_kept(
    twilio: TwilioApi, harbour: TenantId, given: dict[str, str], why: str
) -> None:
    """Nothing is kept, and the sentence says what was expected."""
    with pytest.raises(BadInput, match=why):
        accounts.connect_account(**given)
    with as_tenant(harbour):
        assert queries.accounts() == ()


def test_an_account_that_is_suspended_is_refused(twilio: TwilioApi, harbour: TenantId) -> None:
    """Its numbers take no calls."""
    twilio.accounts[OWN_SID].status = "suspended"
    with pytest.raises(CarrierRefused, match="suspended or closed"):
        accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)


def test_an_api_key_speaks_and_the_token_signs(twilio: TwilioApi, harbour: TenantId) -> None:
    """A key alone will do where Twilio tells the token by it."""
    account = accounts.connect_account(OWN_SID, key_id="SKkey", key_secret="secret")
    secrets = opened(account.sealed, tenant_id=harbour)
    assert (secrets.tokens, secrets.key_secret) == ((OWN_TOKEN,), "secret")
    assert accounts.credentials_of(account).key_id == "SKkey"


def test_each_region_is_asked_at_its_own_host_with_its_own_token(
    twilio: TwilioApi, harbour: TenantId
) -> None:
    """A token of one region opens nothing in another."""
    accounts.connect_account(OWN_SID, auth_token=f"{OWN_TOKEN}-ie1", region="ie1")
    with pytest.raises(CarrierRefused):
        accounts.connect_account(OWN_SID, auth_token=f"{OWN_TOKEN}-ie1", region="us1")


def test_credentials_are_sealed_and_shown_nowhere(
    twilio: TwilioApi, harbour: TenantId, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the database, not in a log, not in what is printed of them."""
    caplog.set_level(logging.DEBUG)
    account = accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)
    with as_tenant(harbour), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM telephony_carrieraccount a")
        assert OWN_TOKEN not in str(cursor.fetchall())
    assert OWN_TOKEN not in caplog.text
    told = repr(accounts.credentials_of(account)) + repr(opened(account.sealed, tenant_id=harbour))
    assert OWN_TOKEN not in told


def test_a_subaccount_is_made_once(twilio: TwilioApi, harbour: TenantId) -> None:
    """Below the platform's account; asked for again it is the same one."""
    account = accounts.open_subaccount()
    assert accounts.open_subaccount().pk == account.pk
    assert twilio.count_of("api.CreateAccount") == 1
    assert twilio.accounts[account.account_id].owner == MASTER


def test_a_subaccount_whose_answer_was_lost_is_found_again(
    twilio: TwilioApi, harbour: TenantId
) -> None:
    """By its name at Twilio: none is made twice, and the sweep finishes it."""
    twilio.lose_answer_of.add("api.CreateAccount")
    with pytest.raises(CarrierAway):
        accounts.open_subaccount()
    twilio.lose_answer_of.clear()
    past_claim()
    accounts.settle()
    with as_tenant(harbour):
        (line,) = queries.accounts()
    assert (line.state, line.account_id in twilio.accounts) == ("open", True)
    assert twilio.count_of("api.CreateAccount") == 1


def test_a_removed_subaccount_is_closed(twilio: TwilioApi, harbour: TenantId) -> None:
    """Also when Twilio was away just then."""
    account = accounts.open_subaccount()
    twilio.refuse = lambda request: (
        Refused(503, 20500, "Internal server error")
        if request.operation == "api.UpdateAccount"
        else None
    )
    with pytest.raises(CarrierAway):
        accounts.remove_account(account.pk)
    twilio.refuse = lambda _: None
    past_claim()
    accounts.settle()
    assert twilio.accounts[account.account_id].status == "closed"
    with as_tenant(harbour):
        assert queries.accounts() == ()


def test_without_an_account_of_the_platforms_there_are_no_subaccounts(
    twilio: TwilioApi, harbour: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to do instead."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "")
    with pytest.raises(NoCarrierAccount, match="connect your own"):
        accounts.open_subaccount()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_twilio_that_cannot_answer_now_is_away(
    twilio: TwilioApi, harbour: TenantId, status: int
) -> None:
    """To be tried again: nothing is said about the credentials."""
    twilio.refuse = lambda _: Refused(status, 20429, "Too Many Requests")
    with pytest.raises(CarrierAway, match=str(status)):
        accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN)


def past_claim() -> None:
    """Whoever was killed held its claim for 90 s."""
    CarrierAccount.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
