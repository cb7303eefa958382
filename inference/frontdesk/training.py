"""Training: `python -m inference.frontdesk.training --folder DIR --steps N`, resumable at any time.

Two workers of one thread each take batches as they come: on a busy machine this keeps both cores at work where one
operation split over two threads would wait for the slower half.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from inference.frontdesk import corpus, dialogues, tokens
from inference.frontdesk.network import Network, Shape
from inference.frontdesk.optimise import optimisers
from inference.frontdesk.start import plant

SHARD_DIALOGUES = 600
BATCH_TOKENS = 1024
SAVE_EVERY_STEPS = 50


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
    return max(0.0, min(1.0, (step + 1) / plan.warmup_steps, (plan.steps - step) / plan.decay_steps))


def batch_tensors(rows: list[corpus.Row]) -> tuple[Tensor, Tensor]:
    """Tokens [rows, longest], and whether each is to be learnt."""
    longest = max(len(row.tokens) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    learnt = torch.zeros(len(rows), longest, dtype=torch.bool)
    for index, row in enumerate(rows):
        ids[index, : len(row.tokens)] = torch.tensor(row.tokens)
        learnt[index, : len(row.learnt)] = torch.tensor(row.learnt)
    return ids, learnt


def gradients(network: Network, rows: list[corpus.Row]) -> tuple[float, int, int, int, list[Tensor]]:
    """Summed loss, learnt tokens, right first guesses, all tokens, and the gradients of the sum."""
    ids, learnt = batch_tensors(rows)
    wanted = learnt[:, 1:]
    logits = network(ids[:, :-1], wanted)
    goal = ids[:, 1:][wanted]
    loss = F.cross_entropy(logits, goal, reduction="sum")
    found = torch.autograd.grad(loss, list(network.parameters()))
    right = int((logits.detach().argmax(-1) == goal).sum())
    return float(loss.detach()), len(goal), right, ids.numel(), list(found)


_TOKENIZERS: dict[Path, Tokenizer] = {}


def make_shard(plan: Plan, index: int, at_step: int) -> list[list[corpus.Row]]:
    """The shard for about `at_step`; runs in a process of its own, since the generator would hold the workers' lock."""
    if plan.folder not in _TOKENIZERS:
        _TOKENIZERS[plan.folder] = tokens.load_tokenizer(plan.folder)
    share = min(1.0, at_step / max(1, plan.drill_steps))
    stage = dialogues.between(dialogues.DRILL, dialogues.FULL, share)
    return corpus.shard(
        index, count=SHARD_DIALOGUES, stage=stage, tokenizer=_TOKENIZERS[plan.folder], budget=BATCH_TOKENS
    )


def batches(plan: Plan, *, start_step: int, first_shard: int) -> Iterator[tuple[int, list[list[corpus.Row]]]]:
    """Batches for each step with the shard they came from; the next shard is made while this one is learnt."""
    per_step, step = max(1, plan.tokens_per_step // BATCH_TOKENS), start_step
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as maker:
        coming, index = maker.submit(make_shard, plan, first_shard, step), first_shard
        while step < plan.steps:
            shard = coming.result()
            coming = maker.submit(make_shard, plan, index + 1, step + len(shard) // per_step)
            for at in range(0, len(shard) - per_step + 1, per_step):
                yield index, shard[at : at + per_step]
                step += 1
            index += 1


def train(plan: Plan) -> None:
    """Train from the last checkpoint, or from nothing."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    if not (plan.folder / "tokenizer.json").exists():
        tokens.train_tokenizer(corpus.tokenizer_texts(6000, seed=10**9)).save(str(plan.folder / "tokenizer.json"))
    network = Network(Shape())
    plant(network, seed=plan.seed)
    steppers = optimisers(network, matrix_lr=plan.matrix_lr, other_lr=plan.other_lr)
    muon, adam = steppers
    step, shard_index, seen = 0, 0, 0
    checkpoint = plan.folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        for stepper, state in zip(steppers, saved["steppers"], strict=True):
            stepper.load_state_dict(state)
        step, shard_index, seen = saved["step"], saved["shard"] + 1, saved["seen"]
    full = [
        (group, rate)
        for stepper, rates in zip(steppers, ([plan.matrix_lr], [plan.other_lr, plan.other_lr * 0.3]), strict=True)
        for group, rate in zip(stepper.param_groups, rates, strict=True)
    ]
    started, seen_before = time.monotonic(), seen
    parameters = list(network.parameters())
    total, goals, rights = 0.0, 0, 0
    with ThreadPoolExecutor(plan.workers) as pool:
        for shard_at, group_of_batches in batches(plan, start_step=step, first_shard=shard_index):
            if step >= plan.steps:
                break
            results = list(pool.map(lambda rows: gradients(network, rows), group_of_batches))
            learnt = sum(result[1] for result in results)
            for index, parameter in enumerate(parameters):
                parameter.grad = sum((result[4][index] for result in results[1:]), results[0][4][index]) / learnt
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            for group, rate in full:
                group["lr"] = rate * pace(step, plan)
            muon.update(pool)
            adam.step()
            step += 1
            seen += sum(result[3] for result in results)
            total, goals, rights = (
                total + sum(r[0] for r in results),
                goals + learnt,
                rights + sum(r[2] for r in results),
            )
            if step % 10 == 0:
                speed = (seen - seen_before) / (time.monotonic() - started)
                print(
                    f"step {step} loss {total / goals:.4f} right {rights / goals:.4f} tokens {seen / 1e6:.2f}M "
                    f"speed {speed:.0f}/s shard {shard_at}",
                    flush=True,
                )
                total, goals, rights = 0.0, 0, 0
            if step % SAVE_EVERY_STEPS == 0 or step == plan.steps:
                save(
                    checkpoint,
                    {
                        "network": network.state_dict(),
                        "steppers": [s.state_dict() for s in steppers],
                        "step": step,
                        "shard": shard_at,
                        "seen": seen,
                    },
                )


def save(path: Path, state: dict[str, object]) -> None:
    """Write a checkpoint whole or not at all."""
    fresh = path.with_suffix(".new")
    torch.save(state, fresh)
    fresh.replace(path)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2600)
    parser.add_argument("--decay-steps", type=int, default=700)
    parser.add_argument("--drill-steps", type=int, default=500)
    parser.add_argument("--warmup-steps", type=int, default=30)
    parser.add_argument("--tokens-per-step", type=int, default=8192)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--matrix-lr", type=float, default=0.015)
    parser.add_argument("--other-lr", type=float, default=0.002)
    parser.add_argument("--seed", type=int, default=1)
    train(Plan(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
