"""The list of calls as members see it: narrowed, kept under a name, exported, in their own zone."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from telephony.calls.listing import indexing
from telephony.models import Call
from tenants.context import as_tenant
from tests.shadow.conftest import clinic, plumber, shadowed_call, signed_in  # noqa: F401  fixtures
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.fixture
def call_id(plumber: TenantId) -> UUID:
    """A shadowed call that is over, at 15:00 in UTC, 10:00 in New York."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        indexing.index_calls(before=clock.now(), limit=10)
    return call_id


@pytest.fixture
def admin(plumber: TenantId, call_id: UUID) -> Client:
    """A browser with an admin of the plumber's."""
    return signed_in(plumber, role="admin")


def page(client: Client, query: str = "", **headers: str) -> tuple[int, str]:
    response = client.get(f"/calls/?{query}", headers=headers)
    return response.status_code, response.content.decode()


def test_a_list_is_narrowed_by_its_address(admin: Client, call_id: UUID) -> None:
    """What is set is told, and can be taken away."""
    status, shown = page(admin, "said=heater&outcome=answered_by_person&sort=started_at")
    assert status == 200
    assert str(call_id) in shown
    assert "Words said: heater" in shown
    assert 'href="?outcome=answered_by_person&amp;sort=started_at"' in shown
    status, shown = page(admin, "outcome=missed")
    assert str(call_id) not in shown
    assert "No call fits" in shown


def test_days_are_the_companys(admin: Client, plumber: TenantId, call_id: UUID) -> None:
    """A call at half past eleven in the evening of New York was on that day."""
    with as_tenant(plumber):
        Call.objects.update(started_at=datetime(2026, 11, 22, 4, 30, tzinfo=UTC))
    assert str(call_id) in page(admin, "from_day=2026-11-21&to_day=2026-11-21")[1]
    assert str(call_id) not in page(admin, "from_day=2026-11-22")[1]


@pytest.mark.parametrize(
    ("language", "shown_as"),
    [
        ("en-US,en;q=0.9", "Nov 21, 10:00"),
        ("de-DE,de;q=0.9", "21 Nov, 10:00"),
        ("xx-QQ", "21 Nov, 10:00"),
        ("*", "21 Nov, 10:00"),
        ("", "21 Nov, 10:00"),
    ],
)
def test_times_are_the_companys_as_the_reader_writes_them(
    admin: Client, language: str, shown_as: str
) -> None:
    """Twelve hours with AM and PM in the United States, twenty-four in Germany."""
    shown = page(admin, **{"Accept-Language": language})[1]
    assert shown_as in shown
    assert ("AM</time>" in shown) == language.startswith("en-US")
    assert "times are New York’s" in shown


@pytest.mark.parametrize(
    "query",
    [
        "outcome=splendid",
        "from_day=yesterday",
        "agent=Amy",
        "min_seconds=-1",
        "said=%3F",
        "sort=up",
    ],
)
def test_what_is_no_filter_is_told_beside_its_field(admin: Client, query: str) -> None:
    """And the rest of the page is there."""
    status, shown = page(admin, query)
    assert status == 422
    assert 'class="wrong"' in shown


@pytest.mark.parametrize("query", ["cursor=none", "cursor=%00"])
def test_a_cursor_that_was_made_up_is_a_bad_request(admin: Client, query: str) -> None:
    """400, as everywhere."""
    assert page(admin, query)[0] == 400


def test_a_list_is_kept_and_deleted(admin: Client, plumber: TenantId) -> None:
    """By a member for themselves, or for all."""
    kept = admin.post("/calls/views?outcome=missed", {"name": "Missed ones", "for": "me"})
    assert (kept.status_code, kept["Location"]) == (302, "/calls/?outcome=missed")
    assert "Missed ones" in page(admin)[1]
    other = signed_in(plumber, role="viewer")
    assert "Missed ones" not in page(other)[1]
    other.post("/calls/views?outcome=booked&from_day=2026-11-21", {"name": "Sold", "for": "all"})
    shown = page(admin)[1]
    assert 'href="?outcome=booked&amp;from_day=2026-11-21"' in shown
    with as_tenant(plumber):
        view_id = saved("Missed ones")
    assert other.post(f"/calls/views/{view_id}/delete").status_code == 404
    assert admin.post(f"/calls/views/{view_id}/delete").status_code == 302
    assert "Missed ones" not in page(admin)[1].replace("deleted", "")


def saved(name: str) -> UUID:
    from telephony.models import SavedView

    return SavedView.objects.get(name=name).pk


def test_a_name_is_given_once(admin: Client) -> None:
    """Told on the page; what is there stays."""
    for _ in range(2):
        admin.post("/calls/views?outcome=missed", {"name": "Missed", "for": "me"})
    assert "there is a view named" in page(admin)[1]


def test_the_list_is_exported_by_those_who_may(
    admin: Client,
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """As it is narrowed; a viewer has no such button, and no such address."""

    async def read(response: Any) -> bytes:
        return b"".join([piece async for piece in response])

    response = admin.get("/calls/export/csv?outcome=answered_by_person")
    assert str(call_id) in asyncio.run(read(response)).decode()
    assert (
        str(call_id)
        not in asyncio.run(read(admin.get("/calls/export/csv?outcome=missed"))).decode()
    )
    assert admin.get("/calls/export/xlsx").status_code == 404
    viewer = signed_in(plumber, role="viewer")
    assert viewer.get("/calls/export/csv").status_code == 403
    assert "Export CSV" in page(admin)[1]
    assert "Export CSV" not in page(viewer)[1]
