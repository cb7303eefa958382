"""Each plane signs in at Redis as itself: what it may do there, and what it may not."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import redis
from celery import Celery
from django.core.cache.backends.redis import RedisCache
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import NoPermissionError

from inference.fleet import leases, prompt_prefixes, snapshots
from inference.warming import record
from telephony import media_link
from telephony.control import number_table, webhook_spool
from telephony.control.answering import answer_memory
from telephony.recorder.draining import Drain, parked_stream
from telephony.recorder.writing import Entry, EntryResult
from warmline import redis_users, settings
from warmline.cache import JsonSerializer
from warmline.embedded.credentials import credentials
from warmline.embedded.home import open_home
from warmline.embedded.running import running
from warmline.embedded.stores import valkey
from warmline.embedded.stores.redis_addresses import RedisAddresses, embedded_redis, valkey_users
from warmline.kernel.ids import CallId
from warmline.kernel.redis_address import celery_broker
from warmline.kernel.regions import RegionCode, redis_database

REGIONS = ("us-east", "eu-west")
CACHE: dict[str, Any] = settings.CACHES["default"]
LIVE: dict[str, Any] = settings.CHANNEL_LAYERS["default"]
POOL = "us-east/think/frontdesk"
# One key of each kind that any plane keeps, as the code names it.
KEYS_OF_REGIONS = {
    "a call's plan": media_link.plan_key("call"),
    "a call's stream": media_link.stream_key("call"),
    "a call's epoch": media_link.epoch_key("call"),
    "a call's end": media_link.ended_key("call"),
    "a call's words": media_link.conversation_key("call"),
    "a moved call": media_link.moved_key("call", 1),
    "a heartbeat": media_link.worker_key("worker"),
    "media processes": media_link.WORKERS_SET,
    "events": media_link.EVENTS_STREAM,
    "parked events": parked_stream(media_link.EVENTS_STREAM),
    "webhooks": webhook_spool.STREAM,
    "parked webhooks": parked_stream(webhook_spool.STREAM),
    "a number": number_table.number_key("+15550100"),
    "an answer": answer_memory.call_key("call"),
    "pools": snapshots.KEY,
    "the pools' number": snapshots.NUMBER_KEY,
    "held slots": record.held_key(POOL),
    "prefixes": prompt_prefixes._TEXTS,
    "called prefixes": prompt_prefixes._CALLED,
    **{f"lease {number}": key for number, key in enumerate(leases._keys(POOL))},
}
OTHERS = {
    "the cache": ":1:sign-in:ann",
    "the broker": "celery",
    "a binding": "_kombu.binding.celery",
    "unacknowledged work": "unacked",
    "a session": "session:ann",
}


@dataclass(frozen=True)
class Machine:
    addresses: RedisAddresses

    def of(self, plane: redis_users.Plane, *, database: int) -> redis.Redis:
        url = self.addresses.of(plane)["REDIS_URL"]
        return redis.Redis.from_url(redis_database(url, database))

    def media(self, region: str) -> redis.Redis:
        return redis.Redis.from_url(self.regions_of_media(region)[region])

    def regions_of_media(self, region: str) -> dict[str, str]:
        raw = self.addresses.of_media(region)["WARMLINE_REGIONS_REDIS"]
        return msgspec.json.decode(raw, type=dict[str, str])


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """One machine's Valkey, with the users that it has there."""
    home = open_home(tmp_path_factory.mktemp("users"))
    users = valkey_users(home, credentials(home), regions=REGIONS)
    with pytest.MonkeyPatch.context() as nothing_given:
        nothing_given.delenv("WARMLINE_REGIONS_REDIS")
        addresses = embedded_redis(home, users, regions=REGIONS)
    with running(valkey.program(home, users=tuple(users.values())), home=home):
        yield Machine(addresses)


def refused(client: redis.Redis, *words: str | bytes | int) -> bool:
    """Whether the server says that this user may not do this."""
    try:
        client.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py's own
    except NoPermissionError:
        return True
    except redis.ResponseError as error:
        return "ACL failure in script" in str(error)
    return False


def test_without_a_name_nothing_may_be_done(machine: Machine) -> None:
    """Not even a ping."""
    path = urlsplit(machine.addresses.of("web")["REDIS_URL"]).path
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(f"unix://{path}").ping()


@pytest.mark.parametrize("database", range(4))
@pytest.mark.parametrize("key", OTHERS.values(), ids=OTHERS.keys())
def test_media_neither_read_nor_write_the_cache_sessions_or_jobs(
    machine: Machine, database: int, key: str
) -> None:
    """In whichever numbered database they lie, whatever the type of the key."""
    client = machine.media("us-east")
    closed = refused(client, "SELECT", database)
    for words in (
        ("GET", key),
        ("SET", key, pickle.dumps("planted")),
        ("LPUSH", key, "planted"),
        ("HGET", key, "field"),
        ("DEL", key),
        ("EVAL", f"return redis.call('GET', '{key}')", 0),
    ):
        assert closed or refused(client, *words)


def test_a_regions_media_reach_no_other_region(machine: Machine) -> None:
    """They are told of their own alone, and its credential opens no other database."""
    assert machine.regions_of_media("us-east").keys() == {"us-east"}
    assert refused(machine.media("us-east"), "SELECT", 3)
    assert refused(machine.media("eu-west"), "SELECT", 2)


@pytest.mark.parametrize(
    "words",
    [
        ("KEYS", "*"),
        ("SCAN", 0),
        ("RANDOMKEY",),
        ("FLUSHALL",),
        ("CONFIG", "GET", "*"),
        ("ACL", "LIST"),
        ("CLIENT", "LIST"),
        ("MONITOR",),
        ("SHUTDOWN",),
        ("REPLICAOF", "h", 1),
        ("MODULE", "LIST"),
        ("SCRIPT", "FLUSH"),
        ("FUNCTION", "LIST"),
        ("SAVE",),
    ],
    ids=lambda words: " ".join(map(str, words)),
)
@pytest.mark.parametrize("plane", redis_users.PLANES)
def test_no_plane_speaks_to_the_server_itself(
    machine: Machine, plane: redis_users.Plane, words: tuple[str | int, ...]
) -> None:
    """Nor lists what others keep."""
    client = machine.media("us-east") if plane == "media" else machine.of(plane, database=2)
    assert refused(client, *words)


@pytest.mark.parametrize("what", KEYS_OF_REGIONS)
@pytest.mark.parametrize("plane", ["web", "jobs", "commands"])
def test_the_control_plane_keeps_every_key_of_a_region(
    machine: Machine, plane: redis_users.Plane, what: str
) -> None:
    """Each key that the code names is open to it."""
    client, key = machine.of(plane, database=2), KEYS_OF_REGIONS[what]
    assert not refused(client, "TYPE", key)
    assert not refused(client, "DEL", key)


MEDIA_MAY_WRITE = {
    "a call's stream",
    "a call's epoch",
    "a call's end",
    "a call's words",
    "a heartbeat",
    "media processes",
    *(what for what in KEYS_OF_REGIONS if what.startswith("lease ")),
}


@pytest.mark.parametrize("what", KEYS_OF_REGIONS)
def test_media_write_what_their_calls_come_to_and_nothing_else(machine: Machine, what: str) -> None:
    """No plan, no number, no pool, no answer to a carrier is theirs to change."""
    client, key = machine.media("us-east"), KEYS_OF_REGIONS[what]
    assert refused(client, "SET", key, "planted") is (what not in MEDIA_MAY_WRITE)
    assert refused(client, "DEL", key) is (what not in MEDIA_MAY_WRITE)


def test_media_append_events_and_read_none(machine: Machine) -> None:
    """What others' calls came to is not theirs to see."""
    client = machine.media("us-east")
    client.xadd(media_link.EVENTS_STREAM, {"event": b"{}"})
    assert refused(client, "XRANGE", media_link.EVENTS_STREAM, "-", "+")
    assert refused(client, "XREAD", "STREAMS", media_link.EVENTS_STREAM, "0")


async def test_media_take_a_call_from_its_plan_to_its_end(machine: Machine) -> None:
    """Claim, renew, keep, publish, beat, renew the lease, let go: with their own credential."""
    web = machine.of("web", database=2)
    web.set(media_link.plan_key("ann"), b"no plan")
    assert leases.take(web, POOL, "ann", tenant="t", slots=2).granted
    (url,) = machine.regions_of_media("us-east").values()
    client = media_link.media_client(url)
    call, holder = CallId("ann"), "worker stream"
    with pytest.raises(msgspec.MsgspecError):
        await media_link.read_plan(client, call)
    assert (await media_link.claim_stream(client, call, holder=holder)).granted
    assert await media_link.renew_stream(client, call, holder=holder)
    await media_link.keep_conversation(client, call, b"words")
    assert await media_link.read_conversation(client, call) == b"words"
    await media_link.publish_events(client, [])
    beat = media_link.MediaHeartbeat("worker", RegionCode("us-east"), "ws://here", 0, 1, 0.0)
    await media_link.beat(client, beat)
    await media_link.leave(client, "worker")
    assert await leases.renew_async(client, POOL, call)
    assert await leases.release_async(client, POOL, call)
    assert await media_link.release_stream(client, call, holder=holder, reason="too_long")
    async with client.pubsub() as subscription:
        await subscription.subscribe(snapshots.CHANNEL)
    await client.aclose()


def test_the_recorder_drains_and_parks_and_reads_no_more(machine: Machine) -> None:
    """Both streams in its group; the cache and the broker are closed to it."""
    client = machine.of("recorder", database=2)
    machine.media("us-east").xadd(media_link.EVENTS_STREAM, {"event": b"{}"})
    seen: list[Entry] = []

    def write(entries: Sequence[Entry]) -> list[EntryResult]:
        seen.extend(entries)
        return [EntryResult(entry) for entry in entries]

    drain = Drain(client, media_link.EVENTS_STREAM, "recorder", write)
    assert drain.step(block_ms=None)
    assert seen
    client.xadd(parked_stream(media_link.EVENTS_STREAM), {"why": "none"})
    leases.release(client, POOL, "nobody")
    client.publish("asgi__group__calls.t", b"changed")
    media_link.close_call(client, CallId("ann"), reason="caller_hung_up")
    assert refused(client, "SET", media_link.plan_key("ann"), "planted")
    assert refused(client, "GET", number_table.number_key("+15550100"))
    for key in OTHERS.values():
        assert refused(machine.of("recorder", database=1), "GET", key)


def test_jobs_are_sent_and_taken_with_the_jobs_credential_only(machine: Machine) -> None:
    """A real worker's connection: queue, bindings, unacknowledged work; the web plane has none."""
    broker = celery_broker(machine.addresses.of("jobs")["REDIS_URL"])
    app = Celery("tried", broker=broker.url)
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        queue.put({"task": "noop"}, serializer="json")
        message = queue.get(timeout=5)
        assert message.payload == {"task": "noop"}
        message.ack()
        queue.close()
    assert refused(machine.of("web", database=2), "LPUSH", "celery", "planted")
    assert refused(machine.of("web", database=2), "SELECT", redis_users.BROKER_DATABASE)


def test_the_cache_counts_and_keeps_with_the_web_planes_credential(machine: Machine) -> None:
    """As sign-ins are counted."""
    options = CACHE["OPTIONS"]
    url = redis_database(machine.addresses.of("web")["REDIS_URL"], redis_users.LIVE_DATABASE)
    cache = RedisCache(url, {"OPTIONS": options})
    assert cache.add("sign-in:ann", 0, timeout=60)
    assert cache.incr("sign-in:ann") == 1
    cache.set("what", {"a": [1, 2.5, "é", None, True]}, timeout=60)
    assert cache.get_many(["sign-in:ann", "what"]) == {
        "sign-in:ann": 1,
        "what": {"a": [1, 2.5, "é", None, True]},
    }


class Planted:
    """What a pickle would run as it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('the planted code ran')",)


def test_a_planted_pickle_is_no_value(machine: Machine) -> None:
    """Whoever writes into the cache's keys runs nothing by it."""
    url = redis_database(machine.addresses.of("web")["REDIS_URL"], redis_users.LIVE_DATABASE)
    cache = RedisCache(url, {"OPTIONS": CACHE["OPTIONS"]})
    redis.Redis.from_url(url).set(":1:planted", pickle.dumps(Planted()))
    with pytest.raises(msgspec.DecodeError):
        cache.get("planted")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_what_the_cache_keeps_comes_back(value: object) -> None:
    """Whatever JSON can say; a whole number as Redis counts it."""
    raw = JsonSerializer().dumps(value)
    assert JsonSerializer().loads(str(raw).encode() if isinstance(raw, int) else raw) == value


def test_nothing_is_read_by_a_format_that_can_hold_code() -> None:
    """Jobs, cache, live views and sessions."""
    assert settings.CELERY_ACCEPT_CONTENT == settings.CELERY_RESULT_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == settings.CELERY_EVENT_SERIALIZER == "json"
    assert CACHE["OPTIONS"]["serializer"] == "warmline.cache.JsonSerializer"
    assert LIVE["CONFIG"]["serializer_format"] == "msgpack"
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
