"""Postgres or a region's Redis is away: calls are answered all the same, and written later."""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

import msgspec
import psycopg
import pytest
from asgiref.sync import SyncToAsync
from django.db import connections

from telephony.calls import queries
from telephony.calls.listing.pages import calls_page
from telephony.control import webhook_spool
from telephony.control.answering import answer_memory
from telephony.recorder.draining import Drain
from telephony.recorder.writing import write_webhooks
from tenants.context import as_tenant
from tests import services
from tests.telephony.conftest import HUMAN, US, Carrier, every_redis, ringing
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import RegionCode, redis_urls

pytestmark = pytest.mark.django_db


@contextmanager
def no_postgres(superuser_dsn: str) -> Iterator[None]:
    """The database takes no connections of the app's, and drops those that it has."""
    with psycopg.connect(superuser_dsn, autocommit=True) as superuser:
        superuser.execute(f"ALTER DATABASE {services.DATABASE} WITH ALLOW_CONNECTIONS false")
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'warmline_%'"
        )
        try:
            yield
        finally:
            superuser.execute(f"ALTER DATABASE {services.DATABASE} WITH ALLOW_CONNECTIONS true")
    _close_connections()
    # Asynchronous queries of the tests run in this one thread, whose connections are its own.
    SyncToAsync.single_thread_executor.submit(_close_connections).result(timeout=10)


def _close_connections() -> None:
    for connection in connections.all():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


def drain_spools() -> None:
    for client in every_redis():
        Drain(client, webhook_spool.STREAM, "one", write_webhooks).step(block_ms=None)


def tags(answer: tuple[int, str]) -> list[str]:
    assert answer[0] == 200, answer
    return [verb.tag for verb in ElementTree.fromstring(answer[1])]


def test_without_postgres_a_report_waits(
    carrier: Carrier, plumber: TenantId, postgres_server: str
) -> None:
    """It was acknowledged, so it is kept."""
    carrier.post("/twilio/voice", ringing())
    with no_postgres(postgres_server):
        form = {**ringing(), "CallStatus": "completed", "SequenceNumber": "3"}
        assert carrier.post("/twilio/status", form)[0] == 204
    drain_spools()
    with as_tenant(plumber):
        assert calls_page().items[0].state == "ended"


def test_without_postgres_an_unknown_number_is_refused_politely(
    carrier: Carrier, plumber: TenantId, postgres_server: str
) -> None:
    """Nobody knows it now."""
    with no_postgres(postgres_server):
        assert tags(carrier.post("/twilio/voice", ringing(dialled="+12125559999"))) == [
            "Say",
            "Hangup",
        ]


def test_without_postgres_a_forged_webhook_is_still_refused(
    carrier: Carrier, plumber: TenantId, postgres_server: str
) -> None:
    """Its trace is in the log."""
    with no_postgres(postgres_server):
        assert carrier.post("/twilio/voice", ringing(), X_Twilio_Signature="A" * 27 + "=")[0] == 403


def test_when_a_regions_redis_is_away_the_next_region_takes_the_call(
    carrier: Carrier, plumber: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near one does not answer."""
    _lose(monkeypatch, US)
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        assert queries.live_calls()[0].region == "eu-west"


def test_without_any_redis_a_person_is_dialled(
    carrier: Carrier, plumber: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No agent can be reached."""
    _lose(monkeypatch, *redis_urls())
    status, body = carrier.post("/twilio/voice", ringing())
    assert tags((status, body)) == ["Say", "Dial"]
    assert HUMAN in body


def _lose(monkeypatch: pytest.MonkeyPatch, *regions: RegionCode) -> None:
    """Point the settings at sockets where nobody listens."""
    import json

    urls = {
        region: "unix:///nowhere.sock?db=0" if region in regions else url
        for region, url in redis_urls().items()
    }
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", json.dumps(urls))


def test_what_an_older_version_remembered_is_answered_and_written(
    carrier: Carrier, plumber: TenantId, postgres_server: str
) -> None:
    """It names no carrier: there was one."""
    with no_postgres(postgres_server):
        first = carrier.post("/twilio/voice", ringing())
        key = answer_memory.call_key(ringing()["CallSid"])
        for client in every_redis():
            raw = client.get(key)
            if isinstance(raw, bytes):
                entry = msgspec.json.decode(raw, type=dict)
                assert entry.pop("carrier") == "twilio"
                client.set(key, msgspec.json.encode(entry))
        assert carrier.post("/twilio/voice", ringing()) == first
    drain_spools()
    with as_tenant(plumber):
        assert queries.call_by_carrier(ringing()["CallSid"], carrier="twilio") is not None
