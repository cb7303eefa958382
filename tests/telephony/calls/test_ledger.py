"""The ledger over two companies:
each has its own calls in it, and what was not taken is told with its cause.
"""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from msgspec.structs import replace

from inference.fleet.actions import ensure_regions, set_pool
from telephony.calls import actions, queries
from tenants.context import as_tenant
from tests.telephony.conftest import US, Carrier, ringing
from warmline.kernel.call import CallEvent, Happening, ReplicaFailed, TurnTimed
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db


def test_each_company_is_told_its_own_calls(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """The fifth call finds both regions' two slots taken:
    it is in the plumber's ledger with the reason.
    """
    ensure_regions()
    set_pool("us-east/think/frontdesk", price_an_hour=2.5)
    for number in ("1", "2", "3", "4", "5"):
        carrier.post("/twilio/voice", ringing(number))
    out = StringIO()
    call_command("ledger", json=True, stdout=out)
    found = json.loads(out.getvalue())
    untaken = {use["tenant"]: use["untaken"] for use in found["uses"]}
    assert untaken["lakeside"] == {}
    assert sum(untaken["rivertown"].values()) == 1
    assert "full" in next(iter(untaken["rivertown"]))
    table = StringIO()
    call_command("ledger", hours=1.0, stdout=table)
    assert "us-east/think/frontdesk" in table.getvalue()
    assert "lakeside" in table.getvalue()


def test_a_cold_call_is_told_once_with_its_cause(carrier: Carrier, plumber: TenantId) -> None:
    """The second call's model kept it waiting twice, the third's replica had failed;
    the first one's was quick.
    """
    prompt = TurnTimed(1, "think-1", US, 300, 350, 360, 420, 440, 480)
    late = TurnTimed(1, "think-1", US, 300, 350, 360, 2900, 2910, 3000)
    failed = ReplicaFailed(1, "think", "think-1", "the socket closed", "us-east/think think-2")
    told: dict[str, list[Happening]] = {
        "1": [prompt],
        "2": [late, replace(late, turn=2)],
        "3": [failed, late],
    }
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for number, happenings in told.items():
        carrier.post("/twilio/voice", ringing(number))
        with as_tenant(plumber):
            call = queries.call_by_carrier(ringing(number)["CallSid"])
            assert call is not None
            events = [
                CallEvent(
                    CallId(str(call.pk)), plumber, US, 1, place, at, 1000.0 * place, happening
                )
                for place, happening in enumerate(happenings, start=1)
            ]
            actions.record_events(call.pk, events)
    with as_tenant(plumber):
        assert queries.cold_calls(since=at - timedelta(hours=1), until=at + timedelta(hours=1)) == {
            "the first token came late": 1,
            "the socket closed": 1,
        }
        assert (
            queries.cold_calls(since=at + timedelta(hours=1), until=at + timedelta(hours=2)) == {}
        )


def test_a_period_that_is_none_is_refused() -> None:
    """With what was expected."""
    with pytest.raises(CommandError, match="expected more than 0"):
        call_command("ledger", hours=0.0)
