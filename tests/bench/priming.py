"""What priming saves the first caller: `python -m tests.bench.priming`, on real vLLM with the
frontdesk model.

The first token of a call's first turn: of the very first call that a fresh process answers, of
calls on a process that works but has never read their agent's prompt, and of calls whose prompt was
primed as the warmer primes it. Each agent has a prompt of about 800 tokens of its own; calls of the
latter two kinds take turns.
"""

import argparse
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from inference.fleet.prompt_prefixes import Prefix
from inference.warming.prime import prime
from programs.frontdesk.client import Served
from programs.frontdesk.dialogues import dialogues
from programs.frontdesk.dialogues.render import openai_messages, openai_tools
from programs.frontdesk.evaluation import cases
from programs.frontdesk.replica import served
from programs.frontdesk.types import Dialogue, Message
from warmline.kernel import env

PYTHON = env.REPOSITORY / ".warmline" / "engine" / "bin" / "python"
WEIGHTS = env.REPOSITORY / "inference" / "weights" / "frontdesk"
PROMPT_WORDS = 540  # about 800 tokens with the tools
GREETING = Message("assistant", "Thanks for calling. How can I help?")
QUESTION = Message("user", "hello when are you open on monday")
FRESH, WORKING, PRIMED = "fresh process", "process works, prompt never read", "prompt primed"


def agent(number: int) -> Dialogue:
    """The first turn of a call to an agent whose long prompt no other agent shares."""
    seed, words = cases.FIRST_SEED + 1000 * number, list[str]()
    first = dialogues.dialogue(seed, stage=dialogues.FULL, held=True)
    while len(words) < PROMPT_WORDS:
        words += (
            dialogues.dialogue(seed, stage=dialogues.FULL, held=True).messages[0].text.split(" ")
        )
        seed += 1
    return replace(
        first, messages=(Message("system", " ".join(words[:PROMPT_WORDS])), GREETING, QUESTION)
    )


def prefix(call: Dialogue) -> Prefix:
    """What the warmer runs for that agent."""
    [system] = openai_messages(call.messages[:1])
    return Prefix("agent", (system,), tuple(openai_tools(call.tools)))


def start(times: dict[str, list[float]], *, calls: int, first_agent: int) -> None:
    """One process from nothing: its first call, then calls of the other two kinds."""
    with (
        tempfile.TemporaryDirectory(prefix="wl-") as folder,
        served(WEIGHTS, log=Path(folder) / "vllm.log", python=str(PYTHON)) as url,
    ):
        model = Served(url)
        times[FRESH].append(model.first_token_ms(agent(first_agent)))
        prime("think", url, model.name)
        for number in range(first_agent + 1, first_agent + 1 + 2 * calls, 2):
            times[WORKING].append(model.first_token_ms(agent(number)))
            call = agent(number + 1)
            prime("think", url, model.name, prefixes=(prefix(call),))
            times[PRIMED].append(model.first_token_ms(call))


def main() -> int:
    """Print the table; 1 when a primed prompt is not quicker than one never read."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.priming", description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--calls", type=int, default=10, help="of each kind after a start")
    options = parser.parse_args()
    times: dict[str, list[float]] = {FRESH: [], WORKING: [], PRIMED: []}
    for number in range(options.starts):
        start(times, calls=options.calls, first_agent=number * (2 * options.calls + 1))
    table = Table(
        "first turn's first token",
        "calls",
        "median ms",
        "worst ms",
        title="prefix priming, 800-token prompts",
    )
    for kind, found in times.items():
        table.add_row(kind, str(len(found)), f"{statistics.median(found):.0f}", f"{max(found):.0f}")
    Console(width=100).print(table)
    return 0 if statistics.median(times[PRIMED]) < statistics.median(times[WORKING]) else 1


if __name__ == "__main__":
    sys.exit(main())
