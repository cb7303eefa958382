"""Training: `python -m programs.frontdesk.training.train --folder DIR`, resumable at any time.

Two workers of one thread each take batches as they come: on a busy machine this keeps both cores at
work where one operation split over two threads would wait for the slower half.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

from programs.frontdesk.tokenizer import train_tokenizer
from programs.frontdesk.training.batches import batches
from programs.frontdesk.training.corpus import tokenizer_texts
from programs.frontdesk.training.gradients import BatchResult
from programs.frontdesk.training.options import TrainingOptions
from programs.frontdesk.training.run import TrainingRun

SAVE_EVERY_STEPS = 50
REPORT_EVERY_STEPS = 10


def train(options: TrainingOptions) -> None:
    """Train from the last checkpoint, or from nothing."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.folder.mkdir(parents=True, exist_ok=True)
    tokenizer_file = options.folder / "tokenizer.json"
    if not tokenizer_file.exists():
        train_tokenizer(tokenizer_texts(6000, seed=10**9)).save(str(tokenizer_file))
    run = TrainingRun(options)
    started, seen_before, results = time.monotonic(), run.seen, list[BatchResult]()
    coming = batches(options, start_step=run.step, first_shard=run.next_shard)
    with ThreadPoolExecutor(options.workers) as pool:
        for shard, step_batches in coming:
            if run.step >= options.steps:
                break
            results.append(run.learn(step_batches, pool))
            if run.step % REPORT_EVERY_STEPS == 0:
                speed = (run.seen - seen_before) / (time.monotonic() - started)
                print(progress(run, results, speed=speed), flush=True)
                results.clear()
            if run.step % SAVE_EVERY_STEPS == 0 or run.step == options.steps:
                run.save(shard)


def progress(run: TrainingRun, results: list[BatchResult], *, speed: float) -> str:
    """A line for the log."""
    total = BatchResult.total(results)
    loss, right = total.loss / total.learnt, total.right / total.learnt
    return (
        f"step {run.step} loss {loss:.4f} right {right:.4f} "
        f"tokens {run.seen / 1e6:.2f}M speed {speed:.0f}/s"
    )


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
    train(TrainingOptions(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
