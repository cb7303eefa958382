"""Calls that a person has: no agent's any more, and over when their carrier says so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from telephony.calls import actions, queries
from telephony.calls.call_state import Ending, Facts
from telephony.calls.listing.pages import calls_page
from telephony.calls.types import CallLine
from telephony.carriers.twilio.account import account
from telephony.control import persons_calls
from telephony.control import queries as control_queries
from telephony.models import Call
from telephony.tasks import UNHELD_AFTER
from tenants.actions import set_limits
from tenants.context import as_control, as_tenant, bound
from tests.fakes.twilio_api.calls import PlacedCallKept
from tests.fakes.twilio_api.server import TwilioApi, twilio_api
from tests.telephony.conftest import PLUMBER, Carrier, give_number, ringing
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
SHADOWED = "+12125550101"


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioApi]:
    """Twilio, which knows the platform's own account."""
    with twilio_api() as api:
        api.add_account(account().sid, token=account().auth_tokens[0])
        monkeypatch.setenv("TWILIO_API_GATEWAY", api.url)
        yield api


def is_known(api: TwilioApi, number: str, *, status: str) -> None:
    """Twilio has the call, which is so far."""
    sid = ringing(number)["CallSid"]
    api.placed[sid] = PlacedCallKept(sid, account().sid, "", PLUMBER, status=status)


def put_through(tenant_id: TenantId, carrier: Carrier, number: str) -> None:
    """A call that the agent has handed to a person, two minutes ago."""
    carrier.post("/twilio/voice", ringing(number))
    with as_tenant(tenant_id):
        call = Call.objects.get(carrier_call_id=ringing(number)["CallSid"])
        actions.learn(call.pk, Facts(transferred=Ending(clock.now(), "transferred")))
        Call.objects.filter(pk=call.pk).update(started_at=clock.now() - UNHELD_AFTER * 2)


def ask(tenant_id: TenantId) -> None:
    with bound(tenant_id):
        persons_calls.ask_carriers()


def lines(tenant_id: TenantId) -> dict[str, CallLine]:
    with as_tenant(tenant_id):
        return {line.state: line for line in calls_page().items}


def test_calls_that_people_have_leave_room_for_the_agents(
    carrier: Carrier, plumber: TenantId
) -> None:
    """With one call allowed, one put through and one shadowed, the agent takes the next."""
    set_limits("rivertown", max_concurrent_calls=1)
    give_number(plumber, SHADOWED, mode="shadow")
    put_through(plumber, carrier, "1")
    carrier.post("/twilio/voice", ringing("2", dialled=SHADOWED))
    with as_tenant(plumber):
        assert control_queries.number_check(PLUMBER).open_calls == 0
        assert control_queries.open_calls() == 0
    assert "<Stream" in carrier.post("/twilio/voice", ringing("3"))[1]
    with as_tenant(plumber):
        assert control_queries.number_check(PLUMBER).open_calls == 1
    assert "<Stream" not in carrier.post("/twilio/voice", ringing("4"))[1]


def test_an_end_that_was_not_reported_is_asked_for(
    carrier: Carrier, plumber: TenantId, twilio: TwilioApi
) -> None:
    """What goes on at the carrier goes on here; a late report of the end changes nothing more."""
    put_through(plumber, carrier, "1")
    is_known(twilio, "1", status="in-progress")
    ask(plumber)
    assert set(lines(plumber)) == {"handed_over"}
    is_known(twilio, "1", status="completed")
    ask(plumber)
    assert set(lines(plumber)) == {"handed_over"}, "asked again within the minute"
    with as_tenant(plumber):
        Call.objects.update(asked_at=clock.now() - persons_calls.ASK_EVERY)
    ask(plumber)
    ended_at = lines(plumber)["ended"].ended_at
    report = {**ringing("1"), "CallStatus": "completed", "SequenceNumber": "3"}
    assert carrier.post("/twilio/status", report)[0] in {200, 204}
    assert lines(plumber)["ended"].ended_at == ended_at
    ask(plumber)
    assert lines(plumber)["ended"].ended_at == ended_at


@pytest.mark.parametrize("trouble", ["unknown", "away", "not ours"])
def test_a_carrier_that_does_not_say_leaves_a_call_as_it_is(
    carrier: Carrier,
    plumber: TenantId,
    twilio: TwilioApi,
    trouble: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is ended on a guess, and the next call is asked about all the same."""
    put_through(plumber, carrier, "1")
    put_through(plumber, carrier, "2")
    if trouble == "away":
        monkeypatch.setenv("TWILIO_API_GATEWAY", "http://127.0.0.1:9")
    elif trouble == "not ours":
        twilio.placed["CA1"] = PlacedCallKept("CA1", "AC" + "9" * 32, "", PLUMBER, "completed")
    is_known(twilio, "2", status="completed")
    ask(plumber)
    assert set(lines(plumber)) == (
        {"handed_over"} if trouble == "away" else {"handed_over", "ended"}
    )


def test_each_call_is_asked_about_in_its_turn(carrier: Carrier, plumber: TenantId) -> None:
    """So many at once, the longest waiting first, and none twice within the minute."""
    for number in ("1", "2", "3"):
        put_through(plumber, carrier, number)
    now = clock.now()
    seen: list[str] = []
    for second in range(3):
        at = now + timedelta(seconds=second)
        with as_tenant(plumber):
            claimed = actions.claim_to_ask(
                asked_before=at - persons_calls.ASK_EVERY, at=at, limit=2
            )
        seen += [call.carrier_call_id for call in claimed]
    assert sorted(seen) == [ringing(number)["CallSid"] for number in ("1", "2", "3")]


def test_whose_people_are_on_the_telephone_is_found(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """Across companies, as control; an agent's call is none of them."""
    carrier.post("/twilio/voice", ringing("1"))
    with as_tenant(plumber):
        Call.objects.update(started_at=clock.now() - UNHELD_AFTER * 2)
    with as_control():
        assert queries.tenants_with_persons_calls(before=clock.now()) == ()
    put_through(plumber, carrier, "2")
    with as_control():
        assert queries.tenants_with_persons_calls(before=clock.now()) == (plumber,)
