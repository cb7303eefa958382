"""Which rungs a call's plan has, and where its slots are leased when pools have different
purposes.
"""

from datetime import UTC, datetime
from xml.etree import ElementTree

import msgspec
import pytest

from inference.fleet import leases, snapshots
from inference.types import Pool, Replica, Snapshot
from telephony import media_link
from telephony.control import plans, regional_redis
from tests.telephony.conftest import EU, LONDONER, REGIONS, US, Carrier, every_redis, ringing, warm
from warmline.kernel.call import CallPlan, Purpose, decode_plan
from warmline.kernel.ids import ReplicaId, TenantId
from warmline.kernel.regions import RegionCode

pytestmark = pytest.mark.django_db

PURPOSES: dict[str, Purpose] = {"small": "stand_in", "gpt": "hosted"}


def think(region: RegionCode, model: str) -> Pool:
    """A think pool of two slots; what it is for follows from its model's name."""
    url = "https://api.example.com/v1" if model == "gpt" else None
    return Pool(region, "think", model, 2, fixed_url=url, purpose=PURPOSES.get(model, "calls"))


def warm_llm(*pools: tuple[RegionCode, str]) -> None:
    """Both regions hear and speak as ever; of the think pools (all four in both regions) only these
    are warm.
    """
    snapshot = snapshots.current()
    every = [
        think(region.code, model) for region in REGIONS for model in ("gpt", "small", "think-model")
    ]
    others = [pool for pool in snapshot.pools if pool.role != "think"]
    replicas = [replica for replica in snapshot.replicas if replica.role != "think"]
    for region, model in pools:
        pool = think(region, model)
        name = ReplicaId(f"{pool.name}-1")
        replicas.append(
            Replica(
                name,
                pool.name,
                region,
                "think",
                model,
                "http://127.0.0.1:9",
                "warm",
                2,
                datetime.now(UTC),
            )
        )
    changed = msgspec.structs.replace(
        snapshot, number=snapshot.number + 1, pools=(*others, *every), replicas=tuple(replicas)
    )
    snapshots.put(changed)
    snapshots.forget()


@pytest.fixture(autouse=True)
def _read_anew(warm_regions: None) -> None:
    warm(slots=10)
    snapshots.forget()


def taken(carrier: Carrier, number: str, *, caller: str = "+12125550147") -> CallPlan | None:
    """The plan of a call that rings now, or None when no agent takes it."""
    body = ElementTree.fromstring(carrier.post("/twilio/voice", ringing(number, caller=caller))[1])
    parameters = {
        parameter.attrib["name"]: parameter.attrib["value"] for parameter in body.iter("Parameter")
    }
    if "call" not in parameters:
        return None
    for client in every_redis():
        raw = client.get(media_link.plan_key(parameters["call"]))
        if isinstance(raw, bytes):
            return decode_plan(raw)
    raise AssertionError("the plan of an answered call lies nowhere")


def llm_rungs(plan: CallPlan) -> list[str]:
    """The pools of its think rungs in their order."""
    return [f"{rung.region}/{rung.model}" for rung in plan.ladder if rung.role == "think"]


def test_the_rungs_stand_in_the_order_of_their_purposes(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Meant for calls in the chosen region and the next, then smaller models, then hosted
    providers; each says why.
    """
    warm_llm(
        *((region.code, model) for region in REGIONS for model in ("gpt", "small", "think-model"))
    )
    plan = taken(carrier, "1")
    assert plan is not None
    assert llm_rungs(plan) == [
        "us-east/think-model",
        "eu-west/think-model",
        "us-east/small",
        "eu-west/small",
        "us-east/gpt",
        "eu-west/gpt",
    ]
    reasons = [rung.because for rung in plan.ladder if rung.role == "think"]
    assert reasons[0] == "meant for calls; the chosen region; holds the call's slot"
    assert reasons[1] == "meant for calls; eu-west, next after us-east"
    assert reasons[2].startswith(
        "a smaller model, when no pool meant for calls answers; the chosen region"
    )
    assert reasons[5].startswith("a hosted provider, when none of our own models answers; eu-west")
    assert plan.ladder[-1].role == "speak"
    assert [rung.base_url for rung in plan.ladder if rung.purpose == "hosted"] == [
        "https://api.example.com/v1"
    ] * 2


def test_pools_that_are_cold_at_the_ring_are_rungs_all_the_same(
    carrier: Carrier, plumber: TenantId
) -> None:
    """A region that becomes warm during the call may take its next turn."""
    warm_llm((US, "think-model"))
    plan = taken(carrier, "1")
    assert plan is not None
    assert llm_rungs(plan)[:2] == ["us-east/think-model", "eu-west/think-model"]


def test_no_rung_is_outside_the_residency(carrier: Carrier, clinic: TenantId) -> None:
    """Neither a smaller model nor a hosted provider of another zone."""
    warm_llm((US, "think-model"), (EU, "small"), (US, "gpt"))
    body = carrier.post("/twilio/voice", ringing("1", caller=LONDONER, dialled="+442071230200"))[1]
    call = next(
        parameter.attrib["value"] for parameter in ElementTree.fromstring(body).iter("Parameter")
    )
    client = regional_redis.client(EU)
    assert client is not None
    stored = client.get(media_link.plan_key(call))
    assert isinstance(stored, bytes)
    plan = decode_plan(stored)
    assert {rung.region for rung in plan.ladder} == {EU}
    assert "eu-west/think/small" in plan.leases


def test_a_stand_in_next_door_does_not_draw_the_call(carrier: Carrier, plumber: TenantId) -> None:
    """The caller is near us-east, where only a smaller model is warm."""
    warm_llm((US, "small"), (EU, "think-model"))
    plan = taken(carrier, "1")
    assert plan is not None
    assert plan.region == EU
    assert "eu-west/think/think-model" in plan.leases


def test_where_only_stand_ins_are_warm_the_call_is_answered_by_them(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Its slot is held where the answer will come from, and that is its first rung."""
    warm_llm((US, "small"), (EU, "gpt"))
    plan = taken(carrier, "1")
    assert plan is not None
    assert plan.region == US
    assert "us-east/think/small" in plan.leases
    assert llm_rungs(plan)[0] == "us-east/small"


def test_slots_for_calls_anywhere_come_before_any_stand_in(
    carrier: Carrier, plumber: TenantId
) -> None:
    """Two slots in each pool: here, there, then the smaller models, then the hosted provider, then
    nobody.
    """
    warm_llm((US, "think-model"), (EU, "think-model"), (US, "small"), (EU, "gpt"))
    plans_made = [taken(carrier, str(number)) for number in range(1, 10)]
    held = [
        next((name for name in plan.leases if "/think/" in name), "") if plan else ""
        for plan in plans_made
    ]
    assert held == [
        *["us-east/think/think-model"] * 2, *["eu-west/think/think-model"] * 2,
        *["us-east/think/small"] * 2, *["eu-west/think/gpt"] * 2, "",
    ]  # fmt: skip
    rungs = [llm_rungs(plan)[0] if plan else "" for plan in plans_made]
    assert [f"{name.split('/')[0]}/{name.split('/')[-1]}" if name else "" for name in held] == rungs
    client = regional_redis.client(US)
    assert client is not None
    assert leases.held(client, "us-east/hear/hear-model") == 4


def test_a_plan_made_before_pools_had_a_purpose_is_read() -> None:
    """Its rungs are meant for calls."""
    rungs = plans.ladder(
        Snapshot(1, datetime.now(UTC), pools=(think(US, "think-model"),)), (US,), ("think",)
    )
    old = msgspec.to_builtins(rungs[0])
    del old["purpose"]
    assert msgspec.convert(old, type(rungs[0])) == rungs[0]
