"""Calls that nobody holds get exactly one end; number tables stay current."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction

from inference.fleet.actions import ensure_regions, set_pool
from inference.fleet.queries import policy_of
from inference.models import Pool
from telephony import media_link
from telephony.calls import queries
from telephony.calls.listing.pages import calls_page
from telephony.control import number_table, regional_redis
from telephony.models import Call
from telephony.tasks import (
    TOO_LONG,
    UNHELD_AFTER,
    close_lost_calls_of_tenant,
    refresh_numbers,
    refresh_numbers_of_tenant,
)
from tenants.actions import set_limits
from tenants.context import as_control, as_tenant
from tests.telephony.conftest import PLUMBER, US, Carrier, every_redis, give_number, ringing
from warmline.kernel import clock
from warmline.kernel.ids import CallId, TenantId

pytestmark = pytest.mark.django_db


def aged_call(
    carrier: Carrier, tenant_id: TenantId, age: timedelta, *, dialled: str = PLUMBER
) -> UUID:
    carrier.post("/twilio/voice", ringing(dialled=dialled))
    with as_tenant(tenant_id):
        call = Call.objects.get()
        Call.objects.update(started_at=clock.now() - age)
        return call.pk


def sweep(tenant_id: TenantId) -> str:
    with as_tenant(tenant_id):
        close_lost_calls_of_tenant()
    with as_tenant(tenant_id):
        line = calls_page().items[0]
        return line.end_reason or line.state


def test_a_call_that_nobody_holds_is_closed_and_gives_its_slots_back(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Swept again it stays as it is."""
    aged_call(carrier, plumber, UNHELD_AFTER * 2)
    assert sweep(plumber) == "stream_lost"
    client = regional_redis.client(US)
    assert client is not None
    assert client.zcard("lease:us-east/think/think-model") == 0
    with as_tenant(plumber):
        ended_at = calls_page().items[0].ended_at
    sweep(plumber)
    with as_tenant(plumber):
        assert calls_page().items[0].ended_at == ended_at


def test_a_call_that_is_held_goes_on(carrier: Carrier, plumber: TenantId) -> None:
    """However long it rings."""
    call_id = aged_call(carrier, plumber, UNHELD_AFTER * 2)
    client = regional_redis.client(US)
    assert client is not None
    client.set(media_link.stream_key(str(call_id)), "us-east-1 MZ1")
    assert sweep(plumber) == "ringing"


def test_a_call_between_two_streams_goes_on(carrier: Carrier, plumber: TenantId) -> None:
    """The carrier has been told where the next one is; if it never opens it, the call is closed
    half a minute later.
    """
    call_id = aged_call(carrier, plumber, UNHELD_AFTER * 2)
    client = regional_redis.client(US)
    assert client is not None
    media_link.free_stream(client, CallId(str(call_id)))
    assert sweep(plumber) == "ringing"
    client.delete(media_link.stream_key(str(call_id)))
    assert sweep(plumber) == "stream_lost"


def test_a_young_call_is_left_alone(carrier: Carrier, plumber: TenantId) -> None:
    """Its stream is on its way."""
    aged_call(carrier, plumber, timedelta(seconds=5))
    assert sweep(plumber) == "ringing"


def test_a_call_with_a_person_is_left_to_the_carrier(carrier: Carrier, plumber: TenantId) -> None:
    """Until no carrier would keep it."""
    give_number(plumber, "+12125550101", mode="shadow")
    aged_call(carrier, plumber, UNHELD_AFTER * 2, dialled="+12125550101")
    assert sweep(plumber) == "ringing"
    with as_tenant(plumber):
        Call.objects.update(started_at=clock.now() - TOO_LONG * 2)
    assert sweep(plumber) == "too_long"


def test_the_sweep_finds_whose_calls_are_open(
    carrier: Carrier, plumber: TenantId, clinic: TenantId
) -> None:
    """Across companies, as control, by their ids alone."""
    aged_call(carrier, plumber, UNHELD_AFTER * 2)
    with as_control():
        assert queries.tenants_with_open_calls(before=clock.now() - UNHELD_AFTER) == (plumber,)


def test_a_number_table_that_was_lost_is_written_again(plumber: TenantId) -> None:
    """In every region."""
    for client in every_redis():
        client.delete(number_table.number_key(PLUMBER))
    assert number_table.lookup(PLUMBER) is None
    with as_tenant(plumber):
        refresh_numbers_of_tenant()
    for client in every_redis():
        assert client.exists(number_table.number_key(PLUMBER))


def refresh_across_companies() -> None:
    """As the worker runs it; no worker is here for the jobs that it sends with its commit, so it
    has none.
    """
    with as_control(), transaction.atomic():
        refresh_numbers()
        transaction.set_rollback(True)


def test_a_companys_class_reaches_the_pools_that_may_serve_it(
    plumber: TenantId, clinic: TenantId
) -> None:
    """One replica everywhere for the plumber, two in the EU for the clinic; a stand-in keeps none
    for anybody.
    """
    ensure_regions()
    set_pool("us-east/speak/hibari", purpose="stand_in")
    set_limits("rivertown", warm_replicas=1)
    set_limits("lakeside", warm_replicas=2)
    refresh_across_companies()
    assert dict(Pool.objects.values_list("name", "class_replicas")) == {
        "us-east/think/frontdesk": 1, "us-east/hear/whisper-tiny.en": 1, "us-east/speak/hibari": 0,
        "eu-west/think/frontdesk": 2, "eu-west/hear/whisper-tiny.en": 2, "eu-west/speak/hibari": 2,
    }  # fmt: skip
    set_limits("lakeside", warm_replicas=0)
    refresh_across_companies()
    assert policy_of(Pool.objects.get(name="eu-west/think/frontdesk")).class_replicas == 1


def test_the_number_table_is_refreshed_by_itself() -> None:
    """An entry is forgotten after an hour: without the beat, quiet numbers would not outlive an
    absence of Postgres.
    """
    assert refresh_numbers.name in {tick["task"] for tick in settings.CELERY_BEAT_SCHEDULE.values()}
