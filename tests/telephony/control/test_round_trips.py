"""What calls measure of the way to the carrier,
from their events to where the next caller is sent.
"""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import pytest
import redis

from inference.fleet import queries, snapshots
from inference.fleet.actions import ensure_regions
from inference.fleet.roundtrips import LEAST_CALLS
from inference.fleet.routing import choose_region
from inference.types import Snapshot
from telephony import media_link
from telephony.calls import queries as calls
from telephony.models import Call
from telephony.tasks import LEARN_FROM, learn_round_trips
from tenants.context import as_control, as_tenant
from tests.telephony.calls.test_recorder import events_drain, happened
from tests.telephony.conftest import LONDONER, NEW_YORKER, US, Carrier, ringing
from warmline.kernel import clock
from warmline.kernel.call import CallAnswered, CarrierRoundTrip, Happening
from warmline.kernel.ids import CallId, TenantId, new_uuid
from warmline.kernel.regions import RegionCode, redis_url

pytestmark = pytest.mark.django_db


def measured(
    tenant_id: TenantId, caller: str, region: str, trips_ms: Iterable[float], *, days_ago: float = 0
) -> None:
    """Calls of the past that measured this."""
    at = clock.now() - timedelta(days=days_ago)
    with as_tenant(tenant_id):
        Call.objects.bulk_create(
            Call(
                id=new_uuid(),
                carrier_call_id=f"CA{new_uuid()}",
                from_number=caller,
                to_number="+12125550100",
                region=region,
                vertical="homeservices",
                started_at=at,
                round_trip_ms=ms,
            )
            for ms in trips_ms
        )


def learnt() -> Snapshot:
    """The snapshot that the job leaves in every region."""
    with as_control():
        learn_round_trips()
    snapshots.forget()
    return snapshots.current()


@pytest.fixture
def regions(plumber: TenantId) -> None:
    """Both regions as rows."""
    ensure_regions()


def test_a_calls_median_is_on_its_row_and_page(carrier: Carrier, plumber: TenantId) -> None:
    """However often and in what order the events come."""
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        call_id = calls.live_calls()[0].id
    answered: list[Happening] = [CallAnswered("MZ1", "w", "caller")]
    trips = [CarrierRoundTrip(ms) for ms in (21.0, 300.0, 20.0)]
    events = happened(plumber, CallId(str(call_id)), *answered, *trips)
    with redis.Redis.from_url(redis_url(US)) as client:
        for batch in (events[2:], events, events[:2]):
            media_link.publish(client, batch)
            events_drain(client, "one").step(block_ms=None)
    with as_tenant(plumber):
        assert Call.objects.get(pk=call_id).round_trip_ms == 21.0
        assert "21.0 ms to the carrier and back" in {
            each.text for each in calls.call_page(call_id).events
        }


def test_what_another_region_measured_is_not_the_calls(carrier: Carrier, plumber: TenantId) -> None:
    """It took the call up when the first one was lost; the row has one region."""
    carrier.post("/twilio/voice", ringing())
    with as_tenant(plumber):
        call_id = calls.live_calls()[0].id
    [here, there] = happened(
        plumber, CallId(str(call_id)), CarrierRoundTrip(20.0), CarrierRoundTrip(90.0)
    )
    with redis.Redis.from_url(redis_url(US)) as client:
        media_link.publish(
            client, [here, msgspec.structs.replace(there, region=RegionCode("eu-west"), epoch=2)]
        )
        events_drain(client, "one").step(block_ms=None)
    with as_tenant(plumber):
        assert Call.objects.get(pk=call_id).round_trip_ms == 20.0


def test_where_two_regions_were_measured_their_difference_is_gone_by(
    plumber: TenantId, regions: None
) -> None:
    """The carrier takes Londoners' audio in Virginia:
    Dublin, near on the map, is twice across the ocean.
    """
    measured(plumber, LONDONER, "us-east", [2.0] * LEAST_CALLS)
    measured(plumber, LONDONER, "eu-west", [*[80.0] * LEAST_CALLS, 1999.0, 0.06])
    by_the_map = snapshots.current()
    assert choose_region(by_the_map, LONDONER, "").region == "eu-west"
    trips = learnt().round_trips_ms["44"]
    assert trips[RegionCode("eu-west")] - trips[US] == pytest.approx(78.0, abs=0.2)
    assert (
        choose_region(
            msgspec.structs.replace(by_the_map, round_trips_ms={"44": trips}), LONDONER, ""
        ).region
        == US
    )


def test_one_region_measured_changes_nothing(plumber: TenantId, regions: None) -> None:
    """The part to the carrier's edge is shorter than any whole way,
    and says nothing of the other region.
    """
    measured(plumber, NEW_YORKER, "eu-west", [0.9] * 50)
    assert learnt().round_trips_ms == {}
    with as_control():
        assert [(each.prefix, each.ms, each.calls) for each in queries.measured_round_trips()] == [
            ("1212", 0.9, 50)
        ]


def test_too_few_or_too_old_calls_are_not_gone_by(plumber: TenantId, regions: None) -> None:
    """And what was learnt from them is forgotten with them."""
    measured(plumber, LONDONER, "us-east", [300.0] * LEAST_CALLS)
    assert learnt().round_trips_ms == {"44": {US: 300.0}}
    with as_tenant(plumber):
        Call.objects.update(started_at=clock.now() - LEARN_FROM * 2)
    measured(plumber, LONDONER, "us-east", [300.0] * (LEAST_CALLS - 1))
    assert learnt().round_trips_ms == {}
    with as_control():
        assert queries.measured_round_trips() == ()


def test_calls_of_all_companies_are_learnt_from(
    plumber: TenantId, clinic: TenantId, regions: None
) -> None:
    """Only prefix, region and figure are kept."""
    for tenant_id in (plumber, clinic):
        measured(tenant_id, LONDONER, "eu-west", [90.0] * (LEAST_CALLS // 2))
    assert learnt().round_trips_ms == {"44": {RegionCode("eu-west"): 90.0}}
