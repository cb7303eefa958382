"""Region and replica: the nearest that is warm, within the residency, with its reasons."""

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import NoWarmRegion
from inference.fleet.caller_places import PLACES, prefix_of
from inference.fleet.routing import WINDOW, choose_region, choose_replica
from inference.types import (
    Place,
    Pool,
    Region,
    Replica,
    ReplicaState,
    Snapshot,
    decode_snapshot,
    encode_snapshot,
)
from warmline.kernel.call import Purpose
from warmline.kernel.errors import BadInput
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

NOW = datetime(2026, 11, 21, tzinfo=UTC)
US, EU = RegionCode("us-east"), RegionCode("eu-west")
ROLES: tuple[Role, ...] = ("hear", "think", "speak")
NEW_YORK, LONDON = "+12125550147", "+442079460018"


def replica(
    region: RegionCode, role: Role, number: int, *, state: ReplicaState = "warm", busy: int = 0
) -> Replica:
    name = f"{region}/{role}/m"
    return Replica(
        ReplicaId(f"{name}-{number}"), name, region, role, "m", "http://r", state, 16, NOW, busy
    )


def snapshot(*replicas: Replica) -> Snapshot:
    """Two regions; without replicas given, one warm replica for each role in each."""
    regions = (
        Region(US, Place("Ashburn", 39.0, -77.5), "us"),
        Region(EU, Place("Dublin", 53.3, -6.3), "eu"),
    )
    pools = tuple(Pool(region.code, role, "m", 16) for region in regions for role in ROLES)
    every = replicas or tuple(replica(region.code, role, 1) for region in regions for role in ROLES)
    return Snapshot(1, NOW, regions, pools, every)


@pytest.mark.parametrize(
    ("caller", "expected"),
    [(NEW_YORK, US), (LONDON, EU), ("+4930123456", EU), ("+525512345678", US)],
)
def test_a_caller_is_answered_in_the_nearest_region(caller: str, expected: RegionCode) -> None:
    """By the place of the number's prefix; the reasons name it."""
    choice = choose_region(snapshot(), caller, "anywhere")
    assert choice.region == expected
    assert choice.because.startswith(expected)
    assert choice.order == (expected, *({US, EU} - {expected}))


@pytest.mark.parametrize(
    "caller", ["", "anonymous", "client:ann", "sip:ann@example.com", "+", "+999", "12125550147"]
)
def test_a_caller_of_unknown_place_is_answered_all_the_same(caller: str) -> None:
    """Every region is equally far then."""
    choice = choose_region(snapshot(), caller, "")
    assert choice.caller_place == "an unknown place"


def test_a_call_never_leaves_the_tenants_residency() -> None:
    """Not even when the other region is nearer, nor when its own has nothing warm."""
    assert choose_region(snapshot(), NEW_YORK, "eu").region == EU
    only_us = snapshot(*(replica(US, role, 1) for role in ROLES))
    with pytest.raises(NoWarmRegion, match="eu-west: no warm replica for hear"):
        choose_region(only_us, LONDON, "eu")


def test_a_region_that_is_not_warm_for_every_role_is_out() -> None:
    """A caller who is heard and not answered is not served."""
    replicas = [replica(region, role, 1) for region in (US, EU) for role in ROLES]
    cold = [
        msgspec.structs.replace(replica, state="priming")
        if replica.role == "think" and replica.region == US
        else replica
        for replica in replicas
    ]
    choice = choose_region(snapshot(*cold), NEW_YORK, "")
    assert choice.region == EU
    assert "us-east is out: no warm replica for think" in choice.because


def test_a_full_region_sends_its_callers_to_the_next() -> None:
    """All slots leased: out. In the last tenth: counted as slower."""
    full = {"us-east/think/m": 16}
    assert choose_region(snapshot(), NEW_YORK, "", held=full).region == EU
    assert (
        choose_region(snapshot(), NEW_YORK, "", held={"us-east/think/m": 15}).scores[0].penalty_ms
        == 50.0
    )
    assert (
        choose_region(snapshot(), NEW_YORK, "", held={"us-east/think/m": 3}).scores[0].penalty_ms
        == 0.0
    )


@pytest.mark.parametrize("leased", [3, 15, 16])
def test_what_the_snapshot_says_of_its_slots_counts_as_if_it_was_told(leased: int) -> None:
    """Though it is worked out once, and without it the same snapshot still knows of no load."""
    plain = snapshot()
    held = {"us-east/think/m": leased}
    pools = tuple(
        msgspec.structs.replace(pool, held=held.get(pool.name, 0)) for pool in plain.pools
    )
    seen = msgspec.structs.replace(plain, pools=pools)
    for avoid in ((), (EU,)) if leased < 16 else ((),):
        for _ in range(2):
            expected = choose_region(plain, NEW_YORK, "", held=held, avoid=avoid)
            assert (
                choose_region(seen, NEW_YORK, "", held=seen.held_by_pool, avoid=avoid) == expected
            )
            assert choose_region(seen, NEW_YORK, "", avoid=avoid).scores[0].penalty_ms == 0.0


def test_a_region_seen_failing_is_avoided() -> None:
    """By whoever has seen it."""
    assert choose_region(snapshot(), NEW_YORK, "", avoid=(US,)).region == EU


def test_a_measured_round_trip_stands_above_the_distance() -> None:
    """A prefix whose calls enter elsewhere than its place says."""
    measured = msgspec.structs.replace(snapshot(), round_trips_ms={"1212": {US: 200.0, EU: 20.0}})
    assert choose_region(measured, NEW_YORK, "").region == EU


def with_stand_ins(*warm: tuple[RegionCode, str]) -> Snapshot:
    """Both regions hear and speak; of the think pools `m` (for calls),
    `small` and `gpt` only the given are warm.
    """
    plain = snapshot()
    purposes: dict[str, Purpose] = {"small": "stand_in", "gpt": "hosted"}
    think = [
        Pool(region, "think", model, 16, purpose=purposes.get(model, "calls"))
        for region in (US, EU)
        for model in ("gpt", "small", "m")
    ]
    others = [pool for pool in plain.pools if pool.role != "think"]
    replicas = [replica for replica in plain.replicas if replica.role != "think"]
    for region, model in warm:
        name = f"{region}/think/{model}"
        replicas.append(
            Replica(
                ReplicaId(f"{name}-1"), name, region, "think", model, "http://r", "warm", 16, NOW
            )
        )
    return Snapshot(1, NOW, plain.regions, (*others, *think), tuple(replicas))


def test_no_region_is_chosen_on_the_strength_of_a_stand_in() -> None:
    """The nearest has a smaller model warm, the far one what is meant for calls."""
    choice = choose_region(with_stand_ins((US, "small"), (EU, "m")), NEW_YORK, "")
    assert choice.order == (EU, US)
    assert "us-east would answer by a smaller model" in choice.because


def test_where_only_stand_ins_are_warm_they_answer() -> None:
    """A smaller model before a hosted provider, however near that is; the reason names it."""
    choice = choose_region(with_stand_ins((US, "gpt"), (EU, "small")), NEW_YORK, "")
    assert choice.order == (EU, US)
    assert [score.purpose for score in choice.scores] == ["stand_in", "hosted"]
    assert "by a smaller model" in choice.because
    assert choose_region(with_stand_ins((US, "gpt")), NEW_YORK, "").region == US


def test_a_stand_in_is_no_way_out_of_the_residency() -> None:
    """What is meant for calls is warm on the other side only."""
    pools = with_stand_ins((EU, "m"), (US, "small"))
    choice = choose_region(pools, NEW_YORK, "us")
    assert (choice.region, choice.within_residency) == (US, (US,))


def test_a_full_stand_in_does_not_put_out_a_region_that_answers_without_it() -> None:
    """Only the pools that it stands on count."""
    pools = with_stand_ins((US, "m"), (US, "small"), (EU, "m"))
    full = {"us-east/think/small": 16}
    assert choose_region(pools, NEW_YORK, "", held=full).region == US
    assert choose_region(pools, NEW_YORK, "", held={"us-east/think/m": 16, **full}).region == EU


def test_a_model_is_found_among_many_replicas_of_another() -> None:
    """More than are looked at for one call."""
    many = [replica(US, "think", number) for number in range(3 * WINDOW)]
    small = Replica(
        ReplicaId("s"), "us-east/think/small", US, "think", "small", "http://r", "warm", 16, NOW
    )
    for call in range(50):
        assert (
            choose_replica(snapshot(*many, small), US, "think", f"call {call}", model="small")
            == small
        )


def test_the_only_region_says_that_it_is_the_only_one() -> None:
    """Nobody wonders why no other was compared with it."""
    both = snapshot()
    alone = msgspec.structs.replace(both, regions=both.regions[:1])
    assert choose_region(alone, NEW_YORK, "").because.endswith("; the only region")


def test_without_regions_the_refusal_says_so() -> None:
    """An empty snapshot is no crash."""
    with pytest.raises(NoWarmRegion, match="there are no regions"):
        choose_region(Snapshot(1, NOW), NEW_YORK, "")


def test_only_warm_replicas_with_a_free_slot_are_chosen() -> None:
    """None when there is none."""
    states: tuple[ReplicaState, ...] = (
        "cold",
        "starting",
        "loading",
        "priming",
        "draining",
        "asleep",
        "failed",
    )
    others = [replica(US, "think", number, state=state) for number, state in enumerate(states)]
    full = replica(US, "think", 90, busy=16)
    assert choose_replica(snapshot(*others, full), US, "think", "call") is None
    free = replica(US, "think", 91)
    assert choose_replica(snapshot(*others, full, free), US, "think", "call") == free


def test_a_call_stays_with_its_replica_while_that_is_warm() -> None:
    """Even when it is full: the call is among those on it."""
    some = [replica(US, "think", number) for number in range(4)]
    staying = msgspec.structs.replace(some[2], busy=16)
    pool = snapshot(*some[:2], staying, some[3])
    assert choose_replica(pool, US, "think", "call", stay_with=staying.id) == staying
    chosen = choose_replica(pool, US, "think", "call", stay_with=staying.id, avoid=(staying.id,))
    assert chosen is not None
    assert chosen.id != staying.id


def test_calls_of_one_agent_share_a_replica_until_it_has_its_fair_load() -> None:
    """Then the next one in its own order: at most 1.25 times the mean, and one call."""
    pool = snapshot(*(replica(US, "think", number) for number in range(4)))
    load: Counter[ReplicaId] = Counter()
    for call in range(40):
        chosen = choose_replica(pool, US, "think", f"call-{call}", prefix="agent-1", load=load)
        assert chosen is not None
        load[chosen.id] += 1
        mean = (sum(load.values())) / 4
        assert max(load.values()) <= 1.25 * mean + 1
    first = {choose_replica(pool, US, "think", f"call-{n}", prefix="agent-1") for n in range(20)}
    assert len(first) == 1


@given(st.integers(1, 3 * WINDOW), st.text(min_size=1, max_size=20))
def test_losing_a_replica_moves_only_its_own_calls(count: int, prefix: str) -> None:
    """Rendezvous hashing: whoever was elsewhere stays there (within one window of the ring)."""
    some = [replica(US, "think", number) for number in range(min(count, WINDOW))]
    before = choose_replica(snapshot(*some), US, "think", "call", prefix=prefix)
    assert before is not None
    lost = next((replica for replica in some if replica != before), None)
    if lost is not None:
        after = choose_replica(
            snapshot(*(replica for replica in some if replica != lost)),
            US,
            "think",
            "call",
            prefix=prefix,
        )
        assert after == before


def test_a_large_pool_is_used_evenly() -> None:
    """Though one choice looks at no more than a window of it."""
    pool = snapshot(*(replica(US, "think", number) for number in range(1000)))
    load: Counter[ReplicaId] = Counter()
    for call in range(4000):
        chosen = choose_replica(pool, US, "think", f"call-{call}", load=load)
        assert chosen is not None
        load[chosen.id] += 1
    assert max(load.values()) <= 10
    assert len(load) > 800


def test_prefixes_of_numbers_are_the_longest_known() -> None:
    """An area code before its country; Kazakhstan before Russia."""
    assert [
        prefix_of(n) for n in ("+12125550147", "+15005550006", "+77011234567", "+79161234567")
    ] == [
        "1212",
        "1",
        "77",
        "7",
    ]
    assert all(
        -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 for place in PLACES.values()
    )


def test_a_snapshot_survives_its_journey_and_a_broken_one_names_its_field() -> None:
    """JSON there and back; the field is named for whoever must find the fault."""
    assert decode_snapshot(encode_snapshot(snapshot())) == snapshot()
    with pytest.raises(BadInput, match="number"):
        decode_snapshot(b'{"number": "one"}')
