"""A number is one company's: shown by the account that it is in, never by saying so."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from agents.actions import make_agent
from programs.carrier_simulator.provisioning.resources import Refused
from telephony.control import number_table, queries
from telephony.errors import CarrierAway, NumberNotProven, NumberTaken
from telephony.numbers import accounts, actions, ownership
from telephony.numbers import queries as numbers_queries
from telephony.numbers.claiming import claimed
from telephony.numbers.rechecking import recheck
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tenants.models import AuditEvent
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import (
    FREE,
    OTHER_SID,
    OTHER_TOKEN,
    OWN_NUMBER,
    OWN_SID,
    OWN_TOKEN,
    beside,
)
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.fixture
def lakeside(db: None) -> TenantId:
    """Another company."""
    return create_tenant("lakeside", name="Lakeside Clinic", vertical="healthcare").tenant_id


def test_a_number_in_ones_own_account_is_answered(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID
) -> None:
    """Its webhooks lead here, and every region's table knows it, as it was written or not."""
    number = ownership.add_own_number("+1 (212) 555-0142", account_id=account_id, agent_id=agent_id)
    kept = twilio.number(OWN_NUMBER)
    assert kept is not None
    assert kept.webhooks["voice_url"].endswith("/twilio/voice")
    entry = number_table.lookup(OWN_NUMBER)
    assert entry is not None
    assert (entry.tenant_id, number.is_bought) == (harbour, False)


@pytest.mark.parametrize("e164", [FREE, "+12125550199"])
def test_a_number_that_is_not_in_the_account_is_refused(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, e164: str
) -> None:
    """Nobody keeps a number from its later owner by naming it first."""
    with pytest.raises(NumberNotProven, match="not in the account"):
        ownership.add_own_number(e164, account_id=account_id)
    assert queries.tenant_of_number(e164) is None


def test_a_number_that_takes_no_calls_is_refused(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """As one for messages alone."""
    kept = twilio.number(OWN_NUMBER)
    assert kept is not None
    kept.voice = False
    with pytest.raises(BadInput, match="takes no calls"):
        ownership.add_own_number(OWN_NUMBER, account_id=account_id)


def test_another_companys_account_is_not_there(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, lakeside: TenantId
) -> None:
    """Its id opens nothing."""
    with pytest.raises(NotFound):
        beside(lakeside, lambda: ownership.add_own_number(OWN_NUMBER, account_id=account_id))


def test_a_number_that_moved_to_another_account_follows_it(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID, lakeside: TenantId
) -> None:
    """Whoever shows that it is theirs is refused without being told whose it was; the company that
    has it no more loses it, and the next try succeeds.
    """
    ownership.add_own_number(OWN_NUMBER, account_id=account_id)
    kept = twilio.number(OWN_NUMBER)
    assert kept is not None
    kept.account = OTHER_SID
    theirs = beside(
        lakeside, lambda: accounts.connect_account(OTHER_SID, auth_token=OTHER_TOKEN).pk
    )
    with pytest.raises(NumberTaken) as refused:
        beside(lakeside, lambda: ownership.add_own_number(OWN_NUMBER, account_id=theirs))
    assert "harbour" not in str(refused.value).lower()
    # What the jobs do, for the one company and for the other.
    assert Context().run(numbers_queries.holders_of_contested) == [(harbour, OWN_NUMBER)]
    recheck(OWN_NUMBER)
    assert number_table.lookup(OWN_NUMBER) is None
    assert Context().run(numbers_queries.tenants_to_settle) == [lakeside]
    beside(lakeside, ownership.settle)
    assert queries.tenant_of_number(OWN_NUMBER) == lakeside
    with as_tenant(harbour):
        assert AuditEvent.objects.filter(action="number.lost").count() == 1


def test_of_two_companies_that_add_a_number_at_once_one_has_it(
    twilio: TwilioApi,
    harbour: TenantId,
    account_id: UUID,
    lakeside: TenantId,
    superuser: psycopg.Connection,
) -> None:
    """Both know the account that it is in; the other one is refused as if it had come later."""
    same = beside(lakeside, lambda: accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN).pk)

    def add_beside() -> str:
        try:
            beside(lakeside, lambda: ownership.add_own_number(OWN_NUMBER, account_id=same))
        except NumberTaken as error:
            return str(error)
        finally:
            connections.close_all()
        return "added"

    def waits() -> bool:
        found = superuser.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        )
        return found.fetchone() is not None

    with ThreadPoolExecutor(1) as threads:
        with claimed(OWN_NUMBER), as_tenant(harbour):
            actions.add_number(OWN_NUMBER, agent_id=None, mode="live", human_number="")
            other = threads.submit(add_beside)
            while not waits() and not other.done():
                pass
        assert "is in use" in other.result(timeout=30)
    assert queries.tenant_of_number(OWN_NUMBER) == harbour
    (count,) = superuser.execute("SELECT count(*) FROM telephony_number").fetchone() or ()
    assert count == 1


def test_a_company_keeps_what_it_has(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """Whoever asks, and while the carrier is away; what an operator vouched for stays anyway."""
    ownership.add_own_number(OWN_NUMBER, account_id=account_id)
    with as_tenant(harbour):
        actions.add_number(FREE, agent_id=None, mode="live", human_number="")
    recheck(OWN_NUMBER)
    recheck(FREE)
    twilio.refuse = lambda _: Refused(503, 20500, "Internal server error")
    recheck(OWN_NUMBER)
    with as_tenant(harbour):
        assert [number.e164 for number in numbers_queries.numbers()] == [OWN_NUMBER, FREE]


def test_calls_are_processed_in_the_region_of_the_accounts_credentials(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """Dublin's are asked of Dublin's host; where calls go, of the first region's."""
    dublin = accounts.connect_account(OWN_SID, auth_token=f"{OWN_TOKEN}-ie1", region="ie1")
    ownership.add_own_number(OWN_NUMBER, account_id=dublin.pk)
    kept = twilio.number(OWN_NUMBER)
    assert kept is not None
    assert kept.region == "ie1"


def test_a_number_whose_webhooks_could_not_be_set_is_there_all_the_same(
    twilio: TwilioApi, harbour: TenantId, account_id: UUID
) -> None:
    """The carrier is away in between: added again, they are set."""
    twilio.refuse = lambda request: (
        Refused(500, 20500, "Internal server error")
        if request.operation == "api.UpdateIncomingPhoneNumber"
        else None
    )
    with pytest.raises(CarrierAway):
        ownership.add_own_number(OWN_NUMBER, account_id=account_id)
    twilio.refuse = lambda _: None
    ownership.add_own_number(OWN_NUMBER, account_id=account_id)
    kept = twilio.number(OWN_NUMBER)
    assert kept is not None
    assert kept.webhooks["voice_method"] == "POST"


def test_an_agent_of_another_company_is_not_attached(harbour: TenantId, lakeside: TenantId) -> None:
    """It is not there."""
    theirs = beside(lakeside, lambda: make_agent("Eve"))
    with as_tenant(harbour), pytest.raises(BadInput, match="no agent"):
        actions.add_number(FREE, agent_id=theirs, mode="live", human_number="")
