"""A plumber whose agent is live, and a call of theirs."""

import json
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from django.test import Client

from agents.actions import go_live, make_agent, set_business
from agents.types import Wording
from tenants import call_tokens
from tenants.actions import create_tenant
from tenants.context import as_tenant
from warmline.kernel.ids import CallId, TenantId, new_call_id

WEEKDAYS_EIGHT_TO_SIX = (*[(time(8), time(18))] * 5, None, None)
TOOLS = ("book_visit", "check_status", "transfer_to_person")


@dataclass(frozen=True, slots=True)
class Calling:
    """A call under way at a tenant."""

    tenant_id: TenantId
    agent_id: str
    call_id: CallId
    token: str


def calling(slug: str, *, vertical: str, tools: tuple[str, ...]) -> Calling:
    """A tenant with a live agent, and a call with its token."""
    tenant = create_tenant(slug, name=slug.title(), vertical=vertical, time_zone="America/New_York")
    with as_tenant(tenant.tenant_id):
        set_business(WEEKDAYS_EIGHT_TO_SIX)
        agent_id = make_agent("Anna")
        go_live(
            agent_id,
            wording=Wording(greeting="Thanks for calling.", facts=(("hours", "eight to six"),)),
        )
    return _of(tenant.tenant_id, str(agent_id), tools)


def calls_again(
    call: Calling, *, tools: tuple[str, ...] = TOOLS, caller_number: str = ""
) -> Calling:
    """Another call at the same tenant."""
    return _of(call.tenant_id, call.agent_id, tools, caller_number=caller_number)


def _of(
    tenant_id: TenantId, agent_id: str, tools: tuple[str, ...], *, caller_number: str = ""
) -> Calling:
    call_id = new_call_id()
    token = call_tokens.issue(call_id, tenant_id, tools, "", 600, caller_number=caller_number)
    return Calling(tenant_id, agent_id, call_id, token)


def ask(
    call: Calling,
    name: str,
    arguments: Any,
    *,
    tool_call_id: str = "one",
    token: str = "",
    said: tuple[str, ...] | None = None,
) -> Any:
    """The media plane's request for a tool, after what the caller `said`; status and body."""
    body: dict[str, Any] = {"tool_call_id": tool_call_id, "arguments": arguments}
    if said is not None:
        lines = [{"role": "user", "content": line} for line in said]
        body |= {"conversation": lines, "language": "en-US"}
    answer = Client().post(
        f"/internal/calls/{call.call_id}/tools/{name}",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token or call.token}"},
    )
    return answer.status_code, answer.json()


@pytest.fixture
def plumber(db: None) -> Calling:
    """Home services."""
    return calling("rivertown", vertical="homeservices", tools=TOOLS)


@pytest.fixture
def clinic(db: None) -> Calling:
    """Health care."""
    tools = ("book_appointment", "check_availability", "transfer_to_person")
    return calling("lakeside", vertical="healthcare", tools=tools)
