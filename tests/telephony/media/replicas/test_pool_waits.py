"""What calls wait for a pool, and what a pool that answers late as a whole is spared."""

from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.pool_waits import LATELY_S, PoolWaits
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import US_EAST
from warmline.kernel.call import CallerTurn, ReplicaFailed, SentenceHeard

HERE = Endpoint("http://here", "here", US_EAST, "stub")
HOSTED = Endpoint("http://hosted", "hosted", US_EAST, "stub", fixed=True)


def test_only_the_last_seconds_count() -> None:
    """A pool that was asked is told with no answers, once those are old."""
    now = [0.0]
    waits = PoolWaits(clock_s=lambda: now[0])
    for seconds in (0.1, 0.2, 0.3, 2.0):
        waits.came("hear", HERE, seconds)
    waits.came("hear", HOSTED, 9.0)
    [(pool, seen)] = waits.lately().items()
    assert (pool, seen.answers, seen.seconds) == ("us-east/hear/stub", 4, 2.0)
    now[0] = LATELY_S + 1
    assert waits.lately()[pool].answers == 0


def test_late_is_who_answers_and_gone_is_who_does_not() -> None:
    """Of one that answers nothing another is asked; of all that are late none is."""
    waits = PoolWaits(clock_s=lambda: 0.0)
    assert not waits.answers_late("hear", HERE, over_s=1.5)
    waits.owed("hear", HERE, 4.0)
    assert not waits.answers_late("hear", HERE, over_s=1.5)
    waits.came("hear", HERE, 3.0)
    assert waits.answers_late("hear", HERE, over_s=1.5)
    for _ in range(3):
        waits.came("hear", HERE, 0.2)
    assert not waits.answers_late("hear", HERE, over_s=1.5)


async def test_a_late_text_is_waited_for_where_all_texts_are_late(plane: Plane) -> None:
    """The other replica is as busy: what is late there is not asked of it as well."""
    other = await plane.add_replica(roles=("hear",))
    for replica in plane.stubs:
        endpoint = Endpoint(replica.url, replica.url, US_EAST, "stub")
        for _ in range(4):
            plane.server.shared.picker.waits.came("hear", endpoint, 3.0)
    plane.script(stt_s=4.6, heard=["are you open"])
    call = plane.answer_call(greeting="Hello.")
    async with plane.caller(call) as caller:
        await plane.happened(call, SentenceHeard)
        await caller.say(voice("question"))
        [turn] = await plane.happened(call, CallerTurn, within_s=15)
    assert turn.text == "are you open"
    assert not any(isinstance(h, ReplicaFailed) for h in plane.happenings(call))
    assert other.heard_bytes == []
