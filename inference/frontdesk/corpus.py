"""From dialogues to token rows: the tokenizer's training text, and shards of (tokens, targets) sorted by length."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tokenizers import Tokenizer

from inference.frontdesk import dialogues, render
from inference.frontdesk.lexicon import WORDS

MOST_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One dialogue's token ids, and for each whether it is to be learnt."""

    tokens: tuple[int, ...]
    learnt: tuple[bool, ...]


def tokenizer_texts(count: int, *, seed: int) -> Iterator[str]:
    """Text for the tokenizer: dialogues of both difficulties, and every listed word often enough to become a token."""
    special = re.compile("|".join(re.escape(text) for text in (*render.SPECIAL, render.CALL_OPEN, render.CALL_CLOSE)))
    for path in sorted(WORDS.glob("*.txt")):
        for word in re.findall(r"[a-z']+", path.read_text()):
            yield f" {word}" * 30
    for index in range(count):
        stage = dialogues.FULL if index % 2 else dialogues.DRILL
        for text, _ in render.pieces(dialogues.dialogue(seed + index, stage=stage)):
            yield from (part for part in special.split(text) if part)


def row(dialogue: dialogues.Dialogue, *, tokenizer: Tokenizer) -> Row:
    """The dialogue as a row."""
    tokens: list[int] = []
    learnt: list[bool] = []
    pieces = render.pieces(dialogue)
    for encoding, (_, target) in zip(tokenizer.encode_batch([text for text, _ in pieces]), pieces, strict=True):
        tokens += encoding.ids
        learnt += [target] * len(encoding.ids)
    return Row(tuple(tokens), tuple(learnt))


def shard(index: int, *, count: int, stage: dialogues.Stage, tokenizer: Tokenizer, budget: int) -> list[list[Row]]:
    """Batches of rows of like length, each of about `budget` tokens, in random order; the same for ever for an index."""
    first = 1_000_000 + index * count
    rows = [row(dialogues.dialogue(seed, stage=stage), tokenizer=tokenizer) for seed in range(first, first + count)]
    rows = sorted((r for r in rows if len(r.tokens) <= MOST_TOKENS), key=lambda r: len(r.tokens))
    batches: list[list[Row]] = [[]]
    for r in rows:
        if batches[-1] and (len(batches[-1]) + 1) * len(r.tokens) > budget:
            batches.append([])
        batches[-1].append(r)
    random.Random(index).shuffle(batches)
    return batches
