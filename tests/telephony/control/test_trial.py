"""A company's trial ends: its calls go to its person, and nothing else changes."""

from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from telephony.calls import queries
from telephony.control import number_table, regional_redis
from tenants.actions import add_member, create_tenant, create_user
from tenants.context import as_tenant
from tests.telephony.conftest import PLUMBER, US, Carrier, ringing
from tests.telephony.control.test_answering import answer
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def set_trial(tenant_id: TenantId, **fields: object) -> None:
    create_tenant("rivertown", name="Rivertown Plumbing", vertical="homeservices", **fields)
    with as_tenant(tenant_id):
        number_table.refresh()


def test_after_the_trial_a_person_takes_the_calls(carrier: Carrier, plumber: TenantId) -> None:
    """The call says why; on any plan agents take them again, from the next call on."""
    now = clock.now()
    set_trial(plumber, trial_ends_at=now + timedelta(days=14))
    assert answer(carrier, ringing("1"))[0].tag == "Connect"
    ended = now - timedelta(seconds=1)
    set_trial(plumber, trial_ends_at=ended)
    assert [verb.tag for verb in answer(carrier, ringing("2"))] == ["Say", "Dial"]
    with as_tenant(plumber):
        because = queries.call_page(queries.live_calls()[0].id).handed_because
    assert because == f"this company's trial ended on {ended:%d %B %Y}"
    set_trial(plumber, trial_ends_at=ended, plan="team")
    assert answer(carrier, ringing("3"))[0].tag == "Connect"


def test_a_company_that_is_on_no_trial_has_no_end(carrier: Carrier, plumber: TenantId) -> None:
    """Nor one whose entry was written by an older version."""
    client = regional_redis.client(US)
    assert client is not None
    raw = client.get(number_table.number_key(PLUMBER))
    assert isinstance(raw, bytes)
    entry = msgspec.json.decode(raw, type=dict)
    del entry["trial_ends_at"]
    client.set(number_table.number_key(PLUMBER), msgspec.json.encode(entry))
    known = number_table.lookup(PLUMBER)
    assert known is not None
    assert known.trial_ends_at is None


@pytest.mark.parametrize(
    ("days", "told"),
    [(14.0, b""), (2.5, b"ends in 3 days"), (0.5, b"ends in 1 day."), (-1.0, b"has ended")],
)
def test_the_pages_tell_when_it_ends(days: float, told: bytes, plumber: TenantId) -> None:
    """From three days before."""
    set_trial(plumber, trial_ends_at=clock.now() + timedelta(days=days))
    user = create_user("owner@example.com", password="a long enough one")
    with as_tenant(plumber):
        add_member(user, role="owner")
    client = Client()
    client.force_login(user)
    page = client.get("/calls/").content
    if told:
        assert told in page
    else:
        assert b"trial" not in page
