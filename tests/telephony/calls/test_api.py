"""Calls through the REST API: a tenant's own, in pages, and nothing else."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from telephony import media_link
from telephony.calls import queries
from telephony.calls.types import CallLine, CallPage
from telephony.control import regional_redis
from telephony.recorder.draining import Drain
from telephony.recorder.writing import write_events
from tenants.actions import create_api_key
from tenants.context import as_tenant
from tests.telephony.calls.test_recorder import TALK, happened
from tests.telephony.conftest import CLINIC, US, Carrier, ringing
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db


def key_of(tenant_id: TenantId) -> str:
    with as_tenant(tenant_id):
        return create_api_key("test").secret


def get(key: str, path: str, **query: Any) -> tuple[int, Any]:
    response = Client().get(path, query, headers={"Authorization": f"Bearer {key}"})
    return response.status_code, json.loads(response.content)


def ring_often(carrier: Carrier, times: int, **form: str) -> None:
    for n in range(times):
        carrier.post("/twilio/voice", ringing(str(n + 1), **form))


def test_a_company_reads_its_own_calls(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """The other one's list is empty, and its call is not there."""
    ring_often(carrier, 1)
    status, page = get(key_of(plumber), "/api/v1/calls")
    assert (status, len(page["items"])) == (200, 1)
    call_id = page["items"][0]["id"]
    assert get(key_of(plumber), f"/api/v1/calls/{call_id}")[0] == 200
    assert get(key_of(clinic), "/api/v1/calls")[1]["items"] == []
    assert get(key_of(clinic), f"/api/v1/calls/{call_id}")[0] == 404


def test_a_call_has_its_transcript_and_latency(carrier: Carrier, plumber: TenantId) -> None:
    """As the page shows them."""
    ring_often(carrier, 1)
    client = regional_redis.client(US)
    assert client is not None
    with as_tenant(plumber):
        call_id = CallId(str(queries.live_calls()[0].id))
    media_link.publish(client, happened(plumber, call_id, *TALK))
    Drain(
        client, media_link.EVENTS_STREAM, "one", lambda entries: write_events(client, entries)
    ).step(block_ms=None)
    status, page = get(key_of(plumber), f"/api/v1/calls/{call_id}")
    assert status == 200
    assert [said["text"] for said in page["transcript"]][1] == "do you charge extra"
    assert page["latency"][0]["first_audio_ms"] == 480
    assert page["call"]["end_reason"] == "agent_said_goodbye"


def test_pages_follow_one_another_without_gap_or_repetition(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Newest first, while new calls come in."""
    ring_often(carrier, 5)
    key = key_of(plumber)
    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = get(key, "/api/v1/calls", **query)[1]
        seen += [call["id"] for call in page["items"]]
        cursor = page["next_cursor"]
        carrier.post("/twilio/voice", ringing(str(100 + len(seen))))
    assert cursor is None
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_list_may_be_narrowed(carrier: Carrier, plumber: TenantId) -> None:
    """By state and by start."""
    ring_often(carrier, 2)
    key = key_of(plumber)
    assert len(get(key, "/api/v1/calls", state="ringing")[1]["items"]) == 2
    assert get(key, "/api/v1/calls", state="ended")[1]["items"] == []
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert get(key, "/api/v1/calls", since=tomorrow)[1]["items"] == []


BAD_QUERIES: list[dict[str, str]] = [
    {"limit": "0"},
    {"limit": "-1"},
    {"limit": "1000000000"},
    {"limit": str(2**63)},
    {"limit": "NaN"},
    {"limit": "two"},
    {"cursor": "made-up"},
    {"cursor": "a" * 5000},
    {"cursor": "../../etc"},
    {"state": "meditating"},
    {"state": "ringing\x00"},
    {"cursor": "\x00"},
    {"since": "yesterday"},
    {"since": "9" * 30},
]


@pytest.mark.parametrize("query", BAD_QUERIES, ids=str)
def test_a_bad_filter_is_a_400(plumber: TenantId, query: dict[str, str]) -> None:
    """It says what was expected."""
    status, body = get(key_of(plumber), "/api/v1/calls", **query)
    assert status == 400
    assert (body["status"], body["code"]) in {(400, "bad_input"), (400, "bad_cursor")}
    assert body["detail"]


def test_a_cursor_of_another_company_is_refused(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """Even a right one."""
    ring_often(carrier, 2)
    cursor = get(key_of(plumber), "/api/v1/calls", limit=1)[1]["next_cursor"]
    assert get(key_of(clinic), "/api/v1/calls", cursor=cursor)[0] == 400


@pytest.mark.parametrize("key", ["", "wl_none", "x" * 4000])
def test_without_a_good_key_nothing_is_told(carrier: Carrier, plumber: TenantId, key: str) -> None:
    """Not even whether the call is there."""
    assert get(key, "/api/v1/calls")[0] == 401
    assert get(key, f"/api/v1/calls/{uuid4()}")[0] == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_calls_cannot_be_written_through_the_api(plumber: TenantId, method: str) -> None:
    """No tenant, state or number may be assigned."""
    headers = {"Authorization": f"Bearer {key_of(plumber)}"}
    response = Client().generic(
        method.upper(), "/api/v1/calls", '{"state": "ended"}', "application/json", headers=headers
    )
    assert response.status_code == 405


def published() -> dict[str, Any]:
    """The components of the OpenAPI document."""
    response = Client().get("/api/v1/openapi.json", headers={"Accept": "application/json"})
    schemas: dict[str, Any] = json.loads(response.content)["components"]["schemas"]
    return schemas


def test_the_openapi_page_describes_calls(db: None) -> None:
    """Each answer's fields with their types, and in the words that stand on the type."""
    call = published()["CallLine"]
    assert call["description"] == "A call in a list."
    assert set(call["required"]) == {field.name for field in fields(CallLine)}
    assert call["properties"]["end_reason"]["description"] == "empty while the call goes on"
    assert "null" in call["properties"]["first_audio_p95_ms"]["type"]


def test_what_only_the_dashboard_shows_is_not_published(db: None) -> None:
    """A call's answer has all that its page has, but for the person's number and the side notes."""
    shown = {field.name for field in fields(CallPage)}
    assert shown - set(published()["CallPage"]["properties"]) == {"human_number", "events"}


def test_a_number_may_change_what_it_does(clinic: TenantId) -> None:
    """The number table follows."""
    from telephony.control import number_table
    from telephony.control import queries as control_queries
    from telephony.numbers import actions as numbers_actions

    with as_tenant(clinic):
        agent_id = control_queries.numbers()[0].agent_id
        numbers_actions.add_number(
            CLINIC, agent_id=agent_id, mode="shadow", human_number="+442079460100"
        )
    number = number_table.lookup(CLINIC)
    assert number is not None
    assert (number.mode, number.human_number) == ("shadow", "+442079460100")
