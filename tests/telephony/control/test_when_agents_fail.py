"""What a version says becomes of calls that no agent can take or go on with."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.db import transaction

from agents.actions import go_live, make_agent
from agents.editing import actions, queries
from agents.types import Wording
from telephony import media_link
from telephony.control import number_table, regional_redis
from tenants.context import as_tenant
from tests.telephony.conftest import EU, HUMAN, PLUMBER, US, Carrier, give_number, ringing
from tests.telephony.control.test_verb_callbacks import after_stream, media_says, open_call
from warmline.kernel.agent import OnFailure
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db(transaction=True)
VERBS = {
    "person": ["Say", "Dial"],
    "message": ["Say", "Record", "Hangup"],
    "goodbye": ["Say", "Hangup"],
}


def fails_with(tenant_id: TenantId, on_failure: OnFailure) -> None:
    with as_tenant(tenant_id):
        wording = Wording(greeting="Hello.", on_failure=on_failure)
        go_live(make_agent("Amy"), wording=wording)


@pytest.mark.parametrize("on_failure", ["person", "message", "goodbye"])
def test_a_call_that_finds_no_slot(
    carrier: Carrier, plumber: TenantId, on_failure: OnFailure
) -> None:
    """A person by default; a message or a word and the end where the company wants it so."""
    fails_with(plumber, on_failure)
    for region in (US, EU):
        client = regional_redis.client(region)
        assert client is not None
        client.delete(media_link.WORKERS_SET)
    verbs = ElementTree.fromstring(carrier.post("/twilio/voice", ringing())[1])
    assert [verb.tag for verb in verbs] == VERBS[on_failure]


@pytest.mark.parametrize("on_failure", ["person", "message", "goodbye"])
def test_a_call_whose_agent_failed_twice(
    carrier: Carrier, plumber: TenantId, on_failure: OnFailure
) -> None:
    """The same as for one that never began."""
    fails_with(plumber, on_failure)
    media_says(open_call(carrier, ringing()), "media_failed")
    verbs = after_stream(carrier, attempt=2)
    assert [verb.tag for verb in verbs] == VERBS[on_failure]


def test_a_caller_who_was_promised_a_person_gets_one(carrier: Carrier, plumber: TenantId) -> None:
    """Whatever becomes of calls that fail."""
    fails_with(plumber, "goodbye")
    media_says(open_call(carrier, ringing()), "transferred")
    [dial] = after_stream(carrier)
    assert (dial.tag, "".join(dial.itertext())) == ("Dial", HUMAN)


def test_a_number_in_shadow_mode_leads_to_the_version_in_shadow(
    carrier: Carrier, plumber: TenantId
) -> None:
    """From the moment it is put there, until it is taken back; callers' numbers do not see it."""
    shadowed_number = "+12125550103"
    give_number(plumber, shadowed_number, mode="shadow")

    def greetings() -> tuple[str, str]:
        entries = [number_table.lookup(e164) for e164 in (PLUMBER, shadowed_number)]
        heard, shadowed = (entry.agent.greeting for entry in entries if entry and entry.agent)
        return heard, shadowed

    assert greetings() == ("Hello.", "Hello.")
    with as_tenant(plumber):
        agent_id = make_agent("Amy")
        wording = replace(queries.draft(agent_id).wording, greeting="Hello from the shadow.")
        actions.save_draft(agent_id, wording=wording)
        actions.shadow_draft(agent_id)
    assert greetings() == ("Hello.", "Hello from the shadow.")
    with as_tenant(plumber):
        actions.end_shadow(agent_id)
    assert greetings() == ("Hello.", "Hello.")
    assert not transaction.get_connection().in_atomic_block
