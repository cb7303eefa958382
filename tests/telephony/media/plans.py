"""Plans for calls of the tests."""

from typing import Any

import msgspec

from warmline.kernel.agent import AgentConfig, Limits, Voice
from warmline.kernel.call import CallPlan, PoolRung
from warmline.kernel.ids import TenantId, new_call_id
from warmline.kernel.regions import RegionCode
from warmline.kernel.vertical import Tool, ToolParameter

US_EAST = RegionCode("us-east")

BOOK = Tool(
    name="book_visit",
    description="book a visit",
    parameters=(ToolParameter("service", "what is to be done"), ToolParameter("day", "the day")),
    writes=True,
)
CHECK = Tool(
    name="check_status",
    description="look a job up",
    parameters=(ToolParameter("reference", "number"),),
    writes=False,
)
TRANSFER = Tool(
    name="transfer_to_person",
    description="put through",
    parameters=(ToolParameter("reason", "why"),),
    writes=True,
)


ANNA = AgentConfig(
    agent_version_id="v1",
    prompt="You are Anna, the receptionist at Rivertown Plumbing.",
    greeting="Thanks for calling Rivertown Plumbing, this is Anna. How can I help?",
    tools=(BOOK, CHECK, TRANSFER),
    knowledge="",
    vocabulary=(),
    voice=Voice(),
    language="en-US",
    limits=Limits(),
)


def plan(**changes: Any) -> CallPlan:
    """A plumber's call in us-east; any field of the plan or of its agent may be replaced."""
    of_agent = {name: changes.pop(name) for name in ANNA.__struct_fields__ if name in changes}
    fields: dict[str, Any] = {
        "call_id": new_call_id(),
        "tenant_id": TenantId("0190aaaa-0000-7000-8000-000000000001"),
        "carrier_call_id": "CA00000000000000000000000000000001",
        "vertical": "homeservices",
        "agent": msgspec.structs.replace(ANNA, **of_agent),
        "region": US_EAST,
        "ladder": tuple(PoolRung(US_EAST, role, "stub") for role in ("hear", "think", "speak")),
        "routing_because": "nearest warm region",
        "audience": "caller",
        "token": "token-of-the-call",
        "web_url": "http://127.0.0.1:9",
    }
    return CallPlan(**(fields | changes))
