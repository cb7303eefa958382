"""A region is lost under a live call: the next one goes on with it, once, with what was said so
far.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import redis
from django.db import connections

from telephony import media_link
from telephony.calls import actions, queries
from telephony.control import regional_redis
from telephony.control.answering import answer_memory
from tenants.context import as_tenant
from tests.telephony.conftest import (
    CLINIC,
    EU,
    LONDONER,
    SLOTS,
    US,
    Carrier,
    beat,
    give_number,
    ringing,
)
from tests.telephony.control.test_database_breaker import no_postgres
from warmline.kernel.call import (
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallEvent,
    CallPlan,
    Happening,
    SentenceHeard,
    ToolCalled,
    ToolReturned,
)
from warmline.kernel.conversation import decode_conversation
from warmline.kernel.ids import CallId, TenantId
from warmline.kernel.regions import RegionCode, redis_urls

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAID = b'{"turn":1,"messages":[{"role":"user","content":"are you open"}],"at_ms":4000.0}'


def redis_of(region: RegionCode) -> "redis.Redis":
    """The region's Redis."""
    client = regional_redis.client(region)
    assert client is not None
    return client


@pytest.fixture
def call_id(carrier: Carrier, plumber: TenantId) -> CallId:
    """A call that is answered in us-east."""
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        line = queries.live_calls()[0]
    assert line.region == US
    return CallId(str(line.id))


def lose_media(region: RegionCode) -> None:
    """No media process of the region lives."""
    redis_of(region).delete(media_link.WORKERS_SET)


def lose_redis(monkeypatch: pytest.MonkeyPatch, region: RegionCode) -> None:
    """The region's Redis answers nobody."""
    urls = {**redis_urls(), region: "unix:///nowhere.sock?db=0"}
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", json.dumps(urls))


def resume(
    carrier: Carrier, *, attempt: int = 1, holds: int = 0, form: dict[str, str] | None = None
) -> str:
    """What the carrier is told when the stream is over."""
    status, body = carrier.post(
        f"/twilio/resume?attempt={attempt}&holds={holds}", form or ringing()
    )
    assert status == 200, body
    return body


def verbs(body: str) -> list[str]:
    """The document's verbs."""
    return [verb.tag for verb in ElementTree.fromstring(body)]


def sent_to(body: str) -> tuple[str, dict[str, str]]:
    """Where the audio goes, and what opens the door there."""
    [stream] = ElementTree.fromstring(body).iter("Stream")
    return stream.attrib["url"], {
        parameter.attrib["name"]: parameter.attrib["value"] for parameter in stream
    }


def plan_in(region: RegionCode, call_id: CallId) -> CallPlan:
    """The call's plan there."""
    plan = media_link.stored_plan(redis_of(region), call_id)
    assert plan is not None
    return plan


def write(
    tenant_id: TenantId,
    call_id: CallId,
    *happenings: Happening,
    epoch: int = 1,
    region: RegionCode = US,
) -> None:
    """The recorder writes what a media process told."""
    events = [
        CallEvent(
            call_id,
            tenant_id,
            region,
            epoch,
            number,
            START + timedelta(seconds=number),
            number * 1000.0,
            happening,
        )
        for number, happening in enumerate(happenings, start=1)
    ]
    with as_tenant(tenant_id):
        actions.record_events(queries.live_calls()[0].id, events)


TALK = (
    CallAnswered("MZ1", "us-east-1", "caller"),
    SentenceHeard(0, 0, "Hello."),
    CallerTurn(1, "are you open", 3000, 4000),
    ToolCalled(1, "turn1_a", "check_status", '{"reference": "five"}', ran=True),
    ToolReturned(1, "turn1_a", ok=True, result='{"state": "on the way"}'),
    ToolCalled(1, "turn1_b", "book_visit", "{}", ran=True),
    SentenceHeard(1, 0, "It is on the way."),
    SentenceHeard(1, 1, "Anything else?"),
)


def test_after_one_hold_without_media_the_next_region_takes_the_call_up(
    carrier: Carrier, plumber: TenantId, call_id: CallId
) -> None:
    """The same call, its own prompt, what was said; slots there instead of here; its streams are
    counted on.
    """
    before = plan_in(US, call_id)
    redis_of(US).set(media_link.conversation_key(call_id), SAID)
    lose_media(US)
    assert verbs(resume(carrier)) == ["Say", "Pause", "Redirect"]
    body = resume(carrier, holds=1)
    assert verbs(body) == ["Connect", "Redirect"]
    assert "/twilio/resume?attempt=2" in body
    plan = plan_in(EU, call_id)
    url, opens = sent_to(body)
    assert (url, opens) == (f"ws://127.0.0.1:9/{EU}/media", {"call": call_id, "token": plan.token})
    assert (plan.region, plan.agent) == (EU, before.agent)
    assert redis_of(EU).get(media_link.conversation_key(call_id)) == SAID
    assert redis_of(EU).get(media_link.epoch_key(call_id)) == b"1"
    assert set(plan.leases) == {f"{EU}/{role}/{role}-model" for role in ("hear", "think", "speak")}
    held = {name: redis_of(RegionCode(name.split("/")[0])).zcard(f"lease:{name}")
            for name in (*before.leases, *plan.leases)}  # fmt: skip
    assert held == dict.fromkeys(before.leases, 0) | dict.fromkeys(plan.leases, 1)
    with as_tenant(plumber):
        page = queries.call_page(queries.live_calls()[0].id)
    assert page.call.region == EU
    assert page.routing_because.startswith("us-east was lost: no media process is there; eu-west: ")


def test_when_its_redis_is_gone_the_call_is_taken_up_at_once(
    carrier: Carrier, plumber: TenantId, call_id: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said comes from the rows: words as they were heard, tools that answered."""
    write(plumber, call_id, *TALK)
    lose_redis(monkeypatch, US)
    assert verbs(resume(carrier)) == ["Connect", "Redirect"]
    stored = redis_of(EU).get(media_link.conversation_key(call_id))
    assert isinstance(stored, bytes)
    replayed = decode_conversation(stored)
    assert (replayed.turn, replayed.at_ms) == (1, 8000.0)
    assert [(message.role, message.content) for message in replayed.messages] == [
        ("assistant", "Hello."),
        ("user", "are you open"),
        ("assistant", None),
        ("tool", '{"state": "on the way"}'),
        ("assistant", "It is on the way. Anything else?"),
    ]
    calls = replayed.messages[2].tool_calls
    assert calls is not None
    assert calls[0]["function"]["name"] == "check_status"


def test_the_same_question_gets_the_same_answer(
    carrier: Carrier, plumber: TenantId, call_id: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the region is back by then: the call is in one region."""
    with monkeypatch.context() as away:
        lose_redis(away, US)
        first = resume(carrier)
        assert verbs(first) == ["Connect", "Redirect"]
        redis_of(EU).set(media_link.stream_key(call_id), "eu-west-1 MZ2")
        assert resume(carrier) == first
    assert resume(carrier) == first
    assert redis_of(EU).get(media_link.stream_key(call_id)) == b"eu-west-1 MZ2"


def test_ten_copies_of_the_question_at_once_get_one_answer(
    plumber: TenantId, call_id: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And hold one slot of each pool; the token in the answer is the one in the plan."""
    lose_redis(monkeypatch, US)

    def send(_: int) -> str:
        try:
            return resume(Carrier())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        answers = set(threads.map(send, range(10)))
    assert len(answers) == 1
    assert sent_to(answers.pop())[1]["token"] == plan_in(EU, call_id).token
    assert redis_of(EU).zcard("lease:eu-west/think/think-model") == 1


def test_a_call_that_moved_is_resumed_where_it_is(
    carrier: Carrier, plumber: TenantId, call_id: CallId
) -> None:
    """Its second stream breaks: the living media of the new region takes it up; after the third a
    person does.
    """
    lose_media(US)
    resume(carrier, holds=1)
    body = resume(carrier, attempt=2)
    assert sent_to(body)[0] == f"ws://127.0.0.1:9/{EU}/media"
    assert "/twilio/resume?attempt=3" in body
    assert verbs(resume(carrier, attempt=3)) == ["Say", "Dial"]


def test_a_call_may_come_back_to_the_region_it_came_from(
    carrier: Carrier, plumber: TenantId, call_id: CallId
) -> None:
    """That region is well again when the next one is lost; its epochs count on."""
    redis_of(US).set(media_link.epoch_key(call_id), 1)
    lose_media(US)
    resume(carrier, holds=1)
    beat(US)
    lose_media(EU)
    assert verbs(resume(carrier, attempt=2)) == ["Say", "Pause", "Redirect"]
    body = resume(carrier, attempt=2, holds=1)
    url, opens = sent_to(body)
    assert url == f"ws://127.0.0.1:9/{US}/media"
    assert opens["token"] == plan_in(US, call_id).token
    assert redis_of(US).get(media_link.epoch_key(call_id)) == b"2"
    assert redis_of(US).zcard("lease:us-east/think/think-model") == 1


def test_no_call_leaves_its_residency(
    carrier: Carrier, clinic: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clinic's calls stay in the EU: a person takes over, at once without Redis, after two
    holds without media.
    """
    form = ringing(caller=LONDONER, dialled=CLINIC)
    carrier.post("/twilio/voice", form)
    lose_media(EU)
    answers = [verbs(resume(carrier, holds=holds, form=form)) for holds in (0, 1, 2)]
    assert answers == [["Say", "Pause", "Redirect"], ["Pause", "Redirect"], ["Say", "Dial"]]
    other = ringing("2", caller=LONDONER, dialled=CLINIC)
    beat(EU)
    carrier.post("/twilio/voice", other)
    lose_redis(monkeypatch, EU)
    assert verbs(resume(carrier, form=other)) == ["Say", "Dial"]


def test_where_every_slot_is_taken_a_person_takes_over(
    carrier: Carrier, plumber: TenantId, call_id: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next region's own callers are not pushed out."""
    for number in range(SLOTS):
        redis_of(EU).zadd("lease:eu-west/think/think-model", {f"other {number}": 9e9})
    lose_redis(monkeypatch, US)
    assert verbs(resume(carrier)) == ["Say", "Dial"]


def test_a_lost_plan_is_made_anew(carrier: Carrier, plumber: TenantId, call_id: CallId) -> None:
    """The region's Redis came back empty; its media lives."""
    write(plumber, call_id, *TALK)
    redis_of(US).delete(media_link.plan_key(call_id))
    body = resume(carrier)
    assert sent_to(body)[0] == f"ws://127.0.0.1:9/{US}/media"
    assert sent_to(body)[1]["token"] == plan_in(US, call_id).token
    assert redis_of(US).zcard("lease:us-east/think/think-model") == 1


def test_without_postgres_too_the_call_goes_on_and_its_row_follows(
    carrier: Carrier,
    plumber: TenantId,
    call_id: CallId,
    postgres_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A region and Postgres at once: found by what Redis remembers; the row's region follows from
    the first event.
    """
    lose_redis(monkeypatch, US)
    with no_postgres(postgres_server):
        first = resume(carrier)
        assert verbs(first) == ["Connect", "Redirect"]
        assert resume(carrier) == first
        assert verbs(resume(carrier, attempt=2)) == ["Connect", "Redirect"]
    with as_tenant(plumber):
        assert queries.live_calls()[0].region == US
    write(
        plumber,
        call_id,
        CallAnswered("MZ2", "eu-west-1", "caller", resumed=True),
        epoch=2,
        region=EU,
    )
    with as_tenant(plumber):
        assert queries.live_calls()[0].region == EU


def test_a_process_that_comes_back_from_a_lost_region_ends_no_call(
    plumber: TenantId, call_id: CallId
) -> None:
    """Its last word is written, and the call that another took up goes on; the order does not
    matter.
    """
    write(plumber, call_id, *TALK)
    write(
        plumber,
        call_id,
        CallAnswered("MZ2", "eu-west-1", "caller", resumed=True),
        epoch=2,
        region=EU,
    )
    with as_tenant(plumber):
        line = queries.live_calls()[0]
        late = CallEvent(call_id, plumber, US, 1, 99, START, 9000.0, CallEnded("caller_hung_up", 9))
        actions.record_events(line.id, [late])
        page = queries.call_page(line.id)
    assert (page.call.state, page.call.region) == ("live", EU)
    assert "ended: caller_hung_up" in [event.text for event in page.events]


def test_what_a_copy_of_the_ring_was_answered_stays(
    carrier: Carrier, plumber: TenantId, call_id: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of the call changes its region, nothing else."""
    before = answer_memory.recall_call(ringing()["CallSid"], carrier="twilio")
    lose_media(US)
    resume(carrier, holds=1)
    after = answer_memory.recall_call(ringing()["CallSid"], carrier="twilio")
    assert before is not None
    assert after is not None
    assert (after.answer, after.call_id, after.region) == (before.answer, before.call_id, EU)
    assert after.leases == plan_in(EU, call_id).leases


def test_a_call_keeps_the_agent_version_it_began_with(
    carrier: Carrier, plumber: TenantId, call_id: CallId
) -> None:
    """Another one went live meanwhile."""
    before = plan_in(US, call_id)
    give_number(plumber, "+12125550100", greeting="Good morning.")
    lose_media(US)
    resume(carrier, holds=1)
    assert plan_in(EU, call_id).agent == before.agent


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("agent_said_goodbye", ["Hangup"]),
        ("transferred", ["Dial"]),
        ("media_failed", ["Connect", "Redirect"]),
    ],
)
def test_a_call_that_ended_while_its_redis_was_away_is_not_taken_up(
    carrier: Carrier,
    call_id: CallId,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
    expected: list[str],
) -> None:
    """Its media process lives, and tells the web plane how it ended."""
    token = plan_in(US, call_id).token
    lose_redis(monkeypatch, US)
    assert tell_end(carrier, call_id, token, reason) == 204
    assert verbs(resume(carrier)) == expected


def test_only_the_calls_own_token_tells_its_end(carrier: Carrier, call_id: CallId) -> None:
    """And only an end that there is."""
    token = plan_in(US, call_id).token
    assert tell_end(carrier, call_id, "made up", "transferred") == 401
    assert tell_end(carrier, call_id, token, "tired of it") == 400
    other = ringing("2")
    carrier.post("/twilio/voice", other)
    another = answer_memory.recall_call(other["CallSid"], carrier="twilio")
    assert another is not None
    assert tell_end(carrier, CallId(another.call_id), token, "transferred") == 401


def tell_end(carrier: Carrier, call_id: CallId, token: str, reason: str) -> int:
    """What the media process is answered."""
    body = json.dumps({"region": US, "reason": reason})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return carrier.send(f"/internal/calls/{call_id}/end", body, headers)[0]
