"""A company that is over leaves nothing at its carriers that the platform pays for."""

from datetime import timedelta

import pytest

from programs.carrier_simulator.provisioning.resources import Refused
from telephony.errors import CarrierRefused
from telephony.models import CarrierAccount, Number
from telephony.numbers import accounts, orders, ownership
from tenants.company.actions import close_company, reopen_company
from tenants.company.erasure import remains
from tenants.context import CONTROL, as_tenant
from tenants.models import Tenant
from tenants.tasks import erase_closed_company
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import FREE, OWN_NUMBER
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chroma_server")]


@pytest.fixture
def furnished(twilio: TwilioApi, harbour: TenantId) -> TenantId:
    """A company with a number bought below the platform's account."""
    account = accounts.open_subaccount()
    orders.buy_number(FREE, account_id=account.pk)
    return harbour


def close(tenant_id: TenantId) -> None:
    with as_tenant(tenant_id):
        close_company(confirmed_name="Harbour Heating")


def let_time_pass() -> None:
    Tenant.objects.using(CONTROL).filter(closed_at__isnull=False).update(
        erase_at=clock.now() - timedelta(seconds=1)
    )


def subaccount(tenant_id: TenantId) -> CarrierAccount:
    with as_tenant(tenant_id):
        return CarrierAccount.objects.get(kind="subaccount")


def test_while_a_company_may_come_back_its_numbers_stay_its_own(
    furnished: TenantId, twilio: TwilioApi
) -> None:
    """A number that was given back is somebody else's tomorrow."""
    close(furnished)
    erase_closed_company()
    assert twilio.accounts[subaccount(furnished).account_id].status == "active"
    assert reopen_company("harbour").state == "open"
    assert twilio.number(FREE) is not None


def test_with_its_erasure_the_sub_account_is_closed_and_its_numbers_are_given_back(
    furnished: TenantId, twilio: TwilioApi
) -> None:
    """At Twilio too; another job for the same company finds nothing to do."""
    account_id = subaccount(furnished).account_id
    close(furnished)
    let_time_pass()
    erase_closed_company()
    assert twilio.accounts[account_id].status == "closed"
    assert twilio.number(FREE) is None
    assert remains(furnished) == {}
    erase_closed_company()
    assert twilio.count_of("api.UpdateAccount") == 1


def test_what_twilio_refuses_stops_the_erasure_until_it_is_done(
    furnished: TenantId, twilio: TwilioApi
) -> None:
    """With Twilio's reason, for the job to be tried again and parked by; nothing is lost."""
    account_id = subaccount(furnished).account_id
    close(furnished)
    let_time_pass()
    twilio.refuse = lambda request: (
        Refused(400, 20009, "Account has an open balance")
        if request.operation == "api.UpdateAccount"
        else None
    )
    with pytest.raises(CarrierRefused, match="open balance"):
        erase_closed_company()
    assert subaccount(furnished).state == "closing"
    twilio.refuse = lambda _: None
    erase_closed_company()
    assert twilio.accounts[account_id].status == "closed"
    assert remains(furnished) == {}


def test_an_account_of_the_companys_own_stays_with_its_numbers(
    harbour: TenantId, twilio: TwilioApi, account_id: object
) -> None:
    """They ask here no more; whether it still opens makes no difference."""
    ownership.add_own_number(OWN_NUMBER, account_id=str(account_id))
    close(harbour)
    let_time_pass()
    erase_closed_company()
    number = twilio.number(OWN_NUMBER)
    assert number is not None
    assert number.webhooks["voice_url"] == ""
    assert remains(harbour) == {}


def test_credentials_that_were_withdrawn_keep_nobody_from_being_erased(
    harbour: TenantId, twilio: TwilioApi, account_id: object
) -> None:
    """The company may have closed its account at Twilio long before."""
    ownership.add_own_number(OWN_NUMBER, account_id=str(account_id))
    close(harbour)
    let_time_pass()
    twilio.refuse = lambda _: Refused(401, 20003, "Authenticate")
    erase_closed_company()
    assert remains(harbour) == {}
    with as_tenant(harbour):
        assert not Number.objects.exists()
