"""What callers say: phrasings with {slots}; every sixth line of a bank is held out."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

PHRASES = Path(__file__).with_name("phrases")
HELD_OUT_EVERY = 6
ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")


@cache
def texts_by_key(name: str) -> dict[str, tuple[str, ...]]:
    """The texts of each key: a line holds a key, a tab, and texts with bars between them."""
    lines = (PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {key: tuple(texts.split("|")) for key, texts in (line.split("\t") for line in lines)}


@cache
def phrase_banks() -> dict[str, tuple[str, ...]]:
    """The callers' banks: below `# name` a phrasing a line, with [one|another] for alternatives."""
    banks: dict[str, list[str]] = {}
    for path in sorted((PHRASES / "callers").glob("*.txt")):
        for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
            if line.startswith("# "):
                bank = banks.setdefault(line.removeprefix("# "), [])
            else:
                bank.append(line)
    return {name: tuple(lines) for name, lines in banks.items()}


@cache
def side(bank: str, *, held_out: bool) -> tuple[str, ...]:
    """The lines of a bank that belong to training, or those held out."""
    return tuple(
        line
        for number, line in enumerate(phrase_banks()[bank], 1)
        if (number % HELD_OUT_EVERY == 0) is held_out
    )


def choose(bank: str, *, rng: random.Random, held_out: bool) -> str:
    """One phrasing of a bank, from the training side or from the held_out-out side."""
    return ALTERNATIVES.sub(
        lambda group: rng.choice(group[1].split("|")), rng.choice(side(bank, held_out=held_out))
    )
