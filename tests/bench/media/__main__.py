"""`python -m tests.bench.media`: calls on one core, ours and Pipecat's, and where each of them has
its knee.

A level passes when every turn is answered, p95 lies within 100 ms of the single call's, and no
reply has a gap.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import uvloop

from tests.bench.media import simulated
from tests.bench.media.driver import Result, Stream, call_all
from tests.bench.media.servers import Server, cores, pipecat, warmline
from tests.bench.peers import PIPECAT, installed

DELAYS = ["--stt-s", "0.1", "--first-token-s", "0.15", "--first-audio-s", "0.1", "--reply-s", "4"]
P95_SLACK_S = 0.1
LEAST_RATIO = 10


@dataclass(frozen=True, slots=True)
class Level:
    """One number of calls at once."""

    calls: int
    cpu_percent: float
    mb_a_call: float
    p50_s: float
    p95_s: float
    turns: int
    unanswered: int
    underruns: int
    callers_late_s: float


def run_level(server: Server, calls: int, *, turns: int) -> Level:
    """That many calls at once, for so many turns each."""
    before_mb = server.process.memory_info().rss / 1e6
    streams = server.streams(calls)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result, cpu, mb = runner.run(_measured(server, streams, turns))
    every = [turn for one in result.heard for turn in one.turns]
    answered = sorted(turn.answered_after_s for turn in every if turn.answered_after_s is not None)
    missing = calls * turns - len(answered)
    return Level(
        calls,
        cpu,
        max(0.0, mb - before_mb) / calls,
        _percentile(answered, 0.5),
        _percentile(answered, 0.95),
        calls * turns,
        missing,
        sum(turn.underruns for turn in every),
        result.late_s,
    )


async def _measured(
    server: Server, streams: list[Stream], turns: int
) -> tuple[Result, float, float]:
    loop = asyncio.get_running_loop()
    began, spent = loop.time(), sum(server.process.cpu_times()[:2])
    calling = asyncio.create_task(call_all(streams, turns=turns))
    peak_mb = 0.0
    while not calling.done():
        await asyncio.wait({calling}, timeout=2)
        peak_mb = max(peak_mb, server.process.memory_info().rss / 1e6)
    cpu = 100 * (sum(server.process.cpu_times()[:2]) - spent) / (loop.time() - began)
    return calling.result(), cpu, peak_mb


def _percentile(times_ms: list[float], share: float) -> float:
    """The percentile of sorted times."""
    if not times_ms:
        return float("nan")
    return times_ms[min(len(times_ms) - 1, int(len(times_ms) * share))]


def climb(
    opened: Callable[[], AbstractContextManager[Server]],
    levels: list[int],
    *,
    turns: int,
    runs: int,
) -> int:
    """Level after level until one fails; the last that passed in every run."""
    single, passed = None, 0
    for calls in levels:
        good = True
        for _ in range(runs):
            with opened() as server:
                level = run_level(server, calls, turns=turns)
                single = level.p95_s if single is None else single
                ok = (
                    not level.unanswered
                    and not level.underruns
                    and level.p95_s <= single + P95_SLACK_S
                )
                good = good and ok
                verdict = "pass" if ok else "FAIL"
                print(f"  {server.name:18} {calls:5} calls  {_line(level)}  {verdict}", flush=True)
        if not good:
            break
        passed = calls
    return passed


def _line(level: Level) -> str:
    return (
        f"cpu {level.cpu_percent:5.1f} %  {level.mb_a_call:5.2f} MB a call"
        f"  p50 {level.p50_s * 1000:5.0f} ms  p95 {level.p95_s * 1000:5.0f} ms"
        f"  unanswered {level.unanswered}/{level.turns}  underruns {level.underruns}"
        f"  callers late {level.callers_late_s * 1000:.0f} ms"
    )


def through_the_carrier(
    opened: Callable[[], AbstractContextManager[Server]], calls: int
) -> simulated.Simulated:
    """So many calls through the carrier on the desk:
    webhook, TwiML, real speech, playout clock; what they met.
    """
    with opened() as server, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        spent = sum(server.process.cpu_times()[:2])
        began = time.monotonic()
        met = runner.run(simulated.place(server.streams(calls)))
        cpu = 100 * (sum(server.process.cpu_times()[:2]) - spent) / (time.monotonic() - began)
        p50, p95 = (_percentile(met.replies_ms, share) for share in (0.5, 0.95))
        print(
            f"  {server.name:18} {calls:5} calls  cpu {cpu:5.1f} %"
            f"  p50 {p50:5.0f} ms  p95 {p95:5.0f} ms"
            f"  unanswered {met.unanswered}/{met.turns}  underruns {met.underruns}"
            f"  callers' late frames {met.late_frames}{'  ' + met.failed[0] if met.failed else ''}",
            flush=True,
        )
    return met


def misses(met: simulated.Simulated, *, ours: int, theirs: dict[str, int]) -> list[str]:
    """The bounds that were not held, in words:
    simulated calls whole, and calls a core against each peer measured.
    """
    not_held = [f"failed: {why}" for why in met.failed[:1]]
    if met.unanswered or met.underruns:
        not_held.append(
            f"{met.unanswered} of {met.turns} turns unanswered, {met.underruns} underruns: "
            "expected none"
        )
    not_held += [
        f"{ours} calls a core against {passed} ({peer}): expected {LEAST_RATIO} times as many"
        for peer, passed in theirs.items()
        if ours < LEAST_RATIO * passed
    ]
    return not_held


def main() -> int:
    """Measure and print the table; 0 when every bound was held."""
    options = _options()
    measured, rest = cores()
    os.sched_setaffinity(0, {rest})
    print(
        f"media plane on core {measured}, callers and stubs on core {rest}; load {os.getloadavg()}"
    )
    print("through the carrier on the desk, end of speech to first audio heard")
    met = through_the_carrier(lambda: warmline(DELAYS), options.simulated_calls)
    if options.vad:
        installed("pipecat", PIPECAT)
        through_the_carrier(
            lambda: pipecat(DELAYS, vad=options.vad.split(",")[0]), options.simulated_calls
        )
    print("light callers, level after level")
    ours = climb(
        lambda: warmline(DELAYS), _numbers(options.calls), turns=options.turns, runs=options.runs
    )
    print(f"  warmline: {ours} calls a core")
    theirs = {}
    for vad in filter(None, options.vad.split(",")):
        passed = theirs[f"pipecat, {vad}"] = climb(
            lambda vad=vad: pipecat(DELAYS, vad=vad),  # type: ignore[misc]
            _numbers(options.pipecat_calls),
            turns=options.turns,
            runs=options.runs,
        )
        ratio = f", {ours / passed:.1f} times less than ours" if passed else ""
        print(f"  pipecat ({vad}): {passed} calls a core{ratio}")
    not_held = misses(met, ours=ours, theirs=theirs)
    for miss in not_held:
        print(f"  not held: {miss}")
    return 1 if not_held else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.media", description=__doc__)
    parser.add_argument("--calls", default="1,20,100,200,300,400,500")
    parser.add_argument("--pipecat-calls", default="1,10,20,30,40")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "--vad", default="webrtc,silero", help="Pipecat's voice detectors; empty: without Pipecat"
    )
    parser.add_argument("--simulated-calls", type=int, default=20)
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
