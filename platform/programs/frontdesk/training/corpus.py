"""From dialogues to token rows: the tokenizer's training text, and shards sorted by length."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tokenizers import Tokenizer

from programs.frontdesk.dialogues import generator, render
from programs.frontdesk.dialogues.difficulty import DRILL, FULL, Difficulty
from programs.frontdesk.dialogues.wording.word_lists import WORDS
from programs.frontdesk.training.substitution import Row, WordSubstitution
from programs.frontdesk.types import Dialogue

MAX_TOKENS = 1024
FIRST_SEED = 1_000_000
SPECIAL_TEXT = re.compile(
    "|".join(re.escape(text) for text in (*render.SPECIAL, render.CALL_OPEN, render.CALL_CLOSE))
)
# occurrences, so that a listed word is one token though no dialogue holds it
LISTED_WORD_WEIGHT = 150


@dataclass(frozen=True, slots=True)
class ShardRecipe:
    """What shards are made of: the dialogues of each, their words, and the tokens of a batch."""

    dialogues: int
    tokenizer: Tokenizer
    substitution: WordSubstitution
    batch_tokens: int


def easy_and_hard(first_seed: int, count: int) -> Iterator[Dialogue]:
    """Dialogues of the easiest and the hardest kind by turns."""
    for index in range(count):
        yield generator.generate(first_seed + index, difficulty=FULL if index % 2 else DRILL)


def tokenizer_texts(count: int, *, seed: int) -> Iterator[str]:
    """Text for the tokenizer: dialogues, and every listed word often enough to be a token."""
    for path in sorted(WORDS.glob("*.txt")):
        for word in re.findall(r"[a-z']+", path.read_text(encoding="utf-8")):
            yield f" {word}" * LISTED_WORD_WEIGHT
    for dialogue in easy_and_hard(seed, count):
        for text, _ in render.text_pieces(dialogue):
            yield from (part for part in SPECIAL_TEXT.split(text) if part)


def token_row(dialogue: Dialogue, *, tokenizer: Tokenizer) -> Row:
    """The dialogue as a row."""
    tokens: list[int] = []
    learnt: list[bool] = []
    pieces = render.text_pieces(dialogue)
    encodings = tokenizer.encode_batch([text for text, _ in pieces])
    for encoding, (_, target) in zip(encodings, pieces, strict=True):
        tokens += encoding.ids
        learnt += [target] * len(encoding.ids)
    return Row(tuple(tokens), tuple(learnt))


def shard(index: int, *, difficulty: Difficulty, recipe: ShardRecipe) -> list[list[Row]]:
    """Batches of rows of like length, in random order; the same for ever."""
    first, rng = FIRST_SEED + index * recipe.dialogues, random.Random(index)
    rows: list[Row] = []
    for seed in range(first, first + recipe.dialogues):
        dialogue = generator.generate(seed, difficulty=difficulty)
        row = token_row(dialogue, tokenizer=recipe.tokenizer)
        rows.append(recipe.substitution.apply(row, rng=rng))
    rows = [row for row in rows if len(row.tokens) <= MAX_TOKENS]
    rows.sort(key=lambda row: len(row.tokens))
    batches: list[list[Row]] = [[]]
    for row in rows:
        if batches[-1] and (len(batches[-1]) + 1) * len(row.tokens) > recipe.batch_tokens:
            batches.append([])
        batches[-1].append(row)
    rng.shuffle(batches)
    return batches
