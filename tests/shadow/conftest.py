"""A shadowed call to a plumber, as the recorder left it, and people who may look at it."""

from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from django.test import Client

from agents.actions import go_live, make_agent, set_business
from agents.types import Wording
from telephony.calls.actions import open_call, record_events
from telephony.types import AnsweredCall
from tenants.actions import add_member, create_tenant, create_user
from tenants.context import as_tenant
from tenants.web import SESSION_TENANT
from warmline.kernel.call import (
    AgentSentence,
    CallAnswered,
    CallEnded,
    CallerTurn,
    CallEvent,
    Happening,
    ToolCalled,
)
from warmline.kernel.ids import CallId, TenantId, new_call_id
from warmline.kernel.regions import RegionCode

SATURDAY = datetime(2026, 11, 21, 15, tzinfo=UTC)
WEEK = (*[(time(8), time(18))] * 5, None, None)
BOOKING = (
    '{"service": "water heater repair", "day": "friday", "time": "nine", "name": "mary jones"}'
)


def _said(turn: int, text: str, *, human: bool = False) -> CallerTurn:
    return CallerTurn(
        turn, text, turn * 1000.0, turn * 1000.0 + 500, "human" if human else "caller"
    )


CONVERSATION: tuple[Happening, ...] = (
    CallAnswered("MZ1", "media-1", "screen"),
    _said(0, "rivertown plumbing how can i help you", human=True),
    _said(1, "hello how much is a water heater repair"),
    AgentSentence(1, 0, "water heater repair is one hundred and fifty dollars."),
    _said(1, "a water heater repair is one hundred and fifty dollars", human=True),
    _said(2, "please book it for friday at nine my name is mary jones"),
    AgentSentence(
        2, 0, "so that is water heater repair on friday at nine for mary jones. shall i book it?"
    ),
    _said(2, "so that is a water heater repair on friday at nine shall i book it", human=True),
    _said(3, "yes please"),
    ToolCalled(3, "call-1", "book_visit", BOOKING, ran=False),
    _said(3, "you are booked for a water heater repair on friday at nine mary jones", human=True),
    _said(4, "no thank you goodbye"),
    AgentSentence(4, 0, "thank you for calling rivertown plumbing. goodbye."),
    _said(4, "thank you for calling goodbye", human=True),
    CallEnded("caller_hung_up", 30.0),
)


def shadowed_call(tenant_id: TenantId, happenings: tuple[Happening, ...] = CONVERSATION) -> UUID:
    """A call of the tenant that a person answered, over and recorded."""
    call_id = new_call_id()
    with as_tenant(tenant_id):
        open_call(
            AnsweredCall(
                call_id=call_id,
                tenant_id=tenant_id,
                carrier_call_id=f"CA{call_id}",
                from_number="+16175550163",
                to_number="+12125550101",
                verstat="",
                region="us-east",
                vertical="homeservices",
                agent_version_id="version-1",
                audience="screen",
                human_number="+12125550199",
                leases=(),
                routing={},
                transferred_because="",
                answer="",
                at=SATURDAY,
            )
        )
        events = [
            CallEvent(
                CallId(call_id),
                tenant_id,
                RegionCode("us-east"),
                1,
                number,
                SATURDAY,
                number * 100.0,
                happening,
            )
            for number, happening in enumerate(happenings, start=1)
        ]
        record_events(UUID(call_id), events)
    return UUID(call_id)


@pytest.fixture
def plumber(db: None) -> TenantId:
    """Home services, on New York's clock."""
    return open_plumber()


def open_plumber() -> TenantId:
    """The same, where there are no fixtures."""
    tenant = create_tenant(
        "rivertown", name="Rivertown", vertical="homeservices", time_zone="America/New_York"
    )
    with as_tenant(tenant.tenant_id):
        set_business(WEEK)
        go_live(make_agent("Anna"), wording=Wording(greeting="Hello."))
    return tenant.tenant_id


@pytest.fixture
def clinic(db: None) -> TenantId:
    """Health care."""
    return create_tenant("lakeside", name="Lakeside", vertical="healthcare").tenant_id


def signed_in(tenant_id: TenantId, *, role: str) -> Client:
    """A browser with a member of the tenant."""
    user = create_user(f"{role}-{tenant_id}@example.com", password="a long password")
    with as_tenant(tenant_id):
        add_member(user, role=role)
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_TENANT] = tenant_id
    session.save()
    return client
