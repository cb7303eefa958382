"""Batches for each step, made one shard ahead of the training in a process of its own."""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from programs.frontdesk.dialogues import difficulty
from programs.frontdesk.tokenizer import load_tokenizer
from programs.frontdesk.training import corpus
from programs.frontdesk.training.corpus import ShardRecipe
from programs.frontdesk.training.options import TrainingOptions
from programs.frontdesk.training.rare_tokens import kept_rare_tokens
from programs.frontdesk.training.substitution import Row, WordSubstitution

SHARD_DIALOGUES = 600
BATCH_TOKENS = 1024
PR_SET_PDEATHSIG = 1  # prctl(2)


@cache
def shard_recipe(folder: Path) -> ShardRecipe:
    """A run's recipe, read once in each process."""
    tokenizer = load_tokenizer(folder)
    substitution = WordSubstitution(tokenizer, rare=kept_rare_tokens(folder, tokenizer))
    return ShardRecipe(SHARD_DIALOGUES, tokenizer, substitution, BATCH_TOKENS)


def make_shard(options: TrainingOptions, index: int, at_step: int) -> list[list[Row]]:
    """The shard for about `at_step`: its dialogues grow harder from the drill to the practice."""
    share = min(1.0, at_step / max(1, options.drill_steps))
    level = difficulty.between(difficulty.DRILL, difficulty.PRACTICE, share)
    return corpus.shard(index, difficulty=level, recipe=shard_recipe(options.folder))


def _end_with_the_trainer() -> None:
    """Have the kernel end this process when the one that started it is gone, however that ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def batches(
    options: TrainingOptions, *, start_step: int, first_shard: int
) -> Iterator[tuple[int, list[list[Row]]]]:
    """Each step's batches with the shard they came from.

    The next shard is made while this one is learnt, in a process of its own: in a thread the
    generator would hold the lock of the workers.
    """
    per_step, step = max(1, options.tokens_per_step // BATCH_TOKENS), start_step
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_the_trainer) as maker:
        index, coming = first_shard, maker.submit(make_shard, options, first_shard, step)
        while step < options.steps:
            shard = coming.result()
            coming = maker.submit(make_shard, options, index + 1, step + len(shard) // per_step)
            for first in range(0, len(shard) - per_step + 1, per_step):
                yield index, shard[first : first + per_step]
                step += 1
            index += 1
