"""A caller who is put through to a person is announced to the company's own systems: once."""

from collections.abc import Mapping
from typing import Any

import pytest

from agents.actions import set_business
from telephony.control import queries
from telephony.numbers import actions
from tenants.context import as_tenant
from tenants.models import WebhookEvent
from tests.telephony.carriers.drivers import Answer, TwilioDriver
from tests.telephony.carriers.test_call_stories import drain_spools, media_ended, row
from tests.telephony.conftest import EU, HUMAN, PLUMBER, SLOTS, US, give_number
from tests.telephony.control.test_database_breaker import no_postgres
from tests.telephony.control.test_lost_region import lose_media
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db

SHADOWED = "+12125550101"


@pytest.fixture
def carrier() -> TwilioDriver:
    """Twilio, which asks and reports."""
    return TwilioDriver()


def told(tenant_id: TenantId) -> list[Mapping[str, Any]]:
    """What the company's systems were told of hand-overs."""
    with as_tenant(tenant_id):
        events = WebhookEvent.objects.filter(type="call.handed_over").order_by("id")
        return list(events.values_list("data", flat=True))


def outside_the_hours(tenant_id: TenantId, outside: str) -> None:
    """The plumber's number is closed now."""
    with as_tenant(tenant_id):
        set_business([None] * 7)
        (number,) = queries.numbers()
        actions.change_number(number.pk, outside=outside)


def fill_every_slot(carrier: TwilioDriver) -> None:
    """Calls 2 and following hold what there is."""
    for call in range(2, 2 + 2 * SLOTS):
        carrier.ring(call)


def expected(tenant_id: TenantId, *, reason: str) -> dict[str, str]:
    """What stands in the event of the newest call."""
    return {"id": str(row(tenant_id).pk), "reason": reason, "human_number": HUMAN}


def shown(event: Mapping[str, Any]) -> dict[str, str]:
    """The part of an event that `expected` speaks of."""
    assert event["because"]
    return {name: event[name] for name in ("id", "reason", "human_number")}


def test_a_call_that_no_agent_can_take(carrier: TwilioDriver, plumber: TenantId) -> None:
    """Announced as it is answered, with the reason; its copy and its end say no more of it."""
    fill_every_slot(carrier)
    assert carrier.ring() == carrier.ring()
    carrier.report("in-progress")
    carrier.dial_ended(talked=True)
    carrier.report("completed")
    (event,) = told(plumber)
    assert shown(event) == expected(plumber, reason="no_agent")
    assert "0 of 2 slots free" in event["because"]


def test_a_call_outside_the_hours_that_goes_to_a_person(
    carrier: TwilioDriver, plumber: TenantId
) -> None:
    """The number's hours are the reason."""
    outside_the_hours(plumber, "person")
    assert carrier.ring().dialled == HUMAN
    (event,) = told(plumber)
    assert shown(event) == expected(plumber, reason="closed")


def test_a_call_that_the_agent_puts_through(carrier: TwilioDriver, plumber: TenantId) -> None:
    """However often the carrier asks what comes after the stream."""
    media_ended(carrier.ring(), "transferred")
    assert carrier.stream_ended() == carrier.stream_ended()
    (event,) = told(plumber)
    assert shown(event) == expected(plumber, reason="transferred")
    assert event["state"] == "handed_over"


def test_a_call_that_the_agent_loses(carrier: TwilioDriver, plumber: TenantId) -> None:
    """After the third stream."""
    carrier.ring()
    for attempt in (1, 2, 3):
        assert told(plumber) == []
        carrier.stream_ended(attempt=attempt)
    (event,) = told(plumber)
    assert shown(event) == expected(plumber, reason="agent_lost")


def test_what_was_decided_while_postgres_was_away(
    carrier: TwilioDriver, plumber: TenantId, postgres_server: str
) -> None:
    """Announced when it is back."""
    fill_every_slot(carrier)
    with no_postgres(postgres_server):
        assert carrier.ring().dialled == HUMAN
    assert told(plumber) == []
    drain_spools()
    drain_spools()
    assert [event["reason"] for event in told(plumber)] == ["no_agent"]


def test_a_shadowed_call_is_handed_over_only_where_no_agent_listens(
    carrier: TwilioDriver, plumber: TenantId
) -> None:
    """In shadow mode a person answers anyway: with an agent beside them nothing was handed over."""
    give_number(plumber, SHADOWED, mode="shadow")
    assert carrier.ring(dialled=SHADOWED).steps == ("fork", "dial")
    assert told(plumber) == []
    lose_media(US)
    lose_media(EU)
    assert carrier.ring(2, dialled=SHADOWED).dialled == HUMAN
    assert [event["reason"] for event in told(plumber)] == ["no_agent"]


@pytest.mark.parametrize("outside", ["message", "closed"])
def test_where_no_person_is_dialled_nothing_is_announced(
    carrier: TwilioDriver, plumber: TenantId, outside: str
) -> None:
    """A message is taken, or the closing words are said."""
    outside_the_hours(plumber, outside)
    assert carrier.ring().dialled == ""
    assert told(plumber) == []


def test_a_transfer_without_anybody_to_go_to_is_not_announced(
    carrier: TwilioDriver, plumber: TenantId
) -> None:
    """The caller is asked for a message."""
    with as_tenant(plumber):
        (number,) = queries.numbers()
        actions.change_number(number.pk, human_number="")
    assert number.e164 == PLUMBER
    answer: Answer = carrier.ring()
    media_ended(answer, "transferred")
    assert carrier.stream_ended().steps == ("say", "record")
    assert told(plumber) == []
