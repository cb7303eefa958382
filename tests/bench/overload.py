"""More callers than replicas answer in time: `python -m tests.bench.overload`.

A real media plane, its Redis, leases and paces; replicas whose hearing is as slow as a machine that
does one thing at a time (`--hearing-s` a turn, one after the other). Callers arrive every second
and ask every few seconds. Told: how many were taken and how many sent on, how long those taken
heard nothing after their last word, and how many heard "having trouble". 1 where one of them heard
nothing for over two seconds, or more than one in thirty heard of trouble.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import redis
from aiohttp import web
from rich.console import Console
from rich.table import Table

from inference.fleet import leases, pace_store
from inference.types import Pool, Replica, Snapshot
from telephony.media.speech.phrases import TROUBLE_GOODBYE, TROUBLE_TRANSFER
from tests.fakes.replicas import Script, StubReplica
from tests.telephony.media.caller import voice
from tests.telephony.media.plane import Plane
from tests.telephony.media.plans import US_EAST
from tests.telephony.media.valkey import Valkey
from warmline.kernel.call import AgentSentence
from warmline.kernel.ids import ReplicaId
from warmline.kernel.roles import CALL_ROLES

SILENCE_BOUND_S: Final = 2.0
TROUBLE_SHARE: Final = 1 / 30
ANSWER_S: Final = 10.0
QUESTION_S: Final = 20.0  # it is said in three; a line that was closed takes none
BETWEEN_S: Final = 3.0  # a caller listens, and thinks of his next question


class BusyReplica(StubReplica):
    """Hears one turn after the other."""

    def __init__(self, script: Script, *, hearing_s: float) -> None:
        super().__init__(script)
        self._one = asyncio.Semaphore(1)
        self._hearing_s = hearing_s

    async def _transcribe(self, socket: web.WebSocketResponse, heard: int) -> None:
        async with self._one:
            await asyncio.sleep(self._hearing_s)
        await super()._transcribe(socket, heard)


@dataclass(slots=True)
class Outcome:
    """What became of the callers."""

    taken: int = 0
    sent_on: int = 0
    waits_s: list[float] = field(default_factory=list)
    unheard: int = 0  # turns after which nothing was heard within ten seconds


def snapshot(urls: list[str], *, slots: int) -> Snapshot:
    """Each role's pool, with its warm replicas."""
    now = datetime.now(UTC)
    pools = tuple(Pool(US_EAST, role, "stub", slots) for role in CALL_ROLES)
    replicas = tuple(
        Replica(
            ReplicaId(f"{pool.role}-{n}"),
            pool.name,
            US_EAST,
            pool.role,
            "stub",
            url,
            "warm",
            slots // len(urls),
            now,
        )
        for pool in pools
        for n, url in enumerate(urls)
    )
    return Snapshot(1, now, pools=pools, replicas=replicas)


async def keep_pace(plane: Plane, snapshot_: Snapshot) -> None:
    """As each media process does with its heartbeat."""
    while True:
        waits = plane.server.shared.picker.waits.lately()
        await pace_store.tell(plane.redis, waits, worker="w1", snapshot=snapshot_)
        await asyncio.sleep(1)


def admitted(control: redis.Redis, snapshot_: Snapshot, call_id: str) -> bool:
    """Slots of every role within its pace; all or none."""
    paces = pace_store.paces(control, [pool.name for pool in snapshot_.pools])
    held: list[str] = []
    for pool in snapshot_.pools:
        slots = snapshot_.slots_by_pool[pool.name]
        pace = paces.get(pool.name)
        used = slots if pace is None else min(slots, pace.slots)
        if not leases.take(control, pool.name, call_id, tenant="t", slots=used, seconds=60).granted:
            for name in held:
                leases.release(control, name, call_id)
            return False
        held.append(pool.name)
    return True


async def one_caller(plane: Plane, snapshot_: Snapshot, outcome: Outcome, *, turns: int) -> None:
    """Rings, asks so many questions if taken, and hangs up."""
    call = plane.answer_call(greeting="Hello, how can I help?")
    if not admitted(plane.control, snapshot_, call.call_id):
        outcome.sent_on += 1
        return
    outcome.taken += 1
    loop = asyncio.get_running_loop()
    try:
        async with plane.caller(call) as caller:
            await caller.quiet(within_s=15)
            for _ in range(turns):
                if caller.closed.is_set():
                    break
                try:
                    async with asyncio.timeout(QUESTION_S):
                        await caller.say(voice("question"))
                    last_word = loop.time()
                    await caller.agent_speaks(within_s=ANSWER_S)
                    outcome.waits_s.append(loop.time() - last_word)
                except TimeoutError:
                    outcome.unheard += not caller.closed.is_set()
                await asyncio.sleep(BETWEEN_S)
            if not caller.closed.is_set():
                await caller.stop()
    finally:
        for pool in snapshot_.pools:
            leases.release(plane.control, pool.name, call.call_id)


async def overload(options: argparse.Namespace, url: str) -> tuple[Outcome, int]:
    """All callers; what became of them, and how many heard of trouble."""
    plane, outcome = await Plane(url).start(), Outcome()
    busy = [
        await BusyReplica(Script(ms_per_char=30), hearing_s=options.hearing_s).start()
        for _ in range(2)
    ]
    plane.stubs += busy
    for role in CALL_ROLES:
        plane.replicas.urls[role][:] = [replica.url for replica in busy]
    pools = snapshot([replica.url for replica in busy], slots=options.slots)
    pacing = asyncio.create_task(keep_pace(plane, pools))
    callers: list[asyncio.Task[Any]] = []
    for _ in range(options.callers):
        work = one_caller(plane, pools, outcome, turns=options.turns)
        callers.append(asyncio.create_task(work))
        await asyncio.sleep(options.every_s)
    failed = [
        done
        for done in await asyncio.gather(*callers, return_exceptions=True)
        if isinstance(done, BaseException)
    ]
    outcome.unheard += len(failed)
    pacing.cancel()
    await plane.outbox.empty()
    events = [event.happening for event in plane.all_events()]
    said = [event.text for event in events if isinstance(event, AgentSentence)]
    trouble = sum(text in (TROUBLE_GOODBYE, TROUBLE_TRANSFER) for text in said)
    await plane.stop()
    return outcome, trouble


def main() -> int:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=80)
    parser.add_argument("--slots", type=int, default=32)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--every-s", type=float, default=1.0)
    parser.add_argument("--hearing-s", type=float, default=0.35)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            outcome, trouble = asyncio.run(overload(options, valkey.url))
        finally:
            valkey.kill()
    waits = sorted(outcome.waits_s) or [0.0]
    table = Table("callers", "taken", "sent on", "p50", "p95", "longest", "unheard", "trouble")
    table.add_row(
        str(options.callers),
        str(outcome.taken),
        str(outcome.sent_on),
        *(f"{waits[int(share * (len(waits) - 1))]:.2f} s" for share in (0.5, 0.95, 1.0)),
        str(outcome.unheard),
        str(trouble),
    )
    Console(width=100).print(table)
    kept = waits[-1] <= SILENCE_BOUND_S and not outcome.unheard
    return 0 if kept and trouble <= TROUBLE_SHARE * outcome.taken else 1


if __name__ == "__main__":
    sys.exit(main())
