"""What a program does with calls: find them, read them, hear them, take them along, delete them."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from telephony.calls import recording_links, recording_store
from telephony.calls.listing import exporting, indexing
from telephony.models import Call, Recording
from tenants.actions import add_member, create_api_key, create_user, revoke_api_key
from tenants.actor import Actor, acting
from tenants.context import as_tenant
from tenants.models import ApiKey, AuditEvent
from tests.shadow.conftest import clinic, plumber, shadowed_call  # noqa: F401  fixtures
from tests.telephony.calls.test_recordings import SECOND, wav
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("call_id")]


class Program:
    """A company's program with a key of its own."""

    def __init__(self, tenant_id: TenantId) -> None:
        with as_tenant(tenant_id):
            self.key = create_api_key("test")
        self._client = Client(headers={"authorization": f"Bearer {self.key.secret}"})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer: its status and what it says, as JSON or bytes."""
        sent = "" if body is None else json.dumps(body)
        response: Any = self._client.generic(
            method, f"/api/v1/{path}", sent, "application/json", headers=headers
        )
        if response.streaming:
            return response.status_code, asyncio.run(_all(response))
        if not response.content:
            return response.status_code, None
        return response.status_code, json.loads(response.content)


async def _all(response: Any) -> bytes:
    return b"".join([piece async for piece in response])


@pytest.fixture
def call_id(plumber: TenantId) -> UUID:
    """A shadowed call that is over, findable, recorded in two parts."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        indexing.index_calls(before=clock.now(), limit=10)
        for epoch in (1, 2):
            stored = recording_store.store(io.BytesIO(wav()), tenant_id=plumber)
            Recording.objects.create(
                call_id=call_id,
                epoch=epoch,
                name=stored.name,
                size_bytes=stored.size_bytes,
                seconds=stored.seconds,
            )
    return call_id


@pytest.fixture
def ours(plumber: TenantId) -> Program:
    """A program of the plumber's."""
    return Program(plumber)


@pytest.fixture
def theirs(clinic: TenantId) -> Program:
    """A program of another company's."""
    return Program(clinic)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("said=heater+Jones&outcome=answered_by_person&mode=shadow&tool=book_visit", True),
        ("said=one+hundred", True),
        ("said=thank+you+unicorn", False),
        ("outcome=missed", False),
        ("from_number=%2B16175550163&since=2026-11-21T10:00:00-05:00", True),
        ("until=2026-11-21T15:00:00Z", False),
        ("sort=-seconds&max_seconds=100", True),
    ],
)
def test_calls_are_found(ours: Program, theirs: Program, query: str, is_found: bool) -> None:
    """By any filters together; another company finds none."""
    assert bool(ours("GET", f"calls?{query}")[1]["items"]) is is_found
    assert theirs("GET", f"calls?{query}")[1]["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("outcome=splendid", "outcome"),
        ("colour=red", "colour"),
        ("agent=Amy", "agent"),
        ("said=%3F", "said"),
        ("said=heater&sort=seconds", "sort"),
        ("min_seconds=-1", "min_seconds"),
        ("since=yesterday", "since"),
        ("cursor=none", "cursor"),
        ("fields=facts", "fields"),
    ],
)
def test_what_is_no_filter_is_named(ours: Program, query: str, field: str) -> None:
    """With what was expected, beside the field."""
    status, problem = ours("GET", f"calls?{query}")
    assert status == 400
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_call_is_read_in_parts(ours: Program, call_id: UUID) -> None:
    """A tool's arguments are JSON; what the agent said has its time."""
    _, page = ours("GET", f"calls/{call_id}")
    assert page["tools"][0]["arguments"]["service"] == "water heater repair"
    assert page["tools"][0]["result"] is None
    assert page["call"]["outcome"] == "answered_by_person"
    _, transcript = ours("GET", f"calls/{call_id}/transcript")
    assert transcript == {"call_id": str(call_id), "transcript": page["transcript"]}
    _, latency = ours("GET", f"calls/{call_id}/latency")
    assert latency == {"call_id": str(call_id), "latency": page["latency"]}


def test_events_come_in_pages_and_in_order(ours: Program, call_id: UUID) -> None:
    """Each once; a tool's arguments are JSON here too."""
    seen: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        _, page = ours("GET", f"calls/{call_id}/events?limit=4{cursor and f'&cursor={cursor}'}")
        seen += page["items"]
        cursor = page["next_cursor"]
    assert [event["number"] for event in seen] == list(range(1, 16))
    (asked,) = [event for event in seen if event["kind"] == "tool_called"]
    assert asked["data"]["arguments"]["name"] == "mary jones"


@pytest.mark.parametrize("part", ["", "/events", "/transcript", "/latency", "/recording"])
def test_another_companys_call_is_not_there(theirs: Program, call_id: UUID, part: str) -> None:
    """Whatever of it is asked for."""
    assert theirs("GET", f"calls/{call_id}{part}")[0] == 404
    assert theirs("POST", f"calls/{call_id}/recording/link")[0] == 404
    assert theirs("DELETE", f"calls/{call_id}")[0] == 404


def test_a_recording_is_read_whole_or_in_part(ours: Program, call_id: UUID) -> None:
    """Its two parts as one file."""
    whole = wav(SECOND * 2)
    assert ours("GET", f"calls/{call_id}/recording") == (200, whole)
    assert ours("GET", f"calls/{call_id}/recording", Range="bytes=10-99") == (206, whole[10:100])
    assert ours("GET", f"calls/{call_id}/recording", Range="bytes=999999-")[0] == 416
    assert ours("GET", f"calls/{call_id}/recording", Accept="audio/wav") == (200, whole)


def test_a_part_that_the_store_has_lost_is_silence(
    ours: Program,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """The rest is heard at its time."""
    with as_tenant(plumber):
        first = Recording.objects.order_by("epoch").first()
        assert first is not None
        recording_store.remove(first.name, tenant_id=plumber)
    silence = bytes(len(SECOND))
    assert ours("GET", f"calls/{call_id}/recording") == (200, wav(silence + SECOND))


def opened(url: str, **headers: str) -> Any:
    response: Any = Client().get(url.removeprefix("http://testserver"), headers=headers)
    return response.status_code, asyncio.run(_all(response)) if response.streaming else b""


def test_a_link_opens_the_recording_without_a_key_for_five_minutes(
    ours: Program,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """Whole and in part; then it is refused."""
    status, link = ours("POST", f"calls/{call_id}/recording/link")
    assert status == 201
    assert opened(link["url"]) == (200, wav(SECOND * 2))
    assert opened(link["url"], Range="bytes=0-3") == (206, b"RIFF")
    expires = datetime.fromisoformat(link["expires_at"])
    assert timedelta(minutes=4) < expires - datetime.now(UTC) <= timedelta(minutes=5)
    with as_tenant(plumber), acting(Actor("key", id=str(ours.key.id))):
        before = recording_links.link_to(call_id, at=clock.now() - timedelta(minutes=5))
    assert opened(before.url)[0] == 403
    assert opened(f"{link['url']}x")[0] == 403


def test_a_link_ends_with_its_key(
    ours: Program,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """Revoked at once."""
    _, link = ours("POST", f"calls/{call_id}/recording/link")
    with as_tenant(plumber):
        revoke_api_key(str(ApiKey.objects.get(prefix=ours.key.prefix).pk))
    assert opened(link["url"])[0] == 403


def test_calls_are_taken_along_as_json_lines(ours: Program, theirs: Program, call_id: UUID) -> None:
    """All of a list, as the list has them; that it was done is kept."""
    status, file = ours("GET", "calls/export?file=ndjson&mode=shadow")
    (line,) = [json.loads(row) for row in file.splitlines()]
    assert (status, line["id"], line["outcome"]) == (200, str(call_id), "answered_by_person")
    assert theirs("GET", "calls/export?file=ndjson") == (200, b"")
    assert ours("GET", "calls/export?mode=live") == (200, b"")


def test_no_cell_of_a_table_is_a_formula(
    ours: Program,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """A caller's number begins with a plus: a spreadsheet reads it as text."""
    with as_tenant(plumber):
        Call.objects.update(carrier_call_id="x", to_number='=HYPERLINK("http://x")', region="@x")
        assert not AuditEvent.objects.filter(action="calls.export").exists()
    _, file = ours("GET", "calls/export?file=csv")
    (row,) = csv.DictReader(io.StringIO(file.decode()))
    assert (row["from_number"], row["region"]) == ("'+16175550163", "'@x")
    assert row["to_number"] == '\'=HYPERLINK("http://x")'
    with as_tenant(plumber):
        assert AuditEvent.objects.get(action="calls.export").actor == f"key:{ours.key.id}"


def test_a_long_list_is_exported_in_pieces(
    ours: Program,
    plumber: TenantId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each call once, however many pieces there are."""
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 2)
    for _ in range(4):
        shadowed_call(plumber)
    _, file = ours("GET", "calls/export")
    ids = [json.loads(row)["id"] for row in file.splitlines()]
    assert len(ids) == len(set(ids)) == 5


def test_a_list_is_kept_under_a_name(ours: Program, theirs: Program) -> None:
    """For all members; another company has none of it."""
    body = {"name": "Missed", "filters": {"outcome": "missed", "min_seconds": ""}}
    status, view = ours("POST", "views", body)
    assert (status, view["filters"]) == (201, {"outcome": "missed"})
    assert ours("GET", "views")[1]["items"] == [view]
    assert ours("GET", f"views/{view['id']}") == (200, view)
    assert ours("POST", "views", body)[0] == 409
    assert ours("POST", "views", body | {"filters": {"outcome": "x"}})[0] == 400
    assert ours("POST", "views", body | {"name": " "})[0] == 400
    assert theirs("GET", "views")[1]["items"] == []
    assert theirs("DELETE", f"views/{view['id']}")[0] == 404
    assert ours("DELETE", f"views/{view['id']}") == (204, None)
    assert ours("GET", f"views/{view['id']}")[0] == 404


def test_a_call_is_deleted(ours: Program, call_id: UUID) -> None:
    """Then it is not there."""
    assert ours("DELETE", f"calls/{call_id}") == (204, None)
    assert ours("GET", f"calls/{call_id}")[0] == 404
    assert ours("GET", "calls")[1]["items"] == []


def test_a_caller_is_erased_by_a_job(ours: Program, theirs: Program) -> None:
    """Its state is asked for until it is done; a slip erases nobody."""
    status, erasure = ours("POST", "erasures", {"number": "+16175550163"})
    assert (status, erasure["state"]) == (202, "running")
    assert ours("GET", f"erasures/{erasure['id']}") == (200, erasure)
    assert theirs("GET", f"erasures/{erasure['id']}")[0] == 404
    status, problem = ours("POST", "erasures", {"number": "0163"})
    assert (status, problem["errors"][0]["field"]) == (400, "number")


def test_a_viewer_hears_nothing(plumber: TenantId, call_id: UUID) -> None:
    """Recordings are for those who judge."""
    user = create_user(f"{uuid4()}@example.com", password="a long enough one")
    with as_tenant(plumber):
        add_member(user, role="viewer")
    client = Client()
    client.force_login(user)
    assert client.get(f"/calls/{call_id}/audio").status_code == 403
