"""From dialogues to token rows:
the tokenizer's training text, and shards of (tokens, targets) sorted by length.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tokenizers import Tokenizer

from programs.frontdesk.dialogues import dialogues, render
from programs.frontdesk.dialogues.lexicon import (
    MONTHS,
    ONES,
    ORDINALS,
    TENS,
    WEEKDAYS,
    WORDS,
    by_vertical,
    words,
)
from programs.frontdesk.dialogues.phrases import SAYINGS
from programs.frontdesk.types import Dialogue

MOST_TOKENS = 1024
OPEN_LISTS = ("first_names", "last_names", "plain", "streets", "nouns")
SPECIAL_TEXT = re.compile(
    "|".join(re.escape(text) for text in (*render.SPECIAL, render.CALL_OPEN, render.CALL_CLOSE))
)
# occurrences, so that a listed word is one token though no dialogue holds it
LISTED_WORD_WEIGHT = 150
# the share of rows in which words are replaced by tokens drawn from the whole vocabulary
STRANGE_ROWS = 0.65
STRANGE_WORDS = 0.6  # the share of such a row's names and subjects that are replaced
# the share of strangers that hardly a dialogue holds; the others are phrasings' words
UNSEEN_STRANGERS = 0.65


@dataclass(frozen=True, slots=True)
class Row:
    """One dialogue's token ids, and for each whether it is to be learnt."""

    tokens: tuple[int, ...]
    learnt: tuple[bool, ...]


def tokenizer_texts(count: int, *, seed: int) -> Iterator[str]:
    """Text for the tokenizer: dialogues of both difficulties,
    and every listed word often enough to become a token.
    """
    for path in sorted(WORDS.glob("*.txt")):
        for word in re.findall(r"[a-z']+", path.read_text(encoding="utf-8")):
            yield f" {word}" * LISTED_WORD_WEIGHT
    for index in range(count):
        stage = dialogues.FULL if index % 2 else dialogues.DRILL
        for text, _ in render.pieces(dialogues.dialogue(seed + index, stage=stage)):
            yield from (part for part in SPECIAL_TEXT.split(text) if part)


def row(dialogue: Dialogue, *, tokenizer: Tokenizer) -> Row:
    """The dialogue as a row."""
    tokens: list[int] = []
    learnt: list[bool] = []
    pieces = render.pieces(dialogue)
    for encoding, (_, target) in zip(
        tokenizer.encode_batch([text for text, _ in pieces]), pieces, strict=True
    ):
        tokens += encoding.ids
        learnt += [target] * len(encoding.ids)
    return Row(tuple(tokens), tuple(learnt))


def spoken_words() -> set[str]:
    """The words that carry meaning, in phrasings, numbers and dates:
    what is left may be anybody's name.
    """
    spoken = set(
        re.findall(
            r"[a-z']+",
            " ".join(path.read_text(encoding="utf-8") for path in sorted(SAYINGS.rglob("*.txt"))),
        )
    )
    return spoken | reckoned_words() | set(words("passage_extra"))


def reckoned_words() -> set[str]:
    """The words of numbers, days and dates."""
    return {*ONES, *TENS, *ORDINALS, *WEEKDAYS, *MONTHS}


def open_words() -> set[str]:
    """The words of names, businesses, services and topics that no phrasing holds."""
    listed = {part for name in OPEN_LISTS for entry in words(name) for part in entry.split()}
    services = {
        part
        for entries in by_vertical("services").values()
        for entry in entries
        for part in entry.split()
    }
    return (listed | services) - spoken_words()


class Strangers:
    """Replaces names and subjects by tokens of the whole vocabulary, the same one throughout a row.

    It leaves no way of knowing a name but to copy it. Most of them are tokens that hardly a
    dialogue holds (`unseen`), the others words that mean something elsewhere and are seldom said by
    the agent: `finger`, `bridge`, `song`.
    """

    def __init__(self, tokenizer: Tokenizer, *, unseen: Collection[int] = ()) -> None:
        encoded = (tokenizer.encode(f" {word}").ids for word in sorted(open_words()))
        self.open = frozenset(ids[0] for ids in encoded if len(ids) == 1)
        vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        self.starts = [token for text, token in vocabulary if re.fullmatch("\u0120[a-z]+", text)]
        self.inner = [token for text, token in vocabulary if re.fullmatch("[a-z]+", text)]
        self.unseen = sorted(set(self.starts) & set(unseen)) or self.starts
        meaning = (word for word in sorted(spoken_words() - reckoned_words()) if len(word) > 3)
        self.spoken = [
            ids[0] for word in meaning if len(ids := tokenizer.encode(f" {word}").ids) == 1
        ]
        self.met = sorted(self.open - set(unseen))
        self.unseen_inner = sorted(set(self.inner) & set(unseen))
        self.met_inner = sorted(set(self.inner) - set(unseen))

    def among(self, row: Row, *, rng: random.Random) -> Row:
        """The row, perhaps with strangers in it."""
        if rng.random() > STRANGE_ROWS:
            return row
        swapped = {
            token: self.word(rng)
            for token in sorted(self.open & set(row.tokens))
            if rng.random() < STRANGE_WORDS
        }
        pairs = [
            (new, learnt)
            for token, learnt in zip(row.tokens, row.learnt, strict=True)
            for new in swapped.get(token, (token,))
        ]
        return Row(tuple(token for token, _ in pairs), tuple(learnt for _, learnt in pairs))

    def word(self, rng: random.Random) -> tuple[int, ...]:
        """A word of one to three random tokens."""
        start = rng.choice(self.unseen if rng.random() < UNSEEN_STRANGERS else self.spoken)
        return (
            start,
            *(rng.choice(self.inner) for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 1, 2)))),
        )


def shard(
    index: int,
    *,
    count: int,
    stage: dialogues.Stage,
    tokenizer: Tokenizer,
    strangers: Strangers,
    budget: int,
) -> list[list[Row]]:
    """Batches of rows of like length, each of about `budget` tokens, in random order;
    the same for ever.
    """
    first, rng = 1_000_000 + index * count, random.Random(index)
    plain = (
        row(dialogues.dialogue(seed, stage=stage), tokenizer=tokenizer)
        for seed in range(first, first + count)
    )
    rows = [strangers.among(r, rng=rng) for r in plain]
    rows = sorted((r for r in rows if len(r.tokens) <= MOST_TOKENS), key=lambda r: len(r.tokens))
    batches: list[list[Row]] = [[]]
    for r in rows:
        if batches[-1] and (len(batches[-1]) + 1) * len(r.tokens) > budget:
            batches.append([])
        batches[-1].append(r)
    rng.shuffle(batches)
    return batches
