"""What callers say: phrasings with {slots};
every sixth line of a bank is kept for the evaluation.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

SAYINGS = Path(__file__).with_name("sayings")
HELD_OUT_EVERY = 6
ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")


@cache
def sayings(name: str) -> dict[str, tuple[str, ...]]:
    """What is said of what: a line holds a key, a tab, and texts with bars between them."""
    lines = (SAYINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {key: tuple(texts.split("|")) for key, texts in (line.split("\t") for line in lines)}


@cache
def banks() -> dict[str, tuple[str, ...]]:
    """The callers' banks: below `# name`, a phrasing to a line,
    with [one|another] for words that may stand alike.
    """
    found: dict[str, list[str]] = {}
    for path in sorted((SAYINGS / "callers").glob("*.txt")):
        for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
            if line.startswith("# "):
                bank = found.setdefault(line.removeprefix("# "), [])
            else:
                bank.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def side(bank: str, *, held: bool) -> tuple[str, ...]:
    """The lines of a bank that belong to training, or those held out."""
    return tuple(
        line
        for i, line in enumerate(banks()[bank])
        if (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) is held
    )


def choose(bank: str, *, rng: random.Random, held: bool) -> str:
    """One phrasing of a bank, from the training side or from the held-out side."""
    return ALTERNATIVES.sub(
        lambda group: rng.choice(group[1].split("|")), rng.choice(side(bank, held=held))
    )
