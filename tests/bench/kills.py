"""Replicas killed in the middle of sentences: `python -m tests.bench.kills [--kills 50]`.

Real vLLM processes of the frontdesk model stand behind a call's ladder. A held-out question is
asked, and at a random moment of the answer the process that gives it is killed with SIGKILL, so
that its socket breaks wherever it is. What the caller is told in the end is compared, word for
word, with the answer of an undisturbed replica: greedy decoding gives the same one every time. A
killed replica starts again meanwhile and stays in the snapshot, as it would for the seconds until
the warmer has seen it.
"""

import argparse
import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, aclosing, closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import httpx

from inference.types import Pool, Replica, Snapshot
from programs.frontdesk.evaluation import cases
from programs.frontdesk.replica import free_port, launched, wait_until_healthy
from telephony.media.replicas.completion import Completion
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.llm import LlmClient
from telephony.media.replicas.replica_picker import ReplicaPicker
from tests.bench.ladder import followed
from tests.bench.routing import NOW
from tests.telephony.media.plans import US_EAST, plan
from warmline.kernel import env
from warmline.kernel.call import PoolRung
from warmline.kernel.conversation import Message
from warmline.kernel.ids import ReplicaId

MODEL = "frontdesk"
PYTHON = env.REPOSITORY / ".warmline" / "engine" / "bin" / "python"
WEIGHTS = env.REPOSITORY / "inference" / "weights" / MODEL
QUESTIONS = 25
FEWEST_WORDS = 5


class Engine:
    """One vLLM process, started again on its port whenever it was killed."""

    def __init__(self, number: int, folder: Path) -> None:
        self.port, self._log = free_port(), folder / f"vllm-{number}.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return launched(WEIGHTS, port=self.port, log=self._log, python=str(PYTHON))

    def wait(self) -> None:
        """Until it answers."""
        wait_until_healthy(self.url, process=self.process, log=self._log)

    def kill(self) -> None:
        """At once, with all its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def again(self) -> None:
        """Start it anew."""
        self.process = self._start()

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            return httpx.get(f"{self.url}/health", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


@dataclass(slots=True)
class Told:
    """What a caller was told, in how many pieces before the kill,
    and how long the line was silent over it.
    """

    text: str = ""
    pieces_before: int = 0
    longest_gap_s: float = 0.0
    failed: list[str] = field(default_factory=list)
    killed: bool = False


def questions() -> list[list[Message]]:
    """The beginnings of held-out calls whose next turn is an answer in words."""
    found = cases.cases(cases.answers, count=QUESTIONS)
    return [
        [Message(each.role, each.text) for each in case.dialogue.messages if each.text]
        for case in found
    ]


class Caller:
    """Asks through a ladder of its own each time."""

    def __init__(
        self, http: aiohttp.ClientSession, picker: ReplicaPicker, engines: list[Engine]
    ) -> None:
        self._http, self._picker = http, picker
        self._by_url = {engine.url: engine for engine in engines}

    async def ask(self, messages: list[Message], *, kill_after_s: float | None) -> Told:
        """The answer; the replica that gives it dies so long after the question,
        if it is still speaking then.
        """
        told, answer = Told(), Completion()

        def failed(role: str, endpoint: object, why: str, after: str) -> None:
            told.failed.append(why)

        with closing(
            FailoverLadder(
                plan(tools=(), ladder=(PoolRung(US_EAST, "think", MODEL),)), self._picker, failed
            )
        ) as ladder:
            llm = LlmClient(self._http, ladder, tools=(), key=lambda _: None)
            killer = (
                asyncio.create_task(self._kill(answer, told, kill_after_s))
                if kill_after_s is not None
                else None
            )
            last = time.perf_counter()
            async with aclosing(llm.stream(messages, answer)) as stream:
                async for words in stream:
                    now = time.perf_counter()
                    told.longest_gap_s, last = max(told.longest_gap_s, now - last), now
                    told.text += words
                    told.pieces_before += not told.killed
            if killer is not None:
                killer.cancel()
                await asyncio.gather(killer, return_exceptions=True)
        return told

    async def _kill(self, answer: Completion, told: Told, after_s: float) -> None:
        await asyncio.sleep(after_s)
        assert answer.endpoint is not None
        told.killed = True
        self._by_url[answer.endpoint.base_url].kill()


def verdict(told: Told, wanted: str) -> str:
    """One word on what the caller was told: whole, or what is wrong with it."""
    if told.text.split() == wanted.split():
        return "whole"
    words, due = told.text.split(), wanted.split()
    if any(words[n : n + 3] == words[n + 3 : n + 6] for n in range(len(words) - 5)):
        return "twice"
    return "lost" if len(words) < len(due) else "other words"


async def steady(
    caller: Caller, asked: list[list[Message]]
) -> list[tuple[list[Message], str, float]]:
    """Each question with its undisturbed answer and how long that takes;
    those that are too short are left out.
    """
    found = []
    for messages in asked:
        await caller.ask(messages, kill_after_s=None)
        began = time.perf_counter()
        told = await caller.ask(messages, kill_after_s=None)
        if len(told.text.split()) >= FEWEST_WORDS:
            found.append((messages, told.text, time.perf_counter() - began))
    return found


async def run(options: argparse.Namespace, engines: list[Engine], folder: Path) -> bool:
    """Kill until there are enough kills in sentences;
    whether every call went on and no word was lost or said twice.
    """
    replicas = tuple(
        Replica(ReplicaId(engine.url), "p", US_EAST, "think", MODEL, engine.url, "warm", 16, NOW)
        for engine in engines
    )
    pool = Pool(US_EAST, "think", MODEL, 16)
    snapshot = Snapshot(1, NOW, pools=(pool,), replicas=replicas)
    drawn, verdicts, gaps, before = random.Random(options.seed), list[str](), list[float](), 0
    timeout = aiohttp.ClientTimeout(total=None)
    async with followed(snapshot, folder) as picker, aiohttp.ClientSession(timeout=timeout) as http:
        caller = Caller(http, picker, engines)
        known = await steady(caller, questions())
        while len(verdicts) < options.kills:
            while sum(engine.answers() for engine in engines) < 2:
                await asyncio.sleep(1)
            messages, wanted, took_s = drawn.choice(known)
            told = await caller.ask(messages, kill_after_s=drawn.uniform(0, took_s))
            for engine in engines:
                if engine.process.poll() is not None:
                    engine.again()
            if not told.failed:
                continue  # it had said its last word
            verdicts.append(verdict(told, wanted))
            gaps.append(told.longest_gap_s)
            before += told.pieces_before == 0
            print(
                f"\r{len(verdicts)} of {options.kills}: {verdicts.count('whole')} whole",
                end="",
                flush=True,
            )
            if verdicts[-1] != "whole":
                print(f"\n  wanted {wanted!r}\n  told   {told.text!r} ({told.failed})")
    kinds = {kind: verdicts.count(kind) for kind in sorted(set(verdicts))}
    print(f"\n{len(verdicts)} kills, {before} of them before the first word: {kinds}")
    print(f"longest silence: median {statistics.median(gaps):.2f} s, worst {max(gaps):.2f} s")
    return verdicts.count("whole") == len(verdicts)


def main() -> int:
    """Print what became of the answers; 1 when one was not whole."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wl-") as name, ExitStack() as stack:
        folder, engines = Path(name), list[Engine]()
        for number in range(options.replicas):
            engines.append(Engine(number, folder))
            stack.callback(engines[-1].kill)
        for engine in engines:
            engine.wait()
        return 0 if asyncio.run(run(options, engines, folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
