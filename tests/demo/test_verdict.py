"""What the demo calls good: answered, booked in the database,
and the shadowed call scored and silent.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.registry import tool_of
from dashboard.demo.scenario import CALLS, DemoCall
from dashboard.demo.summary import outcome
from programs.carrier_simulator.party import Said
from programs.carrier_simulator.results import CallResult
from shadow.actions import score_call
from telephony.calls.actions import open_call
from telephony.types import AnsweredCall
from tenants.context import as_tenant
from tests.shadow.conftest import WEEK, plumber, shadowed_call  # noqa: F401  fixtures
from verticals.types import Business, ToolRequest
from warmline.kernel.ids import CallId, TenantId, new_call_id

pytestmark = pytest.mark.django_db

CALL, SHADOWED = CALLS[0], CALLS[2]
SAID = [Said("are you open", 0, 50, 90), Said("goodbye", 200, 250)]


def placed(tenant_id: TenantId, call: DemoCall = CALL, **told: object) -> CallResult:
    """A call of the tenant in the database, and what its caller tells of it."""
    call_id = new_call_id()
    with as_tenant(tenant_id):
        open_call(
            AnsweredCall(
                call_id=call_id,
                tenant_id=tenant_id,
                carrier_call_id=f"CA{call_id}",
                from_number=call.caller,
                to_number=call.dialled,
                verstat="",
                region="us-east",
                vertical="homeservices",
                agent_version_id="version-1",
                audience="caller",
                human_number="+12125550199",
                leases=(),
                routing={},
                handed_because="",
                answer="",
                at=datetime.now(UTC),
            )
        )
    return CallResult(f"CA{call_id}", **{"said": SAID, **told})  # type: ignore[arg-type]


def book(tenant_id: TenantId, result: CallResult) -> None:
    """The visit that this call asked for."""
    zone = ZoneInfo("America/New_York")
    with as_tenant(tenant_id):
        _, book_visit = tool_of("homeservices", "book_visit")
        answer = book_visit(
            ToolRequest(
                call_id=CallId(result.call_sid.removeprefix("CA")),
                arguments={
                    "service": "drain cleaning",
                    "day": "tuesday",
                    "time": "ten",
                    "name": "john smith",
                },
                business=Business(time_zone=zone, week=WEEK),
                now=datetime(2026, 11, 21, 15, tzinfo=UTC),
            )
        )
    assert answer.ok


def test_an_answered_and_booked_call_is_good(plumber: TenantId) -> None:
    """The row is what counts, and it is shown on the business's own clock."""
    result = placed(plumber)
    book(plumber, result)
    found = outcome(CALL, result, tenant_id=plumber)
    assert found.problems == ()
    assert [(each.what, each.who, each.at.hour) for each in found.booked] == [
        ("Drain cleaning", "John Smith", 10)
    ]
    assert found.replies_ms == (800.0,)


def test_a_call_without_its_booking_is_not_good(plumber: TenantId) -> None:
    """Another call's booking does not stand in for it."""
    book(plumber, placed(plumber))
    assert outcome(CALL, placed(plumber), tenant_id=plumber).problems == (
        "no booking in homeservices_voice",
    )


def test_words_that_were_never_answered_are_told(plumber: TenantId) -> None:
    """And so is a caller who gave up waiting, and a call that the platform failed."""
    result = placed(
        plumber,
        said=[Said("are you open", 0, 50), SAID[1]],
        gave_up=["no words in 20 s"],
        failed="/twilio/voice: 500",
    )
    book(plumber, result)
    assert outcome(CALL, result, tenant_id=plumber).problems == (
        "/twilio/voice: 500",
        "no answer to: are you open",
        "the caller waited in vain: no words in 20 s",
    )


def test_a_call_that_left_no_row_is_not_good(plumber: TenantId) -> None:
    """With the carrier's reason where it has one."""
    assert outcome(CALL, CallResult("CAnone"), tenant_id=plumber).problems == (
        "there is no row of this call",
    )
    refused = CallResult("CAnone", failed="/twilio/voice: 503")
    assert outcome(CALL, refused, tenant_id=plumber).problems == ("/twilio/voice: 503",)


def test_a_shadowed_call_is_good_only_once_it_is_scored(plumber: TenantId) -> None:
    """It needs no booking."""
    call_id = shadowed_call(plumber)
    result = CallResult(f"CA{call_id}", said=SAID)
    assert outcome(SHADOWED, result, tenant_id=plumber).problems == (
        "the shadowed call has no score",
    )
    with as_tenant(plumber):
        score_call(call_id)
    scored = outcome(SHADOWED, result, tenant_id=plumber)
    assert scored.problems == ()
    assert scored.shadow_score is not None


def test_a_shadow_that_booked_is_not_good(plumber: TenantId) -> None:
    """It may think and must not write."""
    call_id = shadowed_call(plumber)
    result = CallResult(f"CA{call_id}", said=SAID)
    book(plumber, result)
    assert "the shadow wrote a booking" in outcome(SHADOWED, result, tenant_id=plumber).problems
