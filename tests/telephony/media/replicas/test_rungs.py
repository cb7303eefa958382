"""The ladder, rung by rung, through a real media plane that follows a real snapshot of two regions'
pools.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from inference.fleet.snapshots import CHANNEL, Follower
from inference.types import Place, Pool, Region, Replica, Snapshot, decode_snapshot, encode_snapshot
from telephony.control import plans
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.snapshot_replicas import PoolReplicas
from tests.fakes.replicas import Fault, Script, StubReplica
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import US_EAST
from warmline.kernel.call import (
    CallEnded,
    CallerTurn,
    CallPlan,
    Purpose,
    ReplicaFailed,
    SentenceHeard,
)
from warmline.kernel.call import encode as encoded
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

EU_WEST = RegionCode("eu-west")
KEY = "sk-of-the-hosted-provider"
ANSWER = (
    "We are open from eight to six. On saturday we close at noon. "
    "Can I help you with anything else?"
)
ROLES: tuple[Role, ...] = ("hear", "think", "speak")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
# Region, model, purpose: in the order in which a call turns to them.
RUNGS: tuple[tuple[RegionCode, str, Purpose], ...] = (
    (US_EAST, "large", "calls"),
    (EU_WEST, "large", "calls"),
    (US_EAST, "small", "stand_in"),
    (EU_WEST, "gpt", "hosted"),
)


@dataclass
class TwoRegions:
    """A media process in us-east; each think pool is a stub of its own,
    hear and speak are the plane's first one.
    """

    plane: Plane
    think: list[StubReplica] = field(default_factory=list)
    more: list[Replica] = field(default_factory=list)
    following: "list[asyncio.Task[None]]" = field(default_factory=list)

    def pools(self) -> tuple[Pool, ...]:
        """Defined in an order that is not the ladder's."""
        thinking = [
            Pool(
                region,
                "think",
                model,
                8,
                fixed_url=f"{stub.url}/v1" if purpose == "hosted" else None,
                purpose=purpose,
            )
            for (region, model, purpose), stub in zip(RUNGS, self.think, strict=True)
        ]
        return (
            *reversed(thinking),
            Pool(US_EAST, "hear", "stub", 8),
            Pool(US_EAST, "speak", "stub", 8),
        )

    def snapshot(self) -> Snapshot:
        """One warm replica in each pool that is not somebody else's."""
        urls = {
            f"{region}/think/{model}": stub.url
            for (region, model, _), stub in zip(RUNGS, self.think, strict=True)
        }
        replicas = [
            Replica(
                ReplicaId(f"r:{pool.name}"),
                pool.name,
                pool.region,
                pool.role,
                pool.model,
                urls.get(pool.name, self.plane.stub.url),
                "warm",
                8,
                NOW,
            )
            for pool in self.pools()
            if pool.purpose != "hosted"
        ]
        regions = tuple(Region(code, Place(code, 0.0, 0.0), "us") for code in (US_EAST, EU_WEST))
        return Snapshot(1, NOW, regions, self.pools(), (*replicas, *self.more))

    def answer_call(self, **changes: Any) -> CallPlan:
        """A call with the ladder that admission gives it."""
        rungs = plans.ladder(self.snapshot(), (US_EAST, EU_WEST), ROLES)
        return self.plane.answer_call(**({"greeting": "Hello.", "ladder": rungs} | changes))

    async def followed(self) -> Follower:
        """The snapshot as a media process knows it."""
        self.plane.control.set("pools", encode_snapshot(self.snapshot()))
        follower = Follower(self.plane.url)
        self.following.append(asyncio.create_task(follower.run()))
        assert await follower.ready(timeout_s=10)
        return follower

    async def follow(self) -> None:
        """Start a media process that follows it."""
        follower = await self.followed()
        self.plane.server, self.plane.ws_url = await self.plane.another_server(
            "w2", replicas=PoolReplicas(follower)
        )


@pytest.fixture
async def regions(plane: Plane) -> AsyncIterator[TwoRegions]:
    """Four think pools that would all answer."""
    two = TwoRegions(plane)
    for _ in RUNGS:
        two.think.append(await plane.add_replica(Script(answer=lambda _: ANSWER), roles=()))
    await two.follow()
    yield two
    for following in two.following:
        following.cancel()
    await asyncio.gather(*two.following, return_exceptions=True)


async def one_turn(
    regions: TwoRegions, call: CallPlan, *, sentences: int = 3
) -> tuple[list[str], list[ReplicaFailed]]:
    """What the agent said in the caller's first turn, and which replicas failed."""
    plane = regions.plane
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=1 + sentences, within_s=25)
        while len(plane.answers(call, turn=1)) < sentences:  # short words were heard among them
            await asyncio.sleep(0.05)
    happened = plane.happenings(call)
    return plane.answers(call, turn=1), [h for h in happened if isinstance(h, ReplicaFailed)]


def names(rungs: Sequence[tuple[RegionCode, str, Purpose]]) -> list[str]:
    """The pools as an event names them."""
    return [f"{region}/think/{model}" for region, model, _ in rungs]


@pytest.mark.parametrize("fault", ["refuse", "dies_midway"])
@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_the_next_rung_goes_on_with_the_answer(
    regions: TwoRegions, lost: int, fault: Fault
) -> None:
    """Other region, smaller model, hosted provider:
    the caller hears the whole answer once; the event says whose.
    """
    for stub in regions.think[:lost]:
        stub.script.faults = [fault]
    texts, failed = await one_turn(regions, regions.answer_call())
    assert " ".join(texts) == ANSWER
    assert [failure.rung for failure in failed] == names(RUNGS[:lost])
    region, model, purpose = RUNGS[lost]
    words = {"calls": "", "stand_in": " (smaller model)", "hosted": " (hosted provider)"}
    assert failed[-1].next_rung.startswith(f"{region}/think ")
    assert failed[-1].next_rung.endswith(words[purpose])
    assert [len(stub.requests) for stub in regions.think] == [1] * (lost + 1) + [0] * (
        len(RUNGS) - lost - 1
    )
    assert regions.think[lost].requests[0]["model"] == model


async def test_after_the_last_rung_a_person_is_connected(regions: TwoRegions) -> None:
    """No model anywhere answers."""
    for stub in regions.think:
        stub.script.faults = ["refuse"] * 10
    call = regions.answer_call(human_number="+12125550199")
    async with regions.plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [ended] = await regions.plane.happened(call, CallEnded, within_s=25)
    assert ended.reason == "transferred"
    failed = [h for h in regions.plane.happenings(call) if isinstance(h, ReplicaFailed)]
    assert [failure.rung for failure in failed] == names(RUNGS)
    assert failed[-1].next_rung == "none"


async def test_when_all_replicas_of_a_region_are_lost_the_next_turn_goes_to_another(
    plane: Plane, regions: TwoRegions
) -> None:
    """The media process lives and its snapshot still lists six replicas:
    not each of them is tried.
    """
    gone = [await StubReplica().start() for _ in range(6)]
    for number, stub in enumerate(gone):
        name = "us-east/think/large"
        regions.more.append(
            Replica(
                ReplicaId(f"gone-{number}"),
                name,
                US_EAST,
                "think",
                "large",
                stub.url,
                "warm",
                8,
                NOW,
            )
        )
        await stub.stop()
    await regions.think[0].stop()
    await regions.follow()
    texts, failed = await one_turn(regions, regions.answer_call())
    assert " ".join(texts) == ANSWER
    assert [failure.rung for failure in failed] == ["us-east/think/large"] * 2
    assert failed[-1].next_rung.startswith("eu-west/think ")


async def test_between_two_turns_a_region_loses_all_its_replicas(
    plane: Plane, regions: TwoRegions
) -> None:
    """STT, LLM and TTS: the caller's next turn is heard,
    thought about and answered in the other region.
    """
    here = await plane.add_replica(
        Script(heard=["are you open"], answer=lambda _: "Yes, until six."), roles=()
    )
    there = await plane.add_replica(
        Script(heard=["thank you"], answer=lambda _: "You are welcome."), roles=()
    )
    stubs = {US_EAST: here, EU_WEST: there}
    pools = tuple(Pool(region, role, "all", 8) for region in stubs for role in ROLES)
    replicas = tuple(
        Replica(
            ReplicaId(pool.name),
            pool.name,
            pool.region,
            pool.role,
            "all",
            stubs[pool.region].url,
            "warm",
            8,
            NOW,
        )
        for pool in pools
    )
    snapshot = Snapshot(2, NOW, regions.snapshot().regions, pools, replicas)
    plane.control.set("pools", encode_snapshot(snapshot))
    follower = Follower(plane.url)
    regions.following.append(asyncio.create_task(follower.run()))
    assert await follower.ready(timeout_s=10)
    plane.server, plane.ws_url = await plane.another_server("w3", replicas=PoolReplicas(follower))
    call = regions.answer_call(ladder=plans.ladder(snapshot, (US_EAST, EU_WEST), ROLES))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=2)
        await here.stop()
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=3, within_s=25)
    happened = plane.happenings(call)
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == ["are you open", "thank you"]
    assert [h.heard for h in happened if isinstance(h, SentenceHeard)] == [
        "Hello.",
        "Yes, until six.",
        "You are welcome.",
    ]
    failed = {h.rung: h.next_rung for h in happened if isinstance(h, ReplicaFailed)}
    assert failed == {f"us-east/{role}/all": f"eu-west/{role} eu-west/{role}/all" for role in ROLES}


async def test_calls_leave_replicas_that_drain(plane: Plane, regions: TwoRegions) -> None:
    """Two of each role; those that answered the first turn drain and stop:
    the next turn is the others', and whole.
    """
    stubs = [
        await plane.add_replica(Script(heard=["are you open"] * 2), roles=()) for _ in range(2)
    ]
    pools = tuple(Pool(US_EAST, role, "all", 8) for role in ROLES)

    def snapshot(number: int, *, draining: StubReplica | None = None) -> bytes:
        replicas = tuple(
            Replica(
                ReplicaId(f"{pool.name}-{stub.url}"),
                pool.name,
                US_EAST,
                pool.role,
                "all",
                stub.url,
                "draining" if stub is draining else "warm",
                8,
                NOW,
            )
            for pool in pools
            for stub in stubs
        )
        return encode_snapshot(Snapshot(number, NOW, regions.snapshot().regions, pools, replicas))

    plane.control.set("pools", snapshot(2))
    follower = Follower(plane.url)
    regions.following.append(asyncio.create_task(follower.run()))
    assert await follower.ready(timeout_s=10)
    plane.server, plane.ws_url = await plane.another_server("w3", replicas=PoolReplicas(follower))
    call = regions.answer_call(ladder=plans.ladder(decode_snapshot(snapshot(2)), (US_EAST,), ROLES))
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=3)
        first, second = sorted(stubs, key=lambda stub: len(stub.requests), reverse=True)
        plane.control.set("pools", snapshot(3, draining=first))
        plane.control.publish(CHANNEL, 3)
        async with asyncio.timeout(5):
            while follower.snapshot.number < 3:
                await asyncio.sleep(0.02)
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=5)
        await first.stop()
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, SentenceHeard, times=7)
    happened = plane.happenings(call)
    assert [h.text for h in happened if isinstance(h, CallerTurn)] == ["are you open"] * 3
    assert [len(stub.requests) for stub in (first, second)] == [1, 2]
    assert not [h for h in happened if isinstance(h, ReplicaFailed)]


async def test_a_late_first_token_is_no_reason_for_a_smaller_model(
    plane: Plane, regions: TwoRegions
) -> None:
    """Another region's pool for calls is asked too; where there is none, the caller waits."""
    rungs = plans.ladder(regions.snapshot(), (US_EAST, EU_WEST), ROLES)
    picker = ReplicaPicker(PoolReplicas(await regions.followed()))
    both = FailoverLadder(regions.answer_call(ladder=rungs), picker, lambda *_: None)
    first = both.endpoint("think")
    second = both.second_endpoint("think", besides=first)
    assert second is not None
    assert (second.region, second.purpose) == (EU_WEST, "calls")
    alone = tuple(rung for rung in rungs if rung.region == US_EAST)
    ladder = FailoverLadder(regions.answer_call(ladder=alone), picker, lambda *_: None)
    assert ladder.second_endpoint("think", besides=ladder.endpoint("think")) is None


@pytest.fixture
def hosted_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hosted pool's own key, and one that belongs to another address."""
    monkeypatch.setenv("WARMLINE_POOL_KEYS", json.dumps({"eu-west/think/gpt": KEY}))
    monkeypatch.setenv("WARMLINE_THINK_URL", "https://elsewhere.example.com/v1")
    monkeypatch.setenv("WARMLINE_THINK_KEY", "sk-of-another-provider")


async def test_a_hosted_provider_gets_its_key_and_nobody_else_sees_it(
    plane: Plane, regions: TwoRegions, hosted_key: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not our replicas, not the plan, not an event, not a log; a failure of its own included."""
    for stub in regions.think[:3]:
        stub.script.faults = ["refuse"]
    regions.think[3].script.faults = ["dies_midway"]
    call = regions.answer_call()
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        await plane.happened(call, ReplicaFailed, times=4, within_s=25)
    assert {key for _, key in regions.think[3].keys} == {f"Bearer {KEY}"}
    assert {key for stub in (plane.stub, *regions.think[:3]) for _, key in stub.keys} == {""}
    kept = encoded(call) + b"".join(encoded(event) for event in plane.events(call))
    assert b"sk-of" not in kept
    output = capfd.readouterr()
    assert "sk-of" not in output.out + output.err


async def test_hosted_ears_and_voices_get_their_keys_too(
    plane: Plane, regions: TwoRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by its own pool."""
    far = await plane.add_replica(Script(), roles=())
    keys = {f"us-east/{role}/far": f"sk-{role}" for role in ("hear", "speak")}
    monkeypatch.setenv("WARMLINE_POOL_KEYS", json.dumps(keys))
    snapshot = regions.snapshot()
    hosted = tuple(
        Pool(US_EAST, role, "far", 8, fixed_url=f"{far.url}/v1", purpose="hosted")
        for role in ROLES
        if role != "think"
    )
    think = tuple(pool for pool in snapshot.pools if pool.role == "think")
    rungs = plans.ladder(
        Snapshot(2, NOW, snapshot.regions, (*think, *hosted)), (US_EAST, EU_WEST), ROLES
    )
    texts, failed = await one_turn(regions, regions.answer_call(ladder=rungs))
    assert (" ".join(texts), failed) == (ANSWER, [])
    assert set(far.keys) == {
        ("/v1/realtime", "Bearer sk-hear"),
        ("/v1/audio/speech", "Bearer sk-speak"),
    }
