"""With a call ends what its token opened: its stream, its tools, its knowledge."""

import asyncio
import json
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
import redis.asyncio
from django.test import Client

from agents.actions import set_business
from telephony import media_link
from telephony.calls import actions, queries
from telephony.calls.call_state import Ending, Facts
from telephony.control import call_ends, regional_redis
from tenants import call_tokens
from tenants.context import as_tenant
from tests.agents.conftest import WEEKDAYS_EIGHT_TO_SIX
from tests.telephony.conftest import NEW_YORKER, US, Carrier, ringing
from warmline.kernel import clock
from warmline.kernel.call import CallPlan
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import redis_urls

pytestmark = pytest.mark.django_db

End = Callable[[Carrier, TenantId, CallId], None]


@pytest.fixture
def call(carrier: Carrier, plumber: TenantId) -> CallPlan:
    """The plan of a call that an agent took."""
    carrier.post("/twilio/voice", ringing(caller=NEW_YORKER))
    with as_tenant(plumber):
        set_business(WEEKDAYS_EIGHT_TO_SIX)
        call_id = CallId(str(queries.live_calls()[0].id))
    with regional_redis.asking(US) as client:
        plan = media_link.stored_plan(client, call_id)
    assert plan is not None
    return plan


def ask(call: CallPlan, door: str, body: Mapping[str, object]) -> int:
    """The status of the media plane's request with the call's token."""
    answer = Client().post(
        f"/internal/calls/{call.call_id}/{door}",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {call.token}"},
    )
    return answer.status_code


def opened(call: CallPlan) -> dict[str, int]:
    """What the token opens: a tool and the knowledge."""
    tool = {"tool_call_id": "one", "arguments": {"reason": "a question"}}
    return {
        "tool": ask(call, "tools/transfer_to_person", tool),
        "knowledge": ask(call, "knowledge", {"query": "what does it cost", "k": 1}),
    }


async def stream(call: CallPlan) -> str:
    """What a media process is told that asks for the call's stream."""
    async with redis.asyncio.Redis.from_url(redis_urls()[call.region]) as client:
        claim = await media_link.claim_stream(client, call.call_id, holder="w1 MZ1")
    return claim.because


def hangs_up(carrier: Carrier, tenant_id: TenantId, call_id: CallId) -> None:
    """The carrier says that the call is over."""
    form = {**ringing(), "CallStatus": "completed", "SequenceNumber": "3", "Timestamp": ""}
    assert carrier.post("/twilio/status", form)[0] == 204


def is_swept(carrier: Carrier, tenant_id: TenantId, call_id: CallId) -> None:
    """Nobody holds the call any more."""
    learn(tenant_id, call_id, Facts(swept=Ending(clock.now(), "stream_lost")))


def is_put_through(carrier: Carrier, tenant_id: TenantId, call_id: CallId) -> None:
    """A person has it: no agent from here on."""
    learn(tenant_id, call_id, Facts(transferred=Ending(clock.now(), "media_failed")))


def learn(tenant_id: TenantId, call_id: CallId, facts: Facts) -> None:
    with as_tenant(tenant_id):
        change = actions.learn(UUID(call_id), facts)
    call_ends.close_after(change)


@pytest.mark.parametrize("ends", [hangs_up, is_swept, is_put_through])
def test_the_token_of_a_call_that_is_over_opens_nothing(
    carrier: Carrier, plumber: TenantId, call: CallPlan, ends: End
) -> None:
    """Neither a stream nor a tool nor knowledge, though it has not expired; the plan and what was
    said are gone.
    """
    with regional_redis.asking(US) as client:
        client.set(media_link.conversation_key(call.call_id), b"[]")
        # As a process leaves it that lost the stream: until the end it may be taken up again.
        client.set(media_link.ended_key(call.call_id), "stream_lost")
    assert opened(call)["tool"] == 200
    ends(carrier, plumber, call.call_id)
    assert opened(call) == {"tool": 401, "knowledge": 401}
    assert asyncio.run(stream(call)) == "ended"
    with regional_redis.asking(US) as client:
        assert media_link.stored_plan(client, call.call_id) is None
        assert media_link.stored_conversation(client, call.call_id) is None


def test_the_reason_that_the_media_plane_gave_stays(
    carrier: Carrier, plumber: TenantId, call: CallPlan
) -> None:
    """The carrier's next verb is decided by it."""
    with regional_redis.asking(US) as client:
        client.set(media_link.ended_key(call.call_id), "agent_said_goodbye")
        hangs_up(carrier, plumber, call.call_id)
        assert media_link.stream_end(client, call.call_id) == "agent_said_goodbye"


def test_a_plan_says_until_when_it_holds_and_is_gone_by_then(call: CallPlan) -> None:
    """As long as the agent's longest call and what a lost stream may take."""
    longest_s = call.agent.limits.max_seconds + 600
    assert abs(call.until - clock.now().timestamp() - longest_s) < 60
    with regional_redis.asking(US) as client:
        kept_s = client.ttl(media_link.plan_key(call.call_id))
    assert isinstance(kept_s, int)
    assert longest_s - 60 < kept_s <= longest_s


def test_a_call_whose_region_does_not_answer_keeps_its_tools(
    call: CallPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell there whether it is over, so its token counts until it expires."""
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", '{"us-east": "redis://127.0.0.1:9/2"}')
    claims = call_tokens.verify(call.token, call.call_id)
    assert not call_ends.is_over(call.call_id, claims)
