"""The word lists, each entry on one side of the split into training and held-out words."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words")
VERTICALS = ("homeservices", "healthcare", "realestate", "salon", "hospitality", "helpdesk")
HELD_OUT_SHARE = 0.12


def is_held_out(text: str) -> bool:
    """Whether a word or phrase belongs to the evaluation's side of the split; the same for ever."""
    return hashlib.blake2b(text.encode(), digest_size=4).digest()[0] < 256 * HELD_OUT_SHARE


@cache
def words(name: str) -> tuple[str, ...]:
    """All entries of one plain word file."""
    text = (WORDS / f"{name}.txt").read_text(encoding="utf-8")
    if "|" in text:
        return tuple(text.replace("\n", "|").strip("|").split("|"))
    return tuple(text.split())


@cache
def by_vertical(name: str) -> dict[str, tuple[str, ...]]:
    """Entries of a word file that has one line for each vertical."""
    rows = (
        line.split("\t")
        for line in (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if line
    )
    return {
        key: tuple(entry.removeprefix("the ") for entry in entries.split("|"))
        for key, entries in rows
    }


@cache
def side(entries: tuple[str, ...], *, held_out: bool) -> tuple[str, ...]:
    """The entries on one side of the split (all of them when that side is empty)."""
    return tuple(entry for entry in entries if is_held_out(entry) is held_out) or entries


@cache
def training_words() -> tuple[str, ...]:
    """Every word of training's services and topics."""
    lists = (*by_vertical("services").values(), words("nouns"))
    entries = [entry for names in lists for entry in side(names, held_out=False)]
    return tuple(sorted({word for entry in entries for word in entry.split()}))
