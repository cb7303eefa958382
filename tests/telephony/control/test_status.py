"""What the carrier reports of a call: in any order, twice, early."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from telephony.calls import queries
from telephony.control import regional_redis, webhook_spool
from telephony.types import CallLine
from tenants.context import as_tenant
from tests.telephony.conftest import CLINIC, US, Carrier, ringing
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
STATUSES = ("initiated", "ringing", "in-progress", "completed")


def report(
    carrier: Carrier, status: str, *, sequence: int, call: str = "1", dialled: str | None = None
) -> int:
    form = ringing(call) if dialled is None else ringing(call, dialled=dialled)
    form |= {
        "CallStatus": status,
        "SequenceNumber": str(sequence),
        "Timestamp": f"Sun, 01 Mar 2026 12:00:{sequence:02d} +0000",
    }
    return carrier.post("/twilio/status", form)[0]


def line(tenant_id: TenantId, call: str = "1") -> CallLine:
    with as_tenant(tenant_id):
        found = queries.call_by_carrier(ringing(call)["CallSid"])
        assert found is not None
        return queries.call_page(found.pk).call


def orders() -> Iterator[tuple[int, ...]]:
    yield from permutations(range(len(STATUSES)))


def test_every_order_of_the_reports_ends_the_same(carrier: Carrier, plumber: TenantId) -> None:
    """All twenty-four, each report twice."""
    ends = set()
    for call, order in enumerate(orders(), start=1):
        carrier.post("/twilio/voice", ringing(str(call)))
        for sequence in (*order, *order):
            assert report(carrier, STATUSES[sequence], sequence=sequence, call=str(call)) == 204
        ended = line(plumber, str(call))
        ends.add((ended.state, ended.end_reason, ended.answered_at, ended.ended_at))
    assert len(ends) == 1
    assert next(iter(ends))[:2] == ("ended", "caller_hung_up")


def test_an_ended_call_gives_its_slots_back(carrier: Carrier, plumber: TenantId) -> None:
    """The carrier's word is enough."""
    carrier.post("/twilio/voice", ringing())
    client = regional_redis.client(US)
    assert client is not None
    assert client.zcard("lease:us-east/think/think-model") == 1
    report(carrier, "completed", sequence=3)
    assert client.zcard("lease:us-east/think/think-model") == 0


def test_an_unknown_status_is_kept_and_changes_nothing(carrier: Carrier, plumber: TenantId) -> None:
    """The carrier may invent one."""
    carrier.post("/twilio/voice", ringing())
    assert report(carrier, "meditating", sequence=1) == 204
    assert line(plumber).state == "ringing"


def test_a_report_before_its_call_waits_for_it(carrier: Carrier, plumber: TenantId) -> None:
    """In the region's inbox, which the recorder drains."""
    assert report(carrier, "completed", sequence=3) == 204
    client = regional_redis.client(US)
    other = regional_redis.client(type(US)("eu-west"))
    assert client is not None
    assert other is not None
    assert client.xlen(webhook_spool.STREAM) + other.xlen(webhook_spool.STREAM) == 1


def test_a_report_for_another_companys_call_changes_nothing(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """The call belongs to the number that was dialled."""
    carrier.post("/twilio/voice", ringing())
    assert report(carrier, "completed", sequence=3, dialled=CLINIC) == 204
    assert line(plumber).state == "ringing"
    with as_tenant(clinic):
        assert queries.live_calls() == ()
