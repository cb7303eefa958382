"""A moment that no calendar has, or that no clock can show, is refused in a sentence."""

import json
from typing import Final
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.actions import create_api_key
from tenants.context import as_tenant
from tests.agents.conftest import Calling, ask, plumber  # noqa: F401  fixture
from tests.shadow.conftest import signed_in
from verticals.homeservices.models import Visit

pytestmark = pytest.mark.django_db

# The second half of each exists in UTC, and on other clocks lies before or after all time.
MOMENTS: Final = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T05:26:01+05:19",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
    "1899-12-31T23:59:59Z",
    "2201-01-01T00:00:00Z",
)
NO_MOMENTS: Final = ("2026-02-30T09:00:00Z", "-1", "1e9", "now", "2026-13-01T00:00:00Z")
DAYS: Final = ("0001-01-01", "9999-12-31", "2026-02-30", "-1", "soon")


@pytest.fixture
def headers(plumber: Calling) -> dict[str, str]:
    """A key that may do everything."""
    with as_tenant(plumber.tenant_id):
        return {"Authorization": f"Bearer {create_api_key('test').secret}"}


def test_every_moment_of_a_query_of_the_api_is_one_to_reckon_with(headers: dict[str, str]) -> None:
    """As the published document lists them, so that a new one is among them."""
    client = Client(raise_request_exception=False)
    document = json.loads(client.get("/api/v1/openapi.json").content)
    asked = set()
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            kind = parameter.get("schema", {}).get("format", "")
            if kind not in {"date", "date-time"} or "{" in path:
                continue
            asked.add((path, parameter["name"]))
            for text in DAYS if kind == "date" else MOMENTS + NO_MOMENTS:
                answer = client.get(f"{path}?{parameter['name']}={quote(text)}", headers=headers)
                assert answer.status_code == 400, (path, text, answer.content[:300])
                assert parameter["name"] in answer.content.decode()
    assert {("/api/v1/calls", "since"), ("/api/v1/usage", "until")} <= asked


@pytest.mark.parametrize("starts_at", MOMENTS + NO_MOMENTS)
def test_a_booking_is_moved_to_no_such_moment(
    plumber: Calling,
    headers: dict[str, str],
    starts_at: str,
) -> None:
    """By the API or on its page; it stays where it is."""
    visit = {"service": "drain cleaning", "day": "tuesday", "time": "ten", "name": "john smith"}
    assert ask(plumber, "book_visit", visit, tool_call_id="one")[0] == 200
    with as_tenant(plumber.tenant_id):
        booked = Visit.objects.get()
    client = Client(raise_request_exception=False)
    path = f"/api/v1/bookings/{booked.pk}/reschedule"
    answer = client.post(
        path, {"starts_at": starts_at}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "starts_at"
    page = signed_in(plumber.tenant_id, role="builder")
    page.raise_request_exception = False
    assert (
        page.post(f"/bookings/{booked.pk}/move", {"starts_at": starts_at[:16]}).status_code == 422
    )
    with as_tenant(plumber.tenant_id):
        assert Visit.objects.get().starts_at == booked.starts_at


@pytest.mark.parametrize("day", DAYS)
def test_a_page_is_narrowed_by_no_such_day(plumber: Calling, day: str) -> None:
    """Said beside the field, or instead of the week."""
    browser = signed_in(plumber.tenant_id, role="admin")
    browser.raise_request_exception = False
    for path in ("/calls/", "/bookings/"):
        for name in ("from_day", "to_day"):
            assert browser.get(f"{path}?{name}={day}").status_code in {200, 422}, path
    for name in ("since", "until"):
        assert browser.get(f"/audit/?{name}={day}").status_code == 200
    assert browser.get(f"/bookings/week?of={day}").status_code == 400


@pytest.mark.parametrize("moment", MOMENTS + NO_MOMENTS)
def test_a_command_is_given_no_such_moment(plumber: Calling, moment: str) -> None:
    """It says what was expected."""
    for command in (
        ("list_bookings", "--tenant=rivertown", f"--since={moment}"),
        ("list_calls", "--tenant=rivertown", f"--until={moment}"),
    ):
        with pytest.raises(CommandError, match="expected a"):
            call_command(*command)
