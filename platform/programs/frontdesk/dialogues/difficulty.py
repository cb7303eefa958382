"""How hard dialogues are: the curriculum's easiest and hardest ones, and what lies between."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard dialogues are; shares lie between 0 and 1.

    `random_values` of the values are random words, `noise` of the caller's words are misheard,
    `distractors` of the turns come with passages that do not matter, `product_tools` of the calls
    have exactly the product's tools, and `digressions` of the turns lead away from a booking.
    """

    random_values: float
    noise: float
    distractors: float
    product_tools: float
    digressions: float
    questions: tuple[int, int]
    goodbyes: float
    rehearsals: float = 0.0


DRILL = Difficulty(
    random_values=0.6,
    noise=0.0,
    distractors=0.0,
    product_tools=0.8,
    digressions=0.0,
    questions=(2, 5),
    goodbyes=0.68,
)
FULL = Difficulty(
    random_values=0.15,
    noise=0.05,
    distractors=0.08,
    product_tools=0.9,
    digressions=0.08,
    questions=(0, 3),
    goodbyes=0.68,
)
# What training ends with: more answers from facts and passages, which come last; more tools of
# other names, whose names made four of ten lost hand-overs; more calls that end with a person. Some
# callers ask nothing: without them nobody wanted a person in the first words, and "can i talk to a
# person" was taken there for another thing.
PRACTICE = replace(FULL, questions=(0, 4), product_tools=0.75, goodbyes=0.5, rehearsals=0.45)


def between(easy: Difficulty, hard: Difficulty, share: float) -> Difficulty:
    """A difficulty part of the way from easy to hard."""
    shares = {
        field.name: getattr(easy, field.name)
        + (getattr(hard, field.name) - getattr(easy, field.name)) * share
        for field in fields(Difficulty)
        if field.name != "questions"
    }
    return Difficulty(questions=(easy if share < 0.5 else hard).questions, **shares)
