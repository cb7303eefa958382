"""`python -m tests.bench.relevance --folder FOLDER`: where "nothing fits" begins, chosen by what
callers say and tried on what they say otherwise.

Of a company with one branch (the index of a small company), of 10,000 passages and of 100,000 each:
how many questions that a passage answers have it among what goes before a model, and how many
sentences that none answers (thanks, names, jokes, who won the match) find something all the same.
The floor that the product has is among those tried: it was read off the calibration set, and is
told of the test set, whose phrasings were held out. Ranking is the product's own; the nearest are
searched one by one over the vectors that `tests.bench.retrieval --folder` left.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

import numpy as np
from rich.console import Console
from rich.table import Table

from tests import services  # noqa: F401  first: it names them before Django reads its settings

# isort: split
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "warmline.settings"
import django

django.setup()

from programs.frontdesk.dialogues.wording.phrases import choose
from rag.embedding.encoder import embed
from rag.embedding.weights import Floats
from rag.retrieval import fusion
from rag.retrieval.fusion import Found, fused
from rag.retrieval.search import CANDIDATES, CANDIDATES_BY_WORDS
from rag.retrieval.words import WordIndexEntry, Words, built
from rag.types import Hit
from tests.bench import retrieval_corpus as corpus
from tests.bench.retrieval_corpus import Asked, Known, Topic
from tests.bench.retrieval_index import kept_vectors
from warmline.kernel.matching import match_key

SIZES = (162, 10_000, 100_000)
QUESTIONS = 400
FLOORS = (0.30, 0.34, 0.38, 0.40, 0.42, 0.44, 0.46, 0.50)
# What callers say that asks for nothing a document has.
IDLE = (
    *("off_role", "hello", "how_are_you", "thanks", "bye", "hold_on", "no_thanks", "accept_offer"),
    *("not_helped", "again_not_helped", "repeat", "who", "robot", "date", "person", "gibberish"),
)
PLACE = UUID(int=1)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A company's passages, their vectors, and its index of words."""

    rows: Sequence[Known]
    vectors: Floats
    words: Words

    def found(self, question: str, vector: Floats) -> tuple[Found, ...]:
        """What the product finds, by an exact search for the nearest."""
        nearness = self.vectors @ vector
        count = min(CANDIDATES, len(self.rows))
        near = set(np.argpartition(nearness, -count)[-count:].tolist())
        ranked = self.words.best(question, collections=[PLACE], k=CANDIDATES_BY_WORDS)
        scores = {passage_id: score for _, passage_id, score in ranked}
        near |= {UUID(passage_id).int for passage_id in scores}
        hits = [self._hit(row, float(nearness[row])) for row in near]
        return fused(hits, words=scores, floor=0.0)

    def _hit(self, row: int, score: float) -> Hit:
        known = self.rows[row]
        return Hit(str(UUID(int=row)), known.branch, "", known.branch, known.text, "", 0, score)


@dataclass(frozen=True, slots=True)
class Rates:
    """Of what is answered, how much reaches a model; of what is not, how much finds something."""

    answered: float
    wrongly: float


def main() -> int:
    """Measure each size, choose, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    console, topics = Console(), corpus.topics()
    names = corpus.branches(SIZES[-1] // len(topics) + 1)
    rows = list(islice(corpus.passages(names, of=topics), SIZES[-1]))
    vectors = kept_vectors(options.folder, rows)
    for size in SIZES:
        knowledge = known(rows[:size], vectors[:size])
        table = Table("floor", "answered", "found in vain", "held out: answered", "found in vain")
        sets = [judged(knowledge, topics, held_out=held_out) for held_out in (False, True)]
        for floor in sorted({*FLOORS, round(fusion.relevance_floor(size), 3)}):
            rates = [judge(floor) for judge in sets]
            shown = [f"{rate:.3f}" for row in rates for rate in (row.answered, row.wrongly)]
            table.add_row(f"{floor:.3f}", *shown)
        console.print(f"{size} passages")
        console.print(table)
    return 0


def known(rows: Sequence[Known], vectors: Floats) -> Knowledge:
    """A company with these passages."""
    entries = (
        WordIndexEntry(UUID(int=number), PLACE, f"{row.branch} {row.text}")
        for number, row in enumerate(rows)
    )
    return Knowledge(rows, vectors, Words(built(entries)))


def judged(
    knowledge: Knowledge, topics: list[Topic], *, held_out: bool
) -> Callable[[float], Rates]:
    """What comes of one set with a floor: everything is searched once."""
    asked = list(questions(knowledge, topics, held_out=held_out))
    idle = sorted(set(idle_sentences(held_out=held_out)))
    told = [*(question.text for question in asked), *idle]
    found = [
        knowledge.found(text, vector)
        for text, vector in zip(told, embed(list(map(match_key, told))), strict=True)
    ]
    of_topic = {(row.branch, row.text): row.topic for row in knowledge.rows}

    def rates(floor: float) -> Rates:
        passed = [passing(rows, floor=floor)[:3] for rows in found]
        right = sum(
            any(question.is_answered_by(row.hit.title, row.hit.text, of_topic) for row in rows)
            for question, rows in zip(asked, passed[: len(asked)], strict=True)
        )
        wrong = sum(map(bool, passed[len(asked) :]))
        return Rates(right / len(asked), wrong / len(idle))

    return rates


def passing(found: Sequence[Found], *, floor: float) -> list[Found]:
    """Those that pass with this floor in place of the product's."""
    best = max((row.score for row in found), default=0.0)
    return [
        row
        for row in found
        if row.hit.score >= (fusion.WORDS_FLOOR if row.words >= fusion.STRONG_WORDS else floor)
        and row.score >= best * fusion.SHARE_OF_BEST
    ]


def questions(knowledge: Knowledge, topics: list[Topic], *, held_out: bool) -> Iterator[Asked]:
    """Questions that a passage answers; a company of one branch is not told which."""
    names = list(dict.fromkeys(row.branch for row in knowledge.rows))
    whole = names[: max(1, len(knowledge.rows) // len(topics))]
    for asked in corpus.questions(whole, of=topics, count=QUESTIONS, held_out=held_out):
        place = asked.branch.removesuffix(" branch").lower()
        text = asked.text.removesuffix(f" at the {place} branch") if len(whole) == 1 else asked.text
        yield Asked(text, asked.branch, asked.topics)


def idle_sentences(*, held_out: bool) -> Iterator[str]:
    """What is said that no document answers; every sixth phrasing is held out."""
    rng = random.Random(corpus.SEED + held_out)
    for bank in IDLE:
        for _ in range(QUESTIONS // len(IDLE)):
            yield " ".join(choose(bank, rng=rng, held_out=held_out).split())


if __name__ == "__main__":
    sys.exit(main())
