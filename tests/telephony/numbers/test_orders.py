"""Numbers searched, bought and given back: once, whoever is killed in between."""

from datetime import timedelta
from uuid import UUID

import pytest

from telephony.carriers.provisioning import NumberSearch
from telephony.control import number_table
from telephony.errors import CarrierAway, CarrierRefused, NumberTaken
from telephony.models import NumberOrder
from telephony.numbers import accounts, orders, queries
from tenants.context import as_tenant
from tenants.models import Tenant
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import FREE, FREE_TOO, LONDON, OWN_NUMBER, OWN_SID
from warmline.kernel import clock
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def past_claim() -> None:
    """Whoever was killed held its claim for 90 s."""
    NumberOrder.objects.update(claimed_until=clock.now() - timedelta(seconds=1))


def test_what_may_be_bought_is_shown_with_its_price(twilio: TwilioApi, account_id: UUID) -> None:
    """In cents a month, and whether an address is asked for."""
    found = orders.search_numbers(account_id, NumberSearch(country="US", contains="0143"))
    assert [(number.e164, number.monthly_price, number.currency) for number in found] == [
        (FREE, 115, "USD")
    ]
    (london,) = orders.search_numbers(account_id, NumberSearch(country="GB"))
    assert london.needs_address


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (NumberSearch(country="usa"), "two letters"),
        (NumberSearch(country="us"), "two letters"),
        (NumberSearch(country="US", area_code="21"), "three digits"),
        (NumberSearch(country="US", contains="'; --"), "digits or letters"),
        (NumberSearch(country="US", kind="fax"), "local, mobile"),  # type: ignore[arg-type]
        (NumberSearch(country="AQ"), "no such thing"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(
    twilio: TwilioApi, account_id: UUID, wanted: NumberSearch, why: str
) -> None:
    """Before Twilio is asked, where we know it."""
    with pytest.raises(BadInput, match=why):
        orders.search_numbers(account_id, wanted)


def test_a_bought_number_leads_to_its_agent_at_once(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID
) -> None:
    """At Twilio its webhooks are ours, and every region's table knows it."""
    number = orders.buy_number(FREE, account_id=account_id, agent_id=agent_id)
    kept = twilio.number(FREE)
    assert kept is not None
    assert kept.webhooks["voice_url"] == "http://testserver/twilio/voice"
    assert kept.webhooks["status_callback"] == "http://testserver/twilio/status"
    entry = number_table.lookup(FREE)
    assert entry is not None
    assert entry.agent is not None
    assert entry.signer is not None
    assert (entry.tenant_id, entry.signer.account_id) == (harbour, OWN_SID)
    with as_tenant(harbour):
        line = queries.number(number.pk)
    assert (line.is_bought, line.answers_now) == (True, "agent")


@pytest.mark.parametrize("killed_after", ["the order", "the purchase"])
def test_a_number_is_bought_once_though_its_buyer_was_killed(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID, killed_after: str
) -> None:
    """The sweep goes on from what was written; swept again it changes nothing."""
    lost = {
        "the order": "api.ListIncomingPhoneNumber",
        "the purchase": "api.CreateIncomingPhoneNumber",
    }[killed_after]
    twilio.lose_answer_of.add(lost)
    with pytest.raises(CarrierAway, match="will be finished"):
        orders.buy_number(FREE, account_id=account_id, agent_id=agent_id)
    with as_tenant(harbour):
        assert [order.state for order in queries.orders()] == ["open"]
    twilio.lose_answer_of.clear()
    orders.settle()  # somebody works at it still
    with as_tenant(harbour):
        assert queries.numbers() == ()
    past_claim()
    for _ in range(2):
        orders.settle()
    with as_tenant(harbour):
        (line,) = queries.numbers()
        assert queries.orders() == ()
    assert (line.e164, line.agent_id, line.is_bought) == (FREE, agent_id, True)
    assert twilio.count_of("api.CreateIncomingPhoneNumber") == 1


def test_a_number_that_is_being_bought_is_not_bought_again(
    twilio: TwilioApi, account_id: UUID
) -> None:
    """While its order is open."""
    twilio.lose_answer_of.add("api.CreateIncomingPhoneNumber")
    with pytest.raises(CarrierAway):
        orders.buy_number(FREE, account_id=account_id)
    with pytest.raises(NumberTaken, match="being bought"):
        orders.buy_number(FREE, account_id=account_id)


@pytest.mark.parametrize(("e164", "code"), [("+12125550188", 21422), (LONDON, 21631)])
def test_twilios_refusal_is_told_and_nothing_is_left(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, e164: str, code: int
) -> None:
    """With its code; the order is shown as failed."""
    with pytest.raises(CarrierRefused, match=str(code)) as refused:
        orders.buy_number(e164, account_id=account_id)
    assert refused.value.vendor_code == code
    with as_tenant(harbour):
        assert queries.numbers() == ()
        (order,) = queries.orders()
    assert (order.state, str(code) in order.why) == ("failed", True)


def test_a_number_that_the_account_has_already_is_not_bought(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """It is one's own, to be added as such."""
    with pytest.raises(BadInput, match="add it as your own"):
        orders.buy_number(OWN_NUMBER, account_id=account_id)
    assert twilio.count_of("api.CreateIncomingPhoneNumber") == 0


def test_a_trial_buys_one_number_at_our_cost(twilio: TwilioApi, harbour: TenantId) -> None:
    """More where the company pays."""
    account = accounts.open_subaccount()
    orders.buy_number(FREE, account_id=account.pk)
    with pytest.raises(BadInput, match="1 of 1"):
        orders.buy_number(FREE_TOO, account_id=account.pk)
    Tenant.objects.using("control").filter(pk=harbour).update(plan="team")
    orders.buy_number(FREE_TOO, account_id=account.pk)


def test_a_released_number_is_gone_here_and_there(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """Also when the answer was lost: the sweep gives it back once more, which does no harm."""
    number = orders.buy_number(FREE, account_id=account_id)
    twilio.lose_answer_of.add("api.DeleteIncomingPhoneNumber")
    with pytest.raises(CarrierAway):
        orders.release_number(number.pk)
    with as_tenant(harbour):
        assert [line.is_releasing for line in queries.numbers()] == [True]
    twilio.lose_answer_of.clear()
    orders.settle()
    assert twilio.number(FREE) is None
    assert number_table.lookup(FREE) is None
    with as_tenant(harbour):
        assert queries.numbers() == ()


def test_nothing_is_asked_of_a_carrier_inside_a_transaction(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, transactional_db: None
) -> None:
    """A database would wait for Twilio."""
    with as_tenant(harbour), pytest.raises(RuntimeError, match="durable"):
        orders.search_numbers(account_id, NumberSearch(country="US"))
