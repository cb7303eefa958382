"""A call goes where slots are free, by what the warmer has lately seen;
what it has not seen the lease finds out.
"""

from collections.abc import Mapping

import msgspec
import pytest

from inference.fleet import snapshots
from tests.telephony.conftest import EU, US, Carrier, warm
from tests.telephony.control.test_rungs import taken, warm_llm
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db

US_LLM, EU_LLM = "us-east/think/think-model", "eu-west/think/think-model"


@pytest.fixture(autouse=True)
def _read_anew(warm_regions: None) -> None:
    warm(slots=10)


def seen_held(held: Mapping[str, int]) -> None:
    """So many slots were leased when the warmer looked; the leases themselves are free."""
    snapshot = snapshots.current()
    pools = tuple(
        msgspec.structs.replace(pool, held=held.get(pool.name, 0)) for pool in snapshot.pools
    )
    snapshots.put(msgspec.structs.replace(snapshot, number=snapshot.number + 1, pools=pools))
    snapshots.forget()


def test_a_call_passes_by_a_region_that_was_seen_full(carrier: Carrier, plumber: TenantId) -> None:
    """The caller is near us-east; its reason is told."""
    seen_held({US_LLM: 10})
    plan = taken(carrier, "1")
    assert plan is not None
    assert plan.region == EU
    assert EU_LLM in plan.leases


def test_a_region_with_room_takes_its_callers(carrier: Carrier, plumber: TenantId) -> None:
    """Half its slots are held."""
    seen_held({US_LLM: 5})
    plan = taken(carrier, "1")
    assert plan is not None
    assert plan.region == US


def test_where_all_regions_were_seen_full_a_slot_that_came_free_is_found(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Nobody is turned away by an old look."""
    seen_held({US_LLM: 10, EU_LLM: 10})
    plan = taken(carrier, "1")
    assert plan is not None
    assert plan.region == US


def test_a_stand_in_takes_no_call_while_a_pool_for_calls_may_have_come_free(
    carrier: Carrier, plumber: TenantId
) -> None:
    """The pool that was seen full is asked before the smaller model next door."""
    warm_llm((US, "think-model"), (EU, "small"))
    seen_held({US_LLM: 2})
    plan = taken(carrier, "1")
    assert plan is not None
    assert US_LLM in plan.leases
