"""What callers say: phrasings with {slots}; every sixth phrasing of a bank is kept for the evaluation."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

SAYINGS = Path(__file__).with_name("sayings")
HELD_OUT_EVERY = 6


@cache
def sayings(name: str) -> dict[str, tuple[str, ...]]:
    """The banks of one file: a line holds a key, a tab, and phrasings with bars between them."""
    lines = (SAYINGS / f"{name}.txt").read_text().splitlines()
    return {key: tuple(texts.split("|")) for key, texts in (line.split("\t") for line in lines)}


def choose(bank: str, *, rng: random.Random, held: bool) -> str:
    """One phrasing of a bank, from the training side or from the held-out side."""
    phrasings = sayings("banks")[bank]
    kept = [text for i, text in enumerate(phrasings) if (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) is held]
    return rng.choice(kept or list(phrasings))
