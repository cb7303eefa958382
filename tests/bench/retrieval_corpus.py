"""A company of many branches, each with a document of what callers ask about, and questions on it.

Sentences and questions are those that businesses and callers were written for the training of the
project's own model (`natural.txt`): each sentence has several questions in other words. What a
question is scored by was written before retrieval was; the last question of each sentence is held
out: nothing was tuned by it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from programs.frontdesk.dialogues.knowledge import fill
from programs.frontdesk.dialogues.wording.lexicon import Lexicon
from programs.frontdesk.dialogues.wording.phrases import texts_by_key
from programs.frontdesk.dialogues.wording.word_lists import words

SEED: Final = 20260729
WHENS: Final = ("weekend", "evening", "night", "holiday", "sunday", "emergency")


@dataclass(frozen=True, slots=True)
class Topic:
    """A sentence with a place for its words, and the questions that it answers."""

    wording: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A passage of a branch."""

    branch: str
    topic: int
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which passages answer it: those of the branch on these topics."""

    text: str
    branch: str
    topics: frozenset[int]

    def is_answered_by(self, title: str, text: str, known: dict[tuple[str, str], int]) -> bool:
        """Whether a passage that was found is one of them."""
        return title == self.branch and known.get((title, text)) in self.topics


def topics() -> list[Topic]:
    """Every sentence of the list with at least three questions."""
    rows = texts_by_key("natural").items()
    return [Topic(wording, tuple(questions)) for wording, questions in rows if len(questions) > 2]


def branches(count: int) -> list[str]:
    """Names of branches, no two alike."""
    rng = random.Random(SEED)
    streets, names = words("streets"), words("last_names")
    pairs = [f"{name} {street}" for name in names for street in streets]
    return [f"{pair.title()} branch" for pair in rng.sample(pairs, count)]


def passages(names: list[str], *, of: list[Topic]) -> Iterator[Known]:
    """What each branch says of each topic."""
    rng = random.Random(SEED + 1)
    lexicon = Lexicon(rng, random_values=0.0, held_out=False)
    for name in names:
        for number, topic in enumerate(of):
            wording = topic.wording.replace("{w}", rng.choice(WHENS)).replace(
                "{n}", str(rng.randint(2, 18))
            )
            text = fill(wording, lexicon=lexicon)
            yield Known(name, number, f"{text[:1].upper()}{text[1:]}.")


def questions(names: list[str], *, of: list[Topic], count: int, held_out: bool) -> Iterator[Asked]:
    """Questions on single branches: each sentence's last question is held out, all others are not.

    A topic whose sentence names a time (weekend, holiday) is left out: which one a branch has is
    drawn.
    """
    rng = random.Random(SEED + 2 + held_out)
    plain = [n for n, topic in enumerate(of) if "{" not in "".join(topic.questions)]
    for _ in range(count):
        branch, number = rng.choice(names), rng.choice(plain)
        said = of[number].questions
        question = said[-1] if held_out else rng.choice(said[:-1])
        answering = frozenset(n for n, topic in enumerate(of) if question in topic.questions)
        place = branch.removesuffix(" branch").lower()
        yield Asked(f"{question} at the {place} branch", branch, answering)
