"""The measures of a model's quality, each over as many held-out cases."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from programs.frontdesk.evaluation import held_out, scoring, user_simulator
from programs.frontdesk.evaluation.held_out import held_out_cases
from programs.frontdesk.evaluation.scoring import Case, ModelAnswer, Proportion
from programs.frontdesk.evaluation.user_simulator import Model
from programs.frontdesk.types import DialogueMessage

IsRight = Callable[[Case, ModelAnswer], bool]


@dataclass(frozen=True, slots=True)
class CaseRunner:
    """Tries `count` cases for each measure, `workers` at a time."""

    count: int
    workers: int = 8

    def passed(self, checks: Sequence[Callable[[], bool]], *, title: str) -> Proportion:
        """How many checks pass, with a line of progress."""
        right = 0
        with ThreadPoolExecutor(self.workers) as pool:
            for done, passed in enumerate(pool.map(lambda check: check(), checks), 1):
                right += passed
                if done % 10 == 0 or done == len(checks):
                    progress = f"\r{title}: {right} of {done}, {len(checks)} to do"
                    print(progress, end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return Proportion(right, len(checks))

    def right(
        self, model: Model, cases: Iterable[Case], is_right: IsRight, *, title: str
    ) -> Proportion:
        """How many cases the model gets right."""
        checks = [partial(answers_rightly, model, case, is_right) for case in cases]
        return self.passed(checks, title=title)


def answers_rightly(model: Model, case: Case, is_right: IsRight) -> bool:
    """Whether the model's answer to a case is right."""
    return is_right(case, model(case.dialogue))


def transfer_recall_and_precision(
    model: Model, runner: CaseRunner
) -> tuple[Proportion, Proportion]:
    """Recall on calls that must go to a person, and precision over as many that must not."""
    due = held_out_cases(held_out.transfers, count=runner.count)
    not_due = held_out_cases(held_out.does_not_transfer, count=runner.count)
    recall = runner.right(model, due, transfers, title="hand-over due")
    wrong = runner.right(model, not_due, transfers, title="hand-over not due")
    return recall, Proportion(recall.right, recall.right + wrong.right)


def transfers(case: Case, reply: ModelAnswer) -> bool:
    """Whether the reply transfers the call to a person."""
    return scoring.is_transfer(reply.call, case.dialogue)


def measure(model: Model, runner: CaseRunner, *, name: str) -> dict[str, Proportion]:
    """Every measure of quality for one model."""

    def right(
        matches: Callable[[DialogueMessage], bool], is_right: IsRight, title: str
    ) -> Proportion:
        cases = held_out_cases(matches, count=runner.count)
        return runner.right(model, cases, is_right, title=f"{name}: {title}")

    recall, precision = transfer_recall_and_precision(model, runner)
    seeds = range(held_out.FIRST_SEED, held_out.FIRST_SEED + runner.count)
    bookings = [partial(user_simulator.books, seed, model) for seed in seeds]
    not_known = "says it does not know"
    return {
        "tool call exact": right(held_out.calls_a_tool, scoring.call_exact, "tool call exact"),
        "fact in the reply": right(held_out.answers, scoring.fact_given, "fact in the reply"),
        not_known: right(held_out.does_not_know, scoring.says_not_known, not_known),
        "hand-over recall": recall,
        "hand-over precision": precision,
        "booking in 12 turns": runner.passed(bookings, title=f"{name}: bookings"),
    }
