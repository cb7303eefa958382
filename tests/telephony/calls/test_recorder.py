"""Events become rows, each once, whatever dies in between."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
import redis

from telephony import media_link
from telephony.calls import queries
from telephony.calls.listing.pages import calls_page
from telephony.control import webhook_spool
from telephony.models import CallEventRow
from telephony.recorder.draining import MAX_TRIES, Drain, RegionRecorder, parked_stream
from telephony.recorder.writing import write_events, write_webhooks
from tenants.context import as_tenant
from tests.telephony.conftest import US, Carrier, every_redis, ringing
from warmline.kernel.call import (
    AgentSentence,
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallEvent,
    Happening,
    SentenceHeard,
    TurnTimed,
)
from warmline.kernel.env import REPOSITORY
from warmline.kernel.ids import CallId, TenantId, new_call_id
from warmline.kernel.regions import redis_url

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def client(empty_valkey: str) -> "redis.Redis":
    """The Redis of us-east, as the recorder sees it."""
    return redis.Redis.from_url(redis_url(US))


@pytest.fixture
def call_id(carrier: Carrier, plumber: TenantId) -> CallId:
    """A call that rings at the plumber's."""
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        return CallId(str(queries.live_calls()[0].id))


def happened(
    tenant_id: TenantId, call_id: CallId, *happenings: Happening, epoch: int = 1, first: int = 1
) -> list[CallEvent]:
    return [
        CallEvent(
            call_id=call_id,
            tenant_id=tenant_id,
            region=US,
            epoch=epoch,
            number=number,
            at=START + timedelta(seconds=number),
            at_ms=number * 1000.0,
            happening=happening,
        )
        for number, happening in enumerate(happenings, start=first)
    ]


TALK = (
    CallAnswered("MZ1", "us-east-1", "caller"),
    AgentSentence(0, 0, "Hello."),
    SentenceHeard(0, 0, "Hello."),
    CallerTurn(1, "do you charge extra", 3000, 4500),
    AgentSentence(1, 0, "Yes, twenty dollars."),
    TurnTimed(1, "think-1", US, 300, 350, 360, 420, 440, 480),
    CallEnded("agent_said_goodbye", 7),
)


def events_drain(client: "redis.Redis", consumer: str, *, abandoned_ms: int = 60_000) -> Drain:
    return Drain(
        client,
        media_link.EVENTS_STREAM,
        consumer,
        lambda entries: write_events(client, entries),
        abandoned_ms=abandoned_ms,
    )


def rows_of(tenant_id: TenantId) -> int:
    with as_tenant(tenant_id):
        return CallEventRow.objects.count()


def pending(client: "redis.Redis", stream: str = media_link.EVENTS_STREAM) -> int:
    return int(client.xpending(stream, media_link.RECORDER_GROUP)["pending"])


def test_a_calls_events_become_its_page(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """Transcript, latency, end."""
    media_link.publish(client, happened(plumber, call_id, *TALK))
    assert events_drain(client, "one").step(block_ms=None) == len(TALK)
    with as_tenant(plumber):
        page = queries.call_page(calls_page().items[0].id)
    assert [(said.speaker, said.text) for said in page.transcript] == [
        ("agent", "Hello."),
        ("caller", "do you charge extra"),
        ("agent", "Yes, twenty dollars."),
    ]
    assert (page.call.state, page.call.end_reason, page.call.turns) == (
        "ended",
        "agent_said_goodbye",
        1,
    )
    assert page.call.first_audio_p50_ms == 480
    assert pending(client) == 0
    # What was said is a row now, and no longer in Redis.
    assert client.xlen(media_link.EVENTS_STREAM) == 0


def test_an_event_that_comes_twice_is_one_row(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """In one batch and in another one."""
    talk = happened(plumber, call_id, *TALK)
    media_link.publish(client, [*talk, *talk])
    drain = events_drain(client, "one")
    drain.step(block_ms=None)
    media_link.publish(client, talk)
    drain.step(block_ms=None)
    assert rows_of(plumber) == len(TALK)


def test_a_recorder_that_dies_after_the_commit_doubles_nothing(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """Its entries are taken up by the next one, written again to no effect, and acknowledged."""
    media_link.publish(client, happened(plumber, call_id, *TALK))

    def die_after_writing(entries: list[object]) -> list[object]:
        write_events(client, entries)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    dying = Drain(
        client,
        media_link.EVENTS_STREAM,
        "dying",
        die_after_writing,  # type: ignore[arg-type]
    )
    with pytest.raises(KeyboardInterrupt):
        dying.step(block_ms=None)
    assert pending(client) == len(TALK)
    assert events_drain(client, "next", abandoned_ms=0).step(block_ms=None) == len(TALK)
    assert rows_of(plumber) == len(TALK)
    assert pending(client) == 0


def test_what_is_no_event_is_parked_and_blocks_nothing(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """With its reason, beside events that are written."""
    client.xadd(media_link.EVENTS_STREAM, {"event": b"{not json"})
    client.xadd(media_link.EVENTS_STREAM, {"other": b"field"})
    media_link.publish(client, happened(plumber, call_id, *TALK))
    events_drain(client, "one").step(block_ms=None)
    assert rows_of(plumber) == len(TALK)
    assert client.xlen(parked_stream(media_link.EVENTS_STREAM)) == 2
    assert pending(client) == 0


def test_a_plan_that_cannot_be_read_keeps_no_other_call_waiting(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """A call without a row whose plan in Redis is rubbish: parked, and the others are written."""
    strange = new_call_id()
    client.set(media_link.plan_key(strange), b'{"call_id": 5}')
    media_link.publish(client, happened(plumber, strange, TALK[0]))
    media_link.publish(client, happened(plumber, call_id, *TALK))
    events_drain(client, "one").step(block_ms=None)
    assert rows_of(plumber) == len(TALK)
    assert client.xlen(parked_stream(media_link.EVENTS_STREAM)) == 1
    assert pending(client) == 0


def test_an_event_of_no_tenant_is_parked(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """Its tenant's id is none."""
    media_link.publish(client, happened(TenantId("nobody"), call_id, TALK[0]))
    events_drain(client, "one").step(block_ms=None)
    assert client.xlen(parked_stream(media_link.EVENTS_STREAM)) == 1


def test_an_event_for_another_companys_call_is_not_written(
    client: "redis.Redis", plumber: TenantId, clinic: TenantId, call_id: CallId
) -> None:
    """The clinic has no such call; after its tries the event is parked."""
    media_link.publish(client, happened(clinic, call_id, TALK[0]))
    drain = events_drain(client, "one", abandoned_ms=0)
    for _ in range(MAX_TRIES + 1):
        drain.step(block_ms=None)
    assert (rows_of(plumber), rows_of(clinic)) == (0, 0)
    assert client.xlen(parked_stream(media_link.EVENTS_STREAM)) == 1
    assert pending(client) == 0


def test_words_that_no_column_holds_are_written_without_them(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """A NUL in what was heard."""
    media_link.publish(client, happened(plumber, call_id, CallerTurn(1, "he\x00llo", 0, 1)))
    events_drain(client, "one").step(block_ms=None)
    with as_tenant(plumber):
        assert CallEventRow.objects.get().payload["text"] == "hello"


def test_a_call_answered_without_postgres_gets_its_row_from_its_plan(
    client: "redis.Redis", carrier: Carrier, plumber: TenantId, call_id: CallId
) -> None:
    """Its own record was lost, its plan was not."""
    other = new_call_id()
    raw = client.get(media_link.plan_key(call_id))
    assert isinstance(raw, bytes)
    lost = {**json.loads(raw), "call_id": other, "carrier_call_id": "CA" + "e" * 32}
    client.set(media_link.plan_key(other), json.dumps(lost))
    media_link.publish(client, happened(plumber, other, *TALK))
    events_drain(client, "one").step(block_ms=None)
    with as_tenant(plumber):
        call = queries.call_by_carrier("CA" + "e" * 32, carrier="twilio")
        assert call is not None
        assert queries.call_exists(call.pk)


def test_a_report_that_came_before_its_call_is_written_after_it(
    client: "redis.Redis", carrier: Carrier, plumber: TenantId
) -> None:
    """It waits in the spool."""
    form = {**ringing(), "CallStatus": "completed", "SequenceNumber": "3", "Timestamp": ""}
    carrier.post("/twilio/status", form)
    regions = every_redis()
    drains = [
        Drain(region, webhook_spool.STREAM, "one", write_webhooks, abandoned_ms=0)
        for region in regions
    ]
    for drain in drains:
        drain.step(block_ms=None)
    assert sum(pending(region, webhook_spool.STREAM) for region in regions) == 1
    carrier.post("/twilio/voice", ringing())
    for drain in drains:
        drain.step(block_ms=None)
    assert sum(pending(region, webhook_spool.STREAM) for region in regions) == 0
    with as_tenant(plumber):
        assert calls_page().items[0].state == "ended"


def test_a_killed_recorder_loses_and_doubles_nothing(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """Real processes, killed while they write, one after another; then one that may finish."""
    sentences = [AgentSentence(turn, 0, f"sentence {turn}") for turn in range(2000)]
    media_link.publish(client, happened(plumber, call_id, *sentences))
    for _ in range(2):
        process = _recorder()
        deadline = time.monotonic() + 90
        before = rows_of(plumber)
        while rows_of(plumber) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait(10)
    recorder = RegionRecorder(US, redis_url(US), consumer="last")
    recorder.events.abandoned_ms = 0
    while recorder.events.step(block_ms=None):
        pass
    assert rows_of(plumber) == len(sentences)
    assert pending(client) == 0


def _recorder() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(REPOSITORY / "manage.py"), "record_calls"], cwd=REPOSITORY
    )


def test_an_ended_call_gives_its_slots_back(
    client: "redis.Redis", plumber: TenantId, call_id: CallId
) -> None:
    """By the media plane's last event, too."""
    assert client.zcard("lease:us-east/think/think-model") == 1
    media_link.publish(client, happened(plumber, call_id, *TALK))
    events_drain(client, "one").step(block_ms=None)
    assert client.zcard("lease:us-east/think/think-model") == 0


def test_what_an_older_version_spooled_is_written(
    client: "redis.Redis", carrier: Carrier, plumber: TenantId
) -> None:
    """It names no carrier, and a status that is none of ours says nothing."""
    carrier.post("/twilio/voice", ringing())
    report = {
        "type": "report",
        "carrier_call_id": ringing()["CallSid"],
        "dialled": ringing()["To"],
        "key": "status:1",
        "at": "2026-03-01T12:00:00Z",
        "status": "meditating",
        "handed": "media_failed",
        "human_answered": False,
    }
    client.xadd(webhook_spool.STREAM, {webhook_spool.FIELD: json.dumps(report)})
    Drain(client, webhook_spool.STREAM, "one", write_webhooks).step(block_ms=None)
    assert pending(client, webhook_spool.STREAM) == 0
    with as_tenant(plumber):
        assert queries.live_calls()[0].state == "handed_over"
