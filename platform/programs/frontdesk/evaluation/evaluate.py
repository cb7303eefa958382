"""Evaluation through real vLLM:
`python -m programs.frontdesk.evaluation.evaluate [--count 500] [--url URL]`.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from programs.frontdesk import replica
from programs.frontdesk.client import Served
from programs.frontdesk.dialogues import callers, dialogues
from programs.frontdesk.dialogues.lexicon import number
from programs.frontdesk.evaluation import baselines, cases, scoring
from programs.frontdesk.evaluation.scoring import Case, Reply, Score
from programs.frontdesk.training.export import MODEL
from programs.frontdesk.types import Dialogue, Message

PROMPT_TOKENS = 800
WARM_UPS = 3


@dataclass(frozen=True, slots=True)
class Bench:
    """How many cases to try, and how many at a time."""

    count: int
    workers: int = 8

    def passed(self, checks: list[Callable[[], bool]], *, title: str) -> Score:
        """How many checks pass, with a line of progress."""
        right = 0
        with ThreadPoolExecutor(self.workers) as pool:
            for done, passed in enumerate(pool.map(lambda check: check(), checks), 1):
                right += passed
                if done % 10 == 0 or done == len(checks):
                    print(
                        f"\r{title}: {right} of {done}, {len(checks)} to do",
                        end="",
                        file=sys.stderr,
                        flush=True,
                    )
        print(file=sys.stderr)
        return Score(right, len(checks))

    def tally(
        self,
        model: callers.Model,
        found: Iterable[Case],
        right: Callable[[Case, Reply], bool],
        *,
        title: str,
    ) -> Score:
        """How many cases the model gets right."""
        return self.passed([partial(answered, model, case, right) for case in found], title=title)


def answered(model: callers.Model, case: Case, right: Callable[[Case, Reply], bool]) -> bool:
    """Whether the model's answer to a case is right."""
    return right(case, model(case.dialogue))


def hand_over_scores(model: callers.Model, bench: Bench) -> tuple[Score, Score]:
    """Recall on calls that must go to a person, and precision over as many that must not."""
    must = bench.tally(
        model, cases.cases(cases.hands_over, count=bench.count), transfers, title="hand-over due"
    )
    must_not = bench.tally(
        model, cases.cases(cases.stays, count=bench.count), transfers, title="hand-over not due"
    )
    return must, Score(must.right, must.right + must_not.right)


def transfers(case: Case, reply: Reply) -> bool:
    """Whether the reply hands over."""
    return scoring.is_transfer(reply.call, case.dialogue)


def measured(model: callers.Model, bench: Bench, *, name: str) -> dict[str, Score]:
    """Every measure of quality for one model."""

    def tally(
        wanted: Callable[[Message], bool], right: Callable[[Case, Reply], bool], title: str
    ) -> Score:
        return bench.tally(
            model, cases.cases(wanted, count=bench.count), right, title=f"{name}: {title}"
        )

    recall, precision = hand_over_scores(model, bench)
    return {
        "tool call exact": tally(cases.calls_a_tool, scoring.call_exact, "tool call exact"),
        "fact in the reply": tally(cases.answers, scoring.fact_given, "fact in the reply"),
        "says it does not know": tally(
            cases.does_not_know, scoring.silence_kept, "says it does not know"
        ),
        "hand-over recall": recall,
        "hand-over precision": precision,
        "booking in 12 turns": bench.passed(
            [partial(callers.books, cases.FIRST_SEED + seed, model) for seed in range(bench.count)],
            title=f"{name}: bookings",
        ),
    }


def long_prompt() -> Dialogue:
    """A dialogue whose prompt is of about 800 tokens."""
    seed = cases.FIRST_SEED
    words, messages, dialogue = (
        0,
        list[Message](),
        dialogues.dialogue(seed, stage=dialogues.FULL, held=True),
    )
    # about 0.68 words a token, tool calls and passages included
    while words < PROMPT_TOKENS * 0.68:
        messages += [
            message
            for message in dialogue.messages[1 if messages else 0 :]
            if message.role in ("user", "assistant", "system") and message.call is None
        ]
        words = sum(len(message.text.split()) for message in messages)
        seed += 1
        dialogue = replace(
            dialogue, messages=dialogues.dialogue(seed, stage=dialogues.FULL, held=True).messages
        )
    return replace(dialogue, messages=tuple(messages))


def first_tokens(model: Served, *, tries: int) -> list[float]:
    """First-token times in milliseconds of new questions behind one long, cached prompt."""
    prompt = long_prompt()
    asked = [
        replace(
            prompt,
            messages=(
                *prompt.messages,
                Message("user", f"what is your price number {number(at)} please"),
            ),
        )
        for at in range(tries + WARM_UPS)
    ]
    return sorted([model.first_token_ms(dialogue) for dialogue in asked][WARM_UPS:])


def table(results: dict[str, dict[str, Score]]) -> str:
    """The results as a Markdown table."""
    names = list(results)
    lines = [
        "| measure | bar | " + " | ".join(names) + " |",
        "| --- | --- |" + " --- |" * len(names),
    ]
    for measure in scoring.MEASURES:
        row = [cell(results[name][measure]) for name in names]
        lines.append(f"| {measure} | {scoring.BARS[measure]:.0%} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def cell(score: Score) -> str:
    """A share with its interval and its count."""
    low, high = score.interval
    return f"{score.share:.1%} ({low:.1%} to {high:.1%}, n={score.total})"


def report(url: str, bench: Bench, *, first_token_tries: int) -> str:
    """Measure the served model and both baselines."""
    model = Served(url)
    turns = baselines.training_turns(bench.count * 2)
    results = {
        "frontdesk": measured(model, bench, name="frontdesk"),
        "most frequent reply": measured(baselines.MostFrequent(turns), bench, name="most frequent"),
        "nearest training turn": measured(baselines.Nearest(turns), bench, name="nearest"),
    }
    times = first_tokens(model, tries=first_token_tries)
    middle, worst = statistics.median(times), times[int(len(times) * 0.95)]
    first = f"First token, 800-token prompt, cached prefix: p50 {middle:.0f} ms, p95 {worst:.0f} ms (n={len(times)})."
    return f"{table(results)}\n\n{first}\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="dialogues for each measure")
    parser.add_argument("--first-token-tries", type=int, default=100)
    parser.add_argument(
        "--url", help="a running server; without it one is started for the evaluation"
    )
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = wanted.url or stack.enter_context(
            replica.served(
                wanted.model, log=Path(tempfile.gettempdir()) / "frontdesk-evaluation.log"
            )
        )
        text = report(url, Bench(wanted.count), first_token_tries=wanted.first_token_tries)
    print(text)
    if wanted.out:
        wanted.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
