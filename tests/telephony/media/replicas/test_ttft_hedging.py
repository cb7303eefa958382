"""A first token that is late is asked of a second replica too, and few are."""

import pytest

from telephony.media.replicas.ttft_hedging import HEDGED_SHARE, SOONEST_S, UNKNOWN_S, TtftHedging
from tests.fakes.replicas import Script
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from warmline.kernel.call import ReplicaFailed, TurnTimed


def test_a_pools_own_p99_is_waited_for() -> None:
    """Once it is known; never less than what a network's hiccup takes."""
    hedging = TtftHedging()
    assert hedging.after_s("us/small") == UNKNOWN_S
    for n in range(100):
        hedging.record("us/small", 0.2 + n / 1000)
        hedging.record("us/tiny", 0.001)
    assert hedging.after_s("us/small") == pytest.approx(0.299)
    assert hedging.after_s("us/tiny") == SOONEST_S
    assert hedging.after_s("eu/small") == UNKNOWN_S


def test_second_requests_stay_a_small_share_of_all() -> None:
    """A pool that is slow as a whole is not asked everything twice."""
    hedging, sent = TtftHedging(), 0
    for _ in range(1000):
        sent += hedging.spend()
        hedging.record("us/small", 9.0)
    assert sent == pytest.approx(1000 * HEDGED_SHARE, abs=3)


async def one_turn(plane: Plane) -> tuple[list[str], list[ReplicaFailed], TurnTimed]:
    """What the agent said in a turn, which replicas failed, and the turn's times."""
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await caller.quiet()
        await caller.say(voice("yes"))
        [timed] = await plane.happened(call, TurnTimed, within_s=25)
    happened = plane.happenings(call)
    texts = plane.answers(call, turn=1)
    return texts, [h for h in happened if isinstance(h, ReplicaFailed)], timed


async def test_the_quicker_of_two_replicas_answers(plane: Plane) -> None:
    """The first hangs; the second is asked after a second,
    its words are said once, and nobody is called broken.
    """
    plane.script(faults=["no_token"])
    quick = await plane.add_replica(Script(answer=lambda _: "From the second."), roles=("think",))
    texts, failed, timed = await one_turn(plane)
    assert texts == ["From the second."]
    assert failed == []
    assert timed.replica == quick.url
    assert len(plane.stub.requests) == len(quick.requests) == 1


async def test_a_late_replica_that_still_comes_first_is_kept(plane: Plane) -> None:
    """The second one was slower yet."""
    plane.script(first_token_s=1.4, answer=lambda _: "From the first.")
    slow = await plane.add_replica(
        Script(first_token_s=5.0, answer=lambda _: "From the second."), roles=("think",)
    )
    texts, failed, timed = await one_turn(plane)
    assert texts == ["From the first."]
    assert failed == []
    assert timed.replica == plane.stub.url
    assert len(slow.requests) == 1


async def test_a_late_replica_that_dies_leaves_the_answer_to_the_second(plane: Plane) -> None:
    """Its failure is told; the answer is not asked for a third time."""
    plane.script(first_token_s=1.3, faults=["garbage"])
    second = await plane.add_replica(
        Script(first_token_s=1.0, answer=lambda _: "From the second."), roles=("think",)
    )
    texts, failed, _ = await one_turn(plane)
    assert texts == ["From the second."]
    assert [failure.replica for failure in failed] == [plane.stub.url]
    assert len(second.requests) == 1
