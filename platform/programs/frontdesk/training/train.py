"""Training: `python -m programs.frontdesk.training.train --folder DIR --steps N`, resumable at any
time.

Two workers of one thread each take batches as they come: on a busy machine this keeps both cores at
work where one operation split over two threads would wait for the slower half.
"""

from __future__ import annotations

import argparse
import ctypes
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from programs.frontdesk import tokens
from programs.frontdesk.dialogues import corpus, dialogues, unseen
from programs.frontdesk.dialogues.unmet import Unmet
from programs.frontdesk.training.growth import layers_of
from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimise import optimisers
from programs.frontdesk.training.start import plant

SHARD_DIALOGUES = 600
BATCH_TOKENS = 1024
SAVE_EVERY_STEPS = 50
REPORT_EVERY_STEPS = 10
REDRAW_EVERY_STEPS = 5
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train and how fast to learn."""

    folder: Path
    steps: int
    decay_steps: int
    drill_steps: int
    warmup_steps: int
    tokens_per_step: int
    workers: int
    matrix_lr: float
    other_lr: float
    seed: int


def pace(step: int, plan: Plan) -> float:
    """The share of the full learning rate at a step: up, flat, and down to nothing."""
    return max(
        0.0, min(1.0, (step + 1) / plan.warmup_steps, (plan.steps - step) / plan.decay_steps)
    )


def batch_tensors(rows: list[corpus.Row]) -> tuple[Tensor, Tensor]:
    """Tokens [rows, longest], and whether each is to be learnt."""
    longest = max(len(row.tokens) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    learnt = torch.zeros(len(rows), longest, dtype=torch.bool)
    for index, row in enumerate(rows):
        ids[index, : len(row.tokens)] = torch.tensor(row.tokens)
        learnt[index, : len(row.learnt)] = torch.tensor(row.learnt)
    return ids, learnt


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a batch gave: summed loss, learnt tokens,
    right first guesses, all tokens, and gradients of the sum.
    """

    loss: float
    learnt: int
    right: int
    tokens: int
    gradients: list[Tensor]


def gradients(network: Network, rows: list[corpus.Row]) -> Lesson:
    """The lesson of one batch; the network's own gradients are left alone."""
    ids, learnt = batch_tensors(rows)
    wanted = learnt[:, 1:]
    logits = network(ids[:, :-1], wanted)
    goal = ids[:, 1:][wanted]
    loss = functional.cross_entropy(logits, goal, reduction="sum")
    found = torch.autograd.grad(loss, list(network.parameters()))
    right = int((logits.detach().argmax(-1) == goal).sum())
    return Lesson(float(loss.detach()), len(goal), right, ids.numel(), list(found))


@cache
def _words(folder: Path) -> tuple[Tokenizer, corpus.Strangers]:
    """A run's tokenizer and strangers, read once in each process."""
    tokenizer = tokens.load_tokenizer(folder)
    return tokenizer, corpus.Strangers(
        tokenizer, unseen=unseen.kept_unseen_tokens(folder, tokenizer)
    )


def make_shard(plan: Plan, index: int, at_step: int) -> list[list[corpus.Row]]:
    """The shard for about `at_step`;
    runs in a process of its own, since the generator would hold the workers' lock.
    """
    tokenizer, strangers = _words(plan.folder)
    share = min(1.0, at_step / max(1, plan.drill_steps))
    stage = dialogues.between(dialogues.DRILL, dialogues.PRACTICE, share)
    return corpus.shard(
        index,
        count=SHARD_DIALOGUES,
        stage=stage,
        tokenizer=tokenizer,
        strangers=strangers,
        budget=BATCH_TOKENS,
    )


def _end_with_the_trainer() -> None:
    """Have the kernel end this process when the one that started it is gone, however that ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def batches(
    plan: Plan, *, start_step: int, first_shard: int
) -> Iterator[tuple[int, list[list[corpus.Row]]]]:
    """Batches for each step with the shard they came from;
    the next shard is made while this one is learnt.
    """
    per_step, step = max(1, plan.tokens_per_step // BATCH_TOKENS), start_step
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=_end_with_the_trainer
    ) as maker:
        coming, index = maker.submit(make_shard, plan, first_shard, step), first_shard
        while step < plan.steps:
            shard = coming.result()
            coming = maker.submit(make_shard, plan, index + 1, step + len(shard) // per_step)
            for at in range(0, len(shard) - per_step + 1, per_step):
                yield index, shard[at : at + per_step]
                step += 1
            index += 1


class Run:
    """A training run: the network, its optimisers, and how far it has come."""

    def __init__(self, plan: Plan) -> None:
        """From nothing, or from the last checkpoint in the plan's folder;
        the plan's rates hold either way.
        """
        self.plan, self.checkpoint = plan, plan.folder / "checkpoint.pt"
        self.network = Network(Shape())
        plant(self.network, seed=plan.seed)
        self.parameters = list(self.network.parameters())
        self.muon, self.adam = optimisers(
            self.network, matrix_lr=plan.matrix_lr, other_lr=plan.other_lr
        )
        self.step, self.next_shard, self.seen = 0, 0, 0
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint, weights_only=True)
            if (layers := layers_of(saved)) != Shape().layers:
                grow = "`python -m programs.frontdesk.training.growth` gives it more"
                raise SystemExit(
                    f"{self.checkpoint} has {layers} layers, expected {Shape().layers}: {grow}"
                )
            self.network.load_state_dict(saved["network"])
            for stepper, state in zip((self.muon, self.adam), saved["steppers"], strict=True):
                stepper.load_state_dict(
                    {**state, "param_groups": stepper.state_dict()["param_groups"]}
                )
            self.step, self.next_shard, self.seen = saved["step"], saved["shard"] + 1, saved["seen"]
        some = _words(plan.folder)[1]
        pairs = ((some.unseen, some.met), (some.unseen_inner, some.met_inner))
        self.unmet = Unmet(pairs, seed=plan.seed + self.step)
        self.full_rates = [
            (group, group["lr"]) for group in (*self.muon.param_groups, *self.adam.param_groups)
        ]

    def learn(self, group_of_batches: list[list[corpus.Row]], pool: ThreadPoolExecutor) -> Lesson:
        """One step on some batches."""
        if self.step % REDRAW_EVERY_STEPS == 0:
            self.unmet.draw(self.network.embedding.data)
        lessons = list(pool.map(partial(gradients, self.network), group_of_batches))
        learnt = sum(lesson.learnt for lesson in lessons)
        for index, parameter in enumerate(self.parameters):
            parameter.grad = (
                torch.stack([lesson.gradients[index] for lesson in lessons]).sum(0) / learnt
            )
        assert self.network.embedding.grad is not None
        self.unmet.forget(self.network.embedding.grad)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group, rate in self.full_rates:
            group["lr"] = rate * pace(self.step, self.plan)
        self.muon.update(pool)
        self.adam.step()
        whole = Lesson(
            sum(lesson.loss for lesson in lessons),
            learnt,
            sum(lesson.right for lesson in lessons),
            sum(lesson.tokens for lesson in lessons),
            [],
        )
        self.step, self.seen = self.step + 1, self.seen + whole.tokens
        return whole

    def save(self, shard: int) -> None:
        """Write the checkpoint, whole or not at all."""
        fresh = self.checkpoint.with_suffix(".new")
        steppers = [self.muon.state_dict(), self.adam.state_dict()]
        torch.save(
            {
                "network": self.network.state_dict(),
                "steppers": steppers,
                "step": self.step,
                "shard": shard,
                "seen": self.seen,
            },
            fresh,
        )
        fresh.replace(self.checkpoint)


def train(plan: Plan) -> None:
    """Train from the last checkpoint, or from nothing."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    if not (plan.folder / "tokenizer.json").exists():
        tokens.train_tokenizer(corpus.tokenizer_texts(6000, seed=10**9)).save(
            str(plan.folder / "tokenizer.json")
        )
    run = Run(plan)
    started, seen_before, lessons = time.monotonic(), run.seen, list[Lesson]()
    with ThreadPoolExecutor(plan.workers) as pool:
        for shard, group_of_batches in batches(
            plan, start_step=run.step, first_shard=run.next_shard
        ):
            if run.step >= plan.steps:
                break
            lessons.append(run.learn(group_of_batches, pool))
            if run.step % REPORT_EVERY_STEPS == 0:
                print(
                    progress(
                        run, lessons, speed=(run.seen - seen_before) / (time.monotonic() - started)
                    ),
                    flush=True,
                )
                lessons.clear()
            if run.step % SAVE_EVERY_STEPS == 0 or run.step == plan.steps:
                run.save(shard)


def progress(run: Run, lessons: list[Lesson], *, speed: float) -> str:
    """A line for the log."""
    learnt = sum(lesson.learnt for lesson in lessons)
    loss, right = (
        sum(lesson.loss for lesson in lessons) / learnt,
        sum(lesson.right for lesson in lessons) / learnt,
    )
    return f"step {run.step} loss {loss:.4f} right {right:.4f} tokens {run.seen / 1e6:.2f}M speed {speed:.0f}/s"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=7500)
    parser.add_argument("--decay-steps", type=int, default=3000)
    parser.add_argument("--drill-steps", type=int, default=1200)
    parser.add_argument("--warmup-steps", type=int, default=30)
    parser.add_argument("--tokens-per-step", type=int, default=4096)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--matrix-lr", type=float, default=0.015)
    parser.add_argument("--other-lr", type=float, default=0.002)
    parser.add_argument("--seed", type=int, default=1)
    train(Plan(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
