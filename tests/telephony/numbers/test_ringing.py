"""A test call says whether a caller reaches the agent, and what is wrong where none does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from telephony.calls import actions as calls
from telephony.calls import queries as call_queries
from telephony.calls.call_state import Facts
from telephony.models import Call, Number
from telephony.numbers import actions, ownership, ringing
from telephony.numbers.types import TestCall
from tenants.context import as_tenant
from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.conftest import US, Carrier, sign, warm
from tests.telephony.conftest import ringing as ringing_form
from tests.telephony.numbers.conftest import FREE, OWN_NUMBER, OWN_SID, OWN_TOKEN
from warmline.kernel import clock
from warmline.kernel.call import CallAnswered, CallEvent, Happening, SentenceHeard
from warmline.kernel.errors import NotFound, Unavailable
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db
PHONE = "+12125550150"


@pytest.fixture
def number(twilio: TwilioApi, harbour: TenantId, account_id: UUID, agent_id: UUID) -> Number:
    """A number with an agent, in an account whose owner has verified their telephone."""
    twilio.verified[OWN_SID] = [PHONE]
    warm(slots=2)
    return ownership.add_own_number(OWN_NUMBER, account_id=account_id, agent_id=agent_id)


def twilio_rings_here(caller: str = PHONE) -> str:
    """What Twilio asks as the call comes in; what it is told."""
    form = {**ringing_form(caller=caller, dialled=OWN_NUMBER), "AccountSid": OWN_SID}
    signature = sign("/twilio/voice", form, token=OWN_TOKEN)
    return Carrier().post("/twilio/voice", form, X_Twilio_Signature=signature)[1]


def agent_is_heard(tenant_id: TenantId) -> None:
    """The media plane's events of the greeting."""
    with as_tenant(tenant_id):
        call = Call.objects.latest("id")
        happenings: tuple[Happening, ...] = (
            CallAnswered("MZ1", "media-1", "caller"),
            SentenceHeard(0, 0, "Harbour Heating."),
        )
        events = [
            CallEvent(CallId(str(call.pk)), tenant_id, US, 1, n, clock.now(), n * 100.0, happening)
            for n, happening in enumerate(happenings, start=1)
        ]
        calls.record_events(call.pk, events)


def let_a_minute_pass(number: Number) -> None:
    """As if the call had begun a minute earlier."""
    kept = ringing._kept(number)
    assert kept is not None
    earlier = kept.shown.began_at - ringing.LOOKED_AT_FOR - timedelta(seconds=1)
    shown = TestCall(**{**fields(kept.shown), "began_at": earlier})
    ringing._keep(number, ringing._Placed(kept.carrier_call_id, shown))


def fields(shown: TestCall) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in TestCall.__dataclass_fields__}


def test_the_agent_answers_and_the_carriers_call_is_ended(
    twilio: TwilioApi, harbour: TenantId, number: Number
) -> None:
    """From the verified telephone, step by step; what was found stays to be read."""
    assert ringing.ring(number.pk).state == "ringing"
    (placed,) = twilio.placed.values()
    assert (placed.caller, placed.dialled) == (PHONE, OWN_NUMBER)
    assert ringing.look(number.pk).detail == "the carrier is calling"
    assert "<Connect>" in twilio_rings_here()
    came_in = ringing.look(number.pk)
    assert (came_in.state, came_in.detail[:16]) == ("ringing", "the call came in")
    agent_is_heard(harbour)
    answered = ringing.look(number.pk)
    assert (answered.state, answered.remedy) == ("answered", "")
    with as_tenant(harbour):
        assert call_queries.call_exists(answered.call_id)  # type: ignore[arg-type]
    assert placed.status == "completed"
    assert ringing.look(number.pk) == answered


def test_another_number_of_the_account_calls_too(
    twilio: TwilioApi, number: Number, account_id: UUID
) -> None:
    """Where no telephone was verified; a number never calls itself."""
    twilio.verified.clear()
    alone = ringing.ring(number.pk)
    assert (alone.state, "Verified Caller IDs" in alone.remedy) == ("failed", True)
    twilio.add_number(FREE, account=OWN_SID)
    assert ringing.ring(number.pk).caller == FREE


def test_what_twilio_refuses_is_told(twilio: TwilioApi, number: Number) -> None:
    """In Twilio's own words, with what to do; nothing goes on."""
    twilio.accounts[OWN_SID].kind = "Trial"
    twilio.refuses_on_trial.add(OWN_NUMBER)
    refused = ringing.ring(number.pk)
    assert refused.state == "failed"
    assert "may only make calls to verified numbers" in refused.detail
    assert "dial the number" in refused.remedy
    assert ringing.look(number.pk) == refused
    twilio.refuses_on_trial.clear()
    assert ringing.ring(number.pk).state == "ringing"


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "completed"])
def test_a_call_that_ends_at_twilio_without_coming_here(
    twilio: TwilioApi, number: Number, status: str
) -> None:
    """Its webhook leads elsewhere: the check finds where."""
    ringing.ring(number.pk)
    (placed,) = twilio.placed.values()
    placed.status = status
    failed = ringing.look(number.pk)
    assert (failed.state, status in failed.detail) == ("failed", True)
    assert "Check the number" in failed.remedy


def test_a_call_that_nobody_hears_of_is_over_after_a_minute(
    twilio: TwilioApi, number: Number
) -> None:
    """It does not ring for ever."""
    ringing.ring(number.pk)
    let_a_minute_pass(number)
    assert ringing.look(number.pk).detail == "the call never came in here"


def test_a_call_that_a_person_is_given(
    twilio: TwilioApi, harbour: TenantId, number: Number
) -> None:
    """Outside the hours: the agent was not heard, and why."""
    with as_tenant(harbour):
        actions.change_number(number.pk, outside="closed", hours=actions.parse_hours({"hours": []}))
    ringing.ring(number.pk)
    assert "<Hangup" in twilio_rings_here()
    failed = ringing.look(number.pk)
    assert (failed.state, "outside the hours" in failed.detail) == ("failed", True)


def test_a_call_that_ends_before_the_agent_was_heard(
    twilio: TwilioApi, harbour: TenantId, number: Number
) -> None:
    """The audio did not come."""
    ringing.ring(number.pk)
    twilio_rings_here()
    with as_tenant(harbour):
        call = Call.objects.latest("id")
        ended = Facts(carrier_status="completed", carrier_ended_at=clock.now())
        calls.learn(call.pk, ended)
    failed = ringing.look(number.pk)
    assert (failed.state, failed.call_id) == ("failed", call.pk)
    assert "not heard" in failed.detail


def test_one_test_call_at_a_time(twilio: TwilioApi, number: Number) -> None:
    """Of a company; another's caller, and an earlier call, are no answer to it."""
    twilio_rings_here()
    ringing.ring(number.pk)
    with pytest.raises(Unavailable, match="goes on"):
        ringing.ring(number.pk)
    assert ringing.look(number.pk).call_id is None
    assert twilio.count_of("api.CreateCall") == 1


def test_what_was_never_rung_has_no_test_call(twilio: TwilioApi, number: Number) -> None:
    """Nor a number that is another company's."""
    with pytest.raises(NotFound, match="no test call"):
        ringing.look(number.pk)
    with pytest.raises(NotFound, match="no number"):
        ringing.ring(UUID(int=1))


def test_by_command(twilio: TwilioApi, number: Number) -> None:
    """What is wrong, and an exit code for it."""
    twilio.verified.clear()
    with pytest.raises(CommandError, match="no other number to call from"):
        call_command("ring_number", OWN_NUMBER, tenant="harbour")
