"""What is heard of a caller, and how sure of it the replica is."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence

import pytest

from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.stt import SttStream, Transcript
from tests.fakes.replicas import Script, StubReplica
from tests.telephony.media.plane import ListedReplicas
from tests.telephony.media.plans import plan

SPEECH = b"\x20" * 8_000
PATIENCE_S = 20


class Hearing:
    """A call's stream and the replica that it speaks to."""

    def __init__(self, stub: StubReplica, stream: SttStream) -> None:
        self.stub = stub
        self._stream = stream

    async def of_two_stretches(self, *, logprobs: Sequence[float] = ()) -> Transcript:
        """A turn with a pause in it."""
        texts = ["my number is", "four one five"]
        self.stub.script = Script(heard=texts, logprobs=list(logprobs))
        for _ in range(2):
            self._stream.push(SPEECH)
            self._stream.commit()
        async with asyncio.timeout(PATIENCE_S):
            return await self._stream.transcript()


@pytest.fixture
async def hearing() -> AsyncIterator[Hearing]:
    """A stream on its socket."""
    stub = await StubReplica().start()
    replicas = ListedReplicas()
    replicas.urls["hear"] = [stub.url]
    stream = SttStream(plan(), FailoverLadder(plan(), ReplicaPicker(replicas), lambda *_: None))
    connection = asyncio.create_task(stream.run())
    yield Hearing(stub, stream)
    connection.cancel()
    await asyncio.gather(connection, return_exceptions=True)
    await stub.stop()


async def test_a_turn_is_as_sure_as_its_pieces_are(hearing: Hearing) -> None:
    """The geometric mean of the probabilities that the replica gives, of 0.9 and 0.4 here."""
    turn = await hearing.of_two_stretches(logprobs=[math.log(0.9), math.log(0.4)])
    assert turn.text == "my number is four one five"
    assert turn.confidence == pytest.approx(0.6)


async def test_a_replica_that_does_not_say_how_sure_it_is_is_heard_all_the_same(
    hearing: Hearing,
) -> None:
    """Its confidence is unknown, which is not none."""
    assert await hearing.of_two_stretches() == Transcript("my number is four one five", None)
