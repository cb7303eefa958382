"""What is run on replicas before a caller rings is what the call then begins with."""

from xml.etree import ElementTree

import msgspec
import pytest

from inference.fleet.prompt_prefixes import Prefix, publish_prefixes, read_prefixes
from telephony import media_link
from telephony.control import number_table, regional_redis
from telephony.media.session.context import Context
from tenants.context import as_tenant
from tests.telephony.conftest import EU, US, Carrier, ringing
from warmline.kernel.call import CallPlan, decode_plan
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import RegionCode

pytestmark = pytest.mark.django_db


def published(region: RegionCode) -> dict[str, tuple[dict[str, str], ...]]:
    client = regional_redis.client(region)
    assert client is not None
    return {each.key: each.messages for each in read_prefixes(client)}


def plan_of_a_call(carrier: Carrier, form: dict[str, str]) -> CallPlan:
    twiml = ElementTree.fromstring(carrier.post("/twilio/voice", form)[1])
    call_id = next(
        each.attrib["value"] for each in twiml.iter("Parameter") if each.attrib["name"] == "call"
    )
    client = regional_redis.client(US)
    assert client is not None
    raw = client.get(media_link.plan_key(call_id))
    assert isinstance(raw, bytes)
    return decode_plan(raw)


def test_a_prefix_is_what_the_call_sends_byte_for_byte(carrier: Carrier, plumber: TenantId) -> None:
    """Prompt, greeting and tools:
    a prefix that differs in one character would be another prefix.
    """
    plan = plan_of_a_call(carrier, ringing())
    context = Context(plan)
    context.agent_said(plan.agent.greeting)
    assert msgspec.json.encode(context.for_model()) == msgspec.json.encode(
        published(US)[plan.agent.agent_version_id]
    )


def test_an_agent_that_was_called_last_comes_first(carrier: Carrier, plumber: TenantId) -> None:
    """More agents than a replica's cache holds: the busy ones stay in it."""
    [first] = published(US)
    client = regional_redis.client(US)
    assert client is not None
    publish_prefixes(client, [Prefix("newer", ())])
    assert list(published(US)) == ["newer", first]
    assert plan_of_a_call(carrier, ringing()).agent.agent_version_id == first
    assert list(published(US)) == [first, "newer"]


def test_a_prefix_that_cannot_be_read_stops_no_other(plumber: TenantId) -> None:
    """Half a value in Redis, or one of an older form."""
    client = regional_redis.client(US)
    assert client is not None
    before = published(US)
    publish_prefixes(client, [Prefix("torn", ())])
    client.hset("prefixes", mapping={"torn": b'{"at": 1.0, "prefix"'})
    assert before
    assert published(US) == before
    assert client.hkeys("prefixes") == [key.encode() for key in before], (
        "told once, not at every turn"
    )


def test_a_prompt_stays_within_its_companys_residency(plumber: TenantId, clinic: TenantId) -> None:
    """The clinic's runs on no replica outside the EU; the plumber's runs anywhere."""
    with as_tenant(clinic):
        number_table.refresh()
    assert len(published(US)) == 1
    assert len(published(EU)) == 2
