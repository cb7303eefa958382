"""Evaluation through real vLLM: `python -m programs.frontdesk.evaluation.evaluate --count 500`."""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from pathlib import Path

from programs.frontdesk import vllm_server
from programs.frontdesk.client import ModelClient
from programs.frontdesk.evaluation import baselines, measures, scoring
from programs.frontdesk.evaluation.first_token import first_tokens_ms
from programs.frontdesk.evaluation.measures import CaseRunner
from programs.frontdesk.evaluation.scoring import Proportion
from programs.frontdesk.training.export import MODEL


def table(results: dict[str, dict[str, Proportion]]) -> str:
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


def cell(proportion: Proportion) -> str:
    """A share with its interval and its count."""
    low, high = proportion.interval
    return f"{proportion.share:.1%} ({low:.1%} to {high:.1%}, n={proportion.total})"


def report(url: str, runner: CaseRunner, *, first_token_tries: int) -> str:
    """Measure the served model and both baselines."""
    model = ModelClient(url)
    training_turns = baselines.training_turns(runner.count * 2)
    frequent = baselines.MostFrequentReply(training_turns)
    nearest = baselines.NearestTurn(training_turns)
    results = {
        "frontdesk": measures.measure(model, runner, name="frontdesk"),
        "most frequent reply": measures.measure(frequent, runner, name="most frequent"),
        "nearest training turn": measures.measure(nearest, runner, name="nearest"),
    }
    times = first_tokens_ms(model, tries=first_token_tries)
    p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    first_token = (
        "First token, 800-token prompt, cached prefix: "
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms (n={len(times)})."
    )
    return f"{table(results)}\n\n{first_token}\n"


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
    flags = parser.parse_args()
    log = Path(tempfile.gettempdir()) / "frontdesk-evaluation.log"
    with contextlib.ExitStack() as stack:
        url = flags.url or stack.enter_context(vllm_server.running_server(flags.model, log=log))
        text = report(url, CaseRunner(flags.count), first_token_tries=flags.first_token_tries)
    print(text)
    if flags.out:
        flags.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
