"""Random words in place of names and subjects, so that a name can be known only by copying it."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from dataclasses import dataclass

from tokenizers import Tokenizer

from programs.frontdesk.dialogues.wording.numbers import MONTHS, ONES, ORDINALS, TENS, WEEKDAYS
from programs.frontdesk.dialogues.wording.phrases import PHRASES
from programs.frontdesk.dialogues.wording.word_lists import by_vertical, words

OPEN_LISTS = ("first_names", "last_names", "plain", "streets", "nouns")
# the share of rows in which words are replaced by tokens drawn from the whole vocabulary
SUBSTITUTED_ROWS = 0.65
SUBSTITUTED_WORDS = 0.6  # the share of such a row's names and subjects that are replaced
# the share of substitutes that hardly a dialogue holds; the others are phrasings' words
RARE_SUBSTITUTES = 0.65


@dataclass(frozen=True, slots=True)
class Row:
    """One dialogue's token ids, and for each whether it is to be learnt."""

    tokens: tuple[int, ...]
    learnt: tuple[bool, ...]


def phrase_words() -> set[str]:
    """The words that carry meaning, in phrasings, numbers and dates: others may be a name."""
    texts = " ".join(path.read_text(encoding="utf-8") for path in sorted(PHRASES.rglob("*.txt")))
    return set(re.findall(r"[a-z']+", texts)) | number_words() | set(words("passage_extra"))


def number_words() -> set[str]:
    """The words of numbers, days and dates."""
    return {*ONES, *TENS, *ORDINALS, *WEEKDAYS, *MONTHS}


def open_words() -> set[str]:
    """The words of names, businesses, services and topics that no phrasing holds."""
    entries = [entry for name in OPEN_LISTS for entry in words(name)]
    entries += [entry for services in by_vertical("services").values() for entry in services]
    return {word for entry in entries for word in entry.split()} - phrase_words()


class WordSubstitution:
    """Replaces names and subjects by random tokens, a name by the same one throughout a row.

    Most of them are tokens that hardly a dialogue holds (`rare`), the others words that mean
    something elsewhere and are seldom said by the agent: `finger`, `bridge`, `song`.
    """

    def __init__(self, tokenizer: Tokenizer, *, rare: Collection[int] = ()) -> None:
        encoded = (tokenizer.encode(f" {word}").ids for word in sorted(open_words()))
        self.names = frozenset(ids[0] for ids in encoded if len(ids) == 1)
        vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        self.word_starts = [
            token for text, token in vocabulary if re.fullmatch("\u0120[a-z]+", text)
        ]
        self.word_parts = [token for text, token in vocabulary if re.fullmatch("[a-z]+", text)]
        self.rare_starts = sorted(set(self.word_starts) & set(rare)) or self.word_starts
        meaning = (word for word in sorted(phrase_words() - number_words()) if len(word) > 3)
        self.phrase_tokens = [
            ids[0] for word in meaning if len(ids := tokenizer.encode(f" {word}").ids) == 1
        ]
        self.common_names = sorted(self.names - set(rare))
        self.rare_parts = sorted(set(self.word_parts) & set(rare))
        self.common_parts = sorted(set(self.word_parts) - set(rare))

    def apply(self, row: Row, *, rng: random.Random) -> Row:
        """The row, perhaps with substitutes in it."""
        if rng.random() > SUBSTITUTED_ROWS:
            return row
        substitutes = {
            token: self.random_word(rng)
            for token in sorted(self.names & set(row.tokens))
            if rng.random() < SUBSTITUTED_WORDS
        }
        pairs = [
            (new, learnt)
            for token, learnt in zip(row.tokens, row.learnt, strict=True)
            for new in substitutes.get(token, (token,))
        ]
        return Row(tuple(token for token, _ in pairs), tuple(learnt for _, learnt in pairs))

    def random_word(self, rng: random.Random) -> tuple[int, ...]:
        """A word of one to three random tokens."""
        is_rare = rng.random() < RARE_SUBSTITUTES
        start = rng.choice(self.rare_starts if is_rare else self.phrase_tokens)
        parts = rng.choice((0, 0, 0, 0, 0, 1, 1, 2))
        return (start, *(rng.choice(self.word_parts) for _ in range(parts)))
