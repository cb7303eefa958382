"""A call that begins at a page: admitted as any, opened once and soon, over when the page is."""

import time
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from agents.actions import go_live, make_agent
from agents.types import Wording
from telephony import media_link
from telephony.calls.queries import live_calls
from telephony.control.answering.page_api import MOST_BY_ADDRESS
from telephony.control.answering.page_calls import begin_call, media_origins
from telephony.control.decisions import MediaStream
from telephony.errors import NoAgentFree
from tenants.actions import set_limits
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key
from tests.telephony.conftest import SLOTS, US, beat, every_redis
from warmline.kernel.call import CallPlan
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db


def agent_of(tenant_id: TenantId, *, live: bool = True) -> UUID:
    """An agent of the company's own."""
    with as_tenant(tenant_id):
        agent_id = make_agent("Nora")
        if live:
            go_live(agent_id, wording=Wording(greeting="Hello."))
        return UUID(str(agent_id))


def plan_of(stream: MediaStream) -> CallPlan:
    """The plan that the media plane finds."""
    plans = [media_link.stored_plan(client, CallId(stream.call_id)) for client in every_redis()]
    (plan,) = filter(None, plans)
    return plan


def test_a_page_is_given_a_ticket_and_never_the_calls_own_token(plumber: TenantId) -> None:
    """The token opens tools and knowledge; the ticket one stream, within a minute."""
    agent_id = agent_of(plumber)
    beat(US, slots=1_000_000, ws_url="wss://media.example/twilio/media")
    with as_tenant(plumber):
        stream = begin_call(agent_id, "live")
    plan = plan_of(stream)
    assert stream.token == plan.ticket != plan.token
    assert time.time() < plan.ticket_until <= time.time() + 60 < plan.until
    assert stream.url.endswith("/browser/media")
    assert (plan.carrier, plan.agent.greeting, plan.human_number) == ("browser", "Hello.", None)


def test_the_call_is_on_the_companys_list(plumber: TenantId, clinic: TenantId) -> None:
    """As one that rings, of that agent; and on no other company's."""
    agent_id = agent_of(plumber)
    with as_tenant(plumber):
        stream = begin_call(agent_id, "live")
        (call,) = live_calls()
    assert (str(call.id), call.agent_id, call.to_number) == (stream.call_id, agent_id, "browser")
    with as_tenant(clinic):
        assert not live_calls()


def test_what_is_being_written_can_be_talked_to_before_it_is_live(plumber: TenantId) -> None:
    """The draft answers where it is asked for; the live version where there is one."""
    agent_id = agent_of(plumber, live=False)
    with as_tenant(plumber):
        assert plan_of(begin_call(agent_id, "draft")).agent.agent_version_id == f"draft-{agent_id}"
        with pytest.raises(NotFound):
            begin_call(agent_id, "live")


def test_nobody_talks_to_another_companys_agent(plumber: TenantId, clinic: TenantId) -> None:
    """It is not there."""
    agent_id = agent_of(plumber)
    with as_tenant(clinic), pytest.raises(NotFound):
        begin_call(agent_id, "draft")


def test_pages_take_slots_like_any_call(plumber: TenantId) -> None:
    """When they are taken, the page is told, and no call is left behind."""
    agent_id = agent_of(plumber)
    with as_tenant(plumber):
        for _ in range(2 * SLOTS):
            begin_call(agent_id, "live")
        with pytest.raises(NoAgentFree):
            begin_call(agent_id, "live")
        assert len(live_calls()) == 2 * SLOTS


def test_pages_may_speak_to_the_living_media_processes(warm_regions: None) -> None:
    """Their origins, of every region."""
    beat(US, ws_url="wss://media.us.example/twilio/media")
    assert "wss://media.us.example" in media_origins()
    assert len(media_origins()) == 2


def test_an_older_plan_has_no_ticket() -> None:
    """Its token opens its stream, as a carrier's does."""
    ticket = next(field for field in msgspec.structs.fields(CallPlan) if field.name == "ticket")
    assert ticket.default == ""


SHOP = "https://shop.example"


def public_key(tenant_id: TenantId) -> str:
    """The key that stands in the company's own page."""
    with as_tenant(tenant_id):
        return create_api_key("Widget", scopes=["agents.talk"], origins=[SHOP]).secret


def ask(agent_id: UUID, key: str, *, origin: str = SHOP) -> tuple[int, dict[str, str]]:
    """A page asks for a call, as a browser does it."""
    headers = {"Authorization": f"Bearer {key}"} | ({"Origin": origin} if origin else {})
    path = f"/api/v1/agents/{agent_id}/talk"
    answer = Client().post(path, content_type="application/json", data="", headers=headers)
    return answer.status_code, answer.json()


def test_a_companys_page_begins_a_call_with_its_public_key(plumber: TenantId) -> None:
    """From its own origin; from another, from none and for another company's agent it does not."""
    agent_id, key = agent_of(plumber), public_key(plumber)
    status, opened = ask(agent_id, key)
    assert status == 201
    assert set(opened) == {"call", "url", "token"}
    assert ask(agent_id, key, origin="https://evil.example")[0] == 403
    assert ask(agent_id, key, origin="")[0] == 403
    with as_tenant(plumber):
        assert [str(call.id) for call in live_calls()] == [opened["call"]]


def test_a_public_key_opens_no_agent_of_another_company(
    plumber: TenantId, clinic: TenantId
) -> None:
    """It is not there."""
    assert ask(agent_of(clinic), public_key(plumber))[0] == 404


@pytest.mark.parametrize("path", ["calls", "agents", "keys", "bookings", "members", "company"])
def test_a_public_key_opens_nothing_else(plumber: TenantId, path: str) -> None:
    """Whoever reads it in the page's source may talk, and that is all."""
    headers = {"Authorization": f"Bearer {public_key(plumber)}", "Origin": SHOP}
    assert Client().get(f"/api/v1/{path}", headers=headers).status_code == 403


def test_pages_never_hold_more_than_half_of_the_companys_calls(plumber: TenantId) -> None:
    """Whoever finds the key keeps no caller on the telephone out."""
    set_limits("rivertown", max_concurrent_calls=2)
    agent_id = agent_of(plumber)
    with as_tenant(plumber):
        begin_call(agent_id, "live")
        with pytest.raises(NoAgentFree, match="half of what this company may have"):
            begin_call(agent_id, "live")


def test_one_address_begins_few_calls_a_minute(plumber: TenantId) -> None:
    """The next one is told to wait; the calls themselves are refused for nobody."""
    agent_id, key = agent_of(plumber), public_key(plumber)
    statuses = [ask(agent_id, key)[0] for _ in range(MOST_BY_ADDRESS + 1)]
    assert statuses[-1] == 429
    assert 429 not in statuses[: MOST_BY_ADDRESS - 1]
