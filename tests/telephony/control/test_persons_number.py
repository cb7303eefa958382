"""The number that a call is put through to: checked when it is set, in the database, and before it
is dialled.
"""

import pytest
from django.db import IntegrityError, transaction

from agents.actions import make_agent
from telephony.calls import queries as calls_queries
from telephony.control import number_table, queries
from telephony.control.decisions import Dial, TakeMessage
from telephony.control.person import person_or_message
from telephony.models import Number
from telephony.numbers.actions import add_number
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tenants.models import Tenant
from tests.shadow.conftest import signed_in
from tests.telephony.conftest import (
    CLINIC,
    EU,
    HUMAN,
    LONDONER,
    PLUMBER,
    SLOTS,
    US,
    Carrier,
    give_number,
    ringing,
)
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
OTHER = "+12125550101"


@pytest.mark.parametrize(
    ("human", "why"),
    [
        ("911", "never dialled"),
        ("(212) 555-0199", r"would be \+12125550199"),
        (OTHER, "answered by this platform"),
        (PLUMBER, "answered by this platform"),
        (CLINIC, "answered by this platform"),
        ("+1 212 555 0101", "answered by this platform"),
        ("+19005550199", "premium"),
        ("sip:a@example.com", "SIP"),
    ],
)
def test_a_number_that_is_not_to_be_dialled_is_refused_when_it_is_set(
    plumber: TenantId, clinic: TenantId, human: str, why: str
) -> None:
    """The number itself, another of one's own, another company's: its calls would come back."""
    with as_tenant(plumber):
        agent_id = make_agent("Amy")
        with pytest.raises(BadInput, match=why):
            add_number(OTHER, agent_id=agent_id, mode="live", human_number=human)
        assert len(queries.numbers()) == 1


def test_numbers_are_kept_as_e164(plumber: TenantId) -> None:
    """However they were written, so that a carrier's spelling finds them."""
    with as_tenant(plumber):
        agent_id = make_agent("Amy")
        number = add_number(
            "+1 (212) 555-0101", agent_id=agent_id, mode="live", human_number="+44 20 7946 0018"
        )
        assert (number.e164, number.human_number) == (OTHER, "+442079460018")
        with pytest.raises(BadInput, match="where calls are put through to"):
            add_number("+442079460018", agent_id=agent_id, mode="live", human_number="")
    with pytest.raises(BadInput, match="never dialled"):
        create_tenant("hilltop", name="Hilltop", vertical="homeservices", human_number="911")


def test_the_database_holds_no_other_number(plumber: TenantId) -> None:
    """Whoever writes there."""
    with as_tenant(plumber):
        for change in ({"human_number": "911"}, {"e164": "2125550100"}, {"human_number": PLUMBER}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Number.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic("control"):
        Tenant.objects.using("control").update(human_number="(212) 555-0199")


@pytest.mark.parametrize("human", ["911", "(212) 555-0199", "+19005550199", "", PLUMBER, CLINIC])
def test_what_an_older_row_holds_is_not_dialled(
    plumber: TenantId, clinic: TenantId, human: str
) -> None:
    """A message is taken instead."""
    assert isinstance(person_or_message(human, dialled=PLUMBER, say=""), TakeMessage)
    assert isinstance(person_or_message(HUMAN, dialled=PLUMBER, say=""), Dial)


@pytest.mark.parametrize("mode", ["live", "shadow"])
def test_a_call_is_not_sent_in_a_circle(
    carrier: Carrier, plumber: TenantId, clinic: TenantId, mode: str
) -> None:
    """The person's number became another company's since it was set: a message is taken."""
    give_number(plumber, PLUMBER, mode="shadow" if mode == "shadow" else "live")
    with as_tenant(clinic):
        agent_id = make_agent("Amy")
        add_number(HUMAN.replace("99", "98"), agent_id=agent_id, mode="live", human_number="")
    with as_tenant(plumber):
        Number.objects.update(human_number=HUMAN.replace("99", "98"))
        number_table.refresh()
    documents = [
        carrier.post("/twilio/voice", ringing(str(number)))[1] for number in range(1, 2 * SLOTS + 2)
    ]
    assert not any("<Dial" in document for document in documents)
    assert "<Record" in documents[-1]


@pytest.mark.parametrize(
    "caller", ["+266696687", "+7378742833", "anonymous", "sip:anonymous@anonymous.invalid", ""]
)
def test_a_withheld_caller_is_answered_near_the_number_that_was_dialled(
    carrier: Carrier, plumber: TenantId, caller: str
) -> None:
    """New York's in Virginia and London's in Dublin, and the pages say that it was withheld."""
    with as_tenant(plumber):
        add_number(LONDONER, agent_id=make_agent("Amy"), mode="live", human_number="")
    carrier.post("/twilio/voice", ringing("1", caller=caller))
    carrier.post("/twilio/voice", ringing("2", caller=caller, dialled=LONDONER))
    with as_tenant(plumber):
        calls = {call.to_number: call for call in calls_queries.live_calls()}
    assert {number: call.region for number, call in calls.items()} == {PLUMBER: US, LONDONER: EU}
    assert {call.from_number for call in calls.values()} == {""}
    browser = signed_in(plumber, role="viewer")
    assert "withheld" in browser.get("/calls/").content.decode()
    assert "Call from withheld" in browser.get(f"/calls/{calls[PLUMBER].id}").content.decode()
