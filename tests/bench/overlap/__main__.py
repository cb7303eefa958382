"""What stops the agent and what does not: `python -m tests.bench.overlap`, from outside.

Everything is measured on the carrier's side of the media socket, with the speech server's own ears
and voice. A backchannel counts as ignored when all that the agent was saying is heard to its end
and no turn is made of it; the pause while its words are made out is printed beside it. An
interruption counts as honoured when `clear` comes, nothing of what was cleared is played after it,
and the caller's words become a turn.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.bench import human_speech
from tests.bench.overlap import clips
from tests.bench.overlap.line import LineCaller
from tests.programs.speech_server.conftest import running
from tests.telephony.media.plane import Plane
from tests.telephony.media.valkey import Valkey
from warmline.kernel.agent import Voice
from warmline.kernel.call import CallerTurn, CallPlan, SentenceHeard

TRIALS: Final = 40
QUESTIONS: Final = 10
AT_ONCE: Final = 2  # calls; more would wait for each other's ears on two cores
LONG: Final = (
    "We are open from Monday to Friday, from eight in the morning until six in the evening. "
    "On Saturdays somebody is here until noon, and for emergencies we can be reached at any hour."
)
TWENTY: Final = " ".join(
    f"{what} {when}."
    for what in ("The plumber comes", "We open the office", "A person answers", "You may call us")
    for when in (
        "on Monday at nine", "in the morning", "before the weekend", "after lunch", "every Tuesday",
    )
)  # fmt: skip
ANSWER: Final = ["Yes, we can do that for you on Tuesday.", "Anything else?"]
ANSWER_WITHIN_S: Final = 12
ECHOES_DB: Final = (-6, -10, -20, -30)
CLEAR_P95_MS: Final = 300


@dataclass
class Overlap:
    """What came of speech over the agent."""

    clears_ms: list[float] = field(default_factory=list)
    as_wanted: int = 0
    others: list[str] = field(default_factory=list)


class Bench:
    """Calls to one agent with real ears and a real voice."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def _caller(self, call: CallPlan, **place: Any) -> LineCaller:
        return LineCaller(self._plane.ws_url, call=call.call_id, token=call.token, **place)

    async def backchannel(self, spoken: bytes, behind: bytes) -> tuple[bool, list[float]]:
        """Whether the agent went on to its end; milliseconds to the clears there were."""
        call = self._plane.answer_call(greeting=LONG, voice=Voice("en-us-f"))
        async with self._caller(call, behind=behind) as caller:
            await caller.agent_speaks()
            await asyncio.sleep(1.5)
            await caller.say(spoken)
            onset = caller.spoke_at
            await caller.quiet(for_s=2.5, within_s=40)
            await caller.stop()
            await self._plane.ended(call)
        happened = self._plane.happenings(call)
        heard = " ".join(h.heard for h in happened if isinstance(h, SentenceHeard))
        turns = _turns(happened)
        return heard == LONG and not turns, [1000 * (at - onset) for at in caller.cleared_at]

    async def interruption(self, spoken: bytes, behind: bytes) -> tuple[bool, list[float]]:
        """Whether it stopped the agent and became a turn."""
        call = self._plane.answer_call(greeting=LONG, voice=Voice("en-us-f"))
        async with self._caller(call, behind=behind) as caller:
            await caller.agent_speaks()
            await asyncio.sleep(1.5)
            await caller.say(spoken)
            onset, stale = caller.spoke_at, 0
            if caller.cleared_at:
                # a frame may be on its way while the clear is
                stale = len(caller.heard) - caller.heard_at_clear[-1] - 2 * 160
            with suppress(TimeoutError):
                await self._plane.happened(call, CallerTurn, within_s=6)
        clears = [1000 * (at - onset) for at in caller.cleared_at]
        turns = _turns(self._plane.happenings(call))
        return bool(clears) and stale <= 0 and bool(turns), clears[:1]

    async def question(self, spoken: bytes, behind: bytes) -> bool:
        """Whether a question in this place is answered, and the answer heard to its end."""
        call = self._plane.answer_call(greeting="Hello.", voice=Voice("en-us-f"))
        async with self._caller(call, behind=behind) as caller:
            await asyncio.sleep(3)
            await caller.say(spoken)
            asked = len(self._plane.happenings(call))
            for _ in range(ANSWER_WITHIN_S * 10):
                await asyncio.sleep(0.1)
                since = self._plane.happenings(call)[asked:]
                said = [h for h in since if isinstance(h, SentenceHeard) and not h.cut]
                if [h.heard for h in said][-2:] == ANSWER and _turns(since):
                    return True
        return False

    async def echo(self, echo_db: float, delay_ms: int) -> int:
        """How often the agent stopped for its own voice in twenty sentences."""
        call = self._plane.answer_call(greeting=TWENTY, voice=Voice("en-us-f"))
        async with self._caller(call, echo_db=echo_db, delay_ms=delay_ms) as caller:
            await caller.quiet(for_s=2.5, within_s=120)
            await caller.stop()
            await self._plane.ended(call)
        turns = _turns(self._plane.happenings(call))
        return max(caller.clears, len(turns))


def _turns(happened: Sequence[object]) -> list[CallerTurn]:
    return [happening for happening in happened if isinstance(happening, CallerTurn)]


async def _all(
    trials: Sequence[tuple[str, bytes]],
    behind: Sequence[bytes],
    trial: Callable[[bytes, bytes], Awaitable[tuple[bool, list[float]]]],
) -> Overlap:
    found, room = Overlap(), asyncio.Semaphore(AT_ONCE)

    async def one(n: int, name: str, spoken: bytes) -> None:
        async with room:
            as_wanted, clears = await trial(spoken, behind[n % len(behind)])
        found.clears_ms += clears
        found.as_wanted += as_wanted
        if not as_wanted:
            found.others.append(name)

    await asyncio.gather(*(one(n, *of) for n, of in enumerate(trials)))
    return found


async def measure(plane: Plane, console: Console) -> bool:
    """Every figure; whether each held its bar."""
    bench = Bench(plane)
    plane.script(answer=lambda _: " ".join(ANSWER))
    hiss = clips.mulaw(np.random.default_rng(1).normal(size=80_000) * clips.LEVEL_RMS * 0.1)
    quiet = (b"", hiss)  # every second one with noise, 20 dB below the voice
    table = Table("what", "as wanted", "clear p50, ms", "clear p95, ms", "not so")
    held = True
    for what, trials, trial, share in (
        ("backchannels ignored", clips.backchannels(TRIALS), bench.backchannel, 0.90),
        ("interruptions honoured", clips.interruptions(TRIALS), bench.interruption, 0.95),
    ):
        found = await _all(trials, quiet, trial)
        times = sorted(found.clears_ms) or [float("nan")]
        p95 = times[max(0, round(0.95 * len(times)) - 1)]
        table.add_row(
            what,
            f"{found.as_wanted} of {len(trials)}",
            f"{statistics.median(times):.0f}",
            f"{p95:.0f}",
            ", ".join(found.others[:6]),
        )
        held = held and found.as_wanted >= share * len(trials)
        held = held and (trial == bench.backchannel or p95 <= CLEAR_P95_MS)
    console.print(table)
    held = await _places(bench, console) and held
    return await _echoes(bench, console) and held


async def _places(bench: Bench, console: Console) -> bool:
    table, held = Table("behind the caller", "questions answered"), True
    spoken = clips.questions(QUESTIONS)
    for what, behind in (
        ("nobody", b""),
        ("a talker, 20 dB below", clips.fainter(clips.crowd(20, people=1), by_db=20)),
        ("a crowd, 10 dB below", clips.fainter(clips.crowd(20, people=8), by_db=10)),
        ("a television, 15 dB below", clips.fainter(clips.television(20), by_db=15)),
    ):
        room = asyncio.Semaphore(AT_ONCE)

        async def one(said: bytes, behind: bytes = behind, room: asyncio.Semaphore = room) -> bool:
            async with room:
                return await bench.question(said, behind)

        answered = sum(await asyncio.gather(*(one(said) for said in spoken)))
        table.add_row(what, f"{answered} of {QUESTIONS}")
        held = held and answered >= 0.9 * QUESTIONS
    console.print(table)
    return held


async def _echoes(bench: Bench, console: Console) -> bool:
    table, held = Table("echo", "delay, ms", "stopped for itself in 20 sentences"), True
    for echo_db, delay_ms in zip(ECHOES_DB, (60, 180, 300, 400), strict=True):
        times = await bench.echo(echo_db, delay_ms)
        table.add_row(f"{echo_db} dB", str(delay_ms), str(times))
        held = held and times <= 1
    console.print(table)
    return held


async def run(folder: Path, console: Console, *, speech_url: str) -> bool:
    """A media plane on real ears and a real voice; the words come from a stub."""
    valkey = Valkey(folder)
    valkey.start()
    there = nullcontext(speech_url) if speech_url else running(log=folder / "speech.log")
    try:
        with there as speech:
            plane = await Plane(valkey.url).start()
            plane.replicas.urls["hear"] = plane.replicas.urls["speak"] = [speech]
            try:
                return await measure(plane, console)
            finally:
                await plane.stop()
    finally:
        valkey.kill()


def main() -> int:
    """Print the tables; 1 when a bar was not held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.overlap")
    parser.add_argument("--speech", default="", help="the address of a speech server that runs")
    speech_url = parser.parse_args().speech
    console = Console(width=110)
    for missing in human_speech.fetch():
        console.print(f"left out: {missing}")
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(run(Path(folder), console, speech_url=speech_url)) else 1


if __name__ == "__main__":
    sys.exit(main())
