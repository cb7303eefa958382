"""Whole dialogues: a plan of episodes under one prompt,
as easy or as hard as the stage of training asks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from programs.frontdesk.dialogues import bookings, enquiries
from programs.frontdesk.dialogues.scene import Scene
from programs.frontdesk.types import Dialogue


@dataclass(frozen=True, slots=True)
class Stage:
    """How hard dialogues are: shares between 0 and 1."""

    wild: float
    noise: float
    crowd: float
    product_tools: float
    wander: float
    questions: tuple[int, int]
    goodbyes: float
    rehearsals: float = 0.0


DRILL = Stage(
    wild=0.6, noise=0.0, crowd=0.0, product_tools=0.8, wander=0.0, questions=(2, 5), goodbyes=0.68
)
FULL = Stage(
    wild=0.15,
    noise=0.05,
    crowd=0.08,
    product_tools=0.9,
    wander=0.08,
    questions=(0, 3),
    goodbyes=0.68,
)
# What training ends with: more answers from facts and passages, which come last; more tools of
# other names, whose names made four of ten lost hand-overs; more calls that end with a person. Some
# callers ask nothing: without them nobody wanted a person in the first words, and "can i talk to a
# person" was taken there for another thing.
PRACTICE = replace(FULL, questions=(0, 4), product_tools=0.75, goodbyes=0.5, rehearsals=0.45)
Enquiries = tuple[tuple[Callable[[Scene], None], int], ...]
ENQUIRIES: Enquiries = (
    (enquiries.ask_fact, 30),
    (enquiries.ask_passage, 30),
    (enquiries.ask_unknown, 22),
    (enquiries.small_talk, 10),
    (enquiries.off_role, 5),
    (enquiries.fail_once, 4),
    (enquiries.status, 9),
)
QUIZ: Enquiries = (
    (enquiries.ask_fact, 30),
    (enquiries.ask_passage, 15),
    (enquiries.ask_passage_again, 20),
    (enquiries.ask_unknown, 22),
)


def between(easy: Stage, hard: Stage, share: float) -> Stage:
    """A stage part of the way from easy to hard."""

    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    questions = easy.questions if share < 0.5 else hard.questions
    return Stage(
        mix(easy.wild, hard.wild),
        mix(easy.noise, hard.noise),
        mix(easy.crowd, hard.crowd),
        mix(easy.product_tools, hard.product_tools),
        mix(easy.wander, hard.wander),
        questions,
        mix(easy.goodbyes, hard.goodbyes),
        mix(easy.rehearsals, hard.rehearsals),
    )


def dialogue(seed: int, *, stage: Stage, held: bool = False) -> Dialogue:
    """The dialogue of a seed: the same for ever."""
    rng = random.Random(seed)
    scene = Scene(
        rng,
        held=held,
        wild=stage.wild * rng.choice((0.3, 1.0, 1.7)),
        noise=stage.noise * rng.choice((0.0, 1.0, 2.0)),
        crowd=stage.crowd,
        product_tools=stage.product_tools,
    )
    if rng.random() < 0.85:
        enquiries.greeting(scene)
    if stage.rehearsals and rng.random() < stage.rehearsals:
        rehearse(scene, wander=stage.wander)
    else:
        inquire_and_book(scene, stage)
    if _open(scene):
        close(scene, goodbyes=stage.goodbyes)
    return scene.dialogue()


def inquire_and_book(scene: Scene, stage: Stage) -> None:
    """Some questions, mostly a booking, and now and then a question more."""
    rng = scene.rng
    questions(scene, rng.randint(*stage.questions))
    if rng.random() < 0.65:
        made = bookings.book(scene, wander=stage.wander)
        if made and rng.random() < 0.25 and len(scene.messages) < 22:
            scene.hear("more")
            scene.say("how can i help?", act="chat")
        if rng.random() < 0.3 and _open(scene):
            questions(scene, 1)


def _open(scene: Scene) -> bool:
    return not any(message.act == "transfer" for message in scene.messages)


def questions(scene: Scene, count: int, *, among: Enquiries = ENQUIRIES) -> None:
    """Some enquiries in a row, none of which ends the call."""
    kinds, weights = zip(*among, strict=True)
    for _ in range(count):
        if not _open(scene):
            return
        kind = scene.rng.choices(kinds, weights)[0]
        kind(scene)


def rehearse(scene: Scene, *, wander: float) -> None:
    """What is learnt last, again and again in one call: finding what a question is about, or
    reading a wish back.

    Of a whole call's tokens nine in a hundred are answers and eleven read a booking back; the
    others are learnt long before.
    """
    if scene.rng.random() < 0.4:
        for _ in range(scene.rng.randint(2, 4)):
            bookings.rehearse(scene)
        bookings.book(scene, wander=wander)
    else:
        questions(scene, scene.rng.randint(6, 12), among=QUIZ)


def close(scene: Scene, *, goodbyes: float) -> None:
    """The end of the call: a goodbye, or a person."""
    beyond = (scene.rng.random() - goodbyes) / (1 - goodbyes)
    if beyond < 0:
        enquiries.goodbye(scene)
    elif beyond < 14 / 32:
        enquiries.ask_person(scene)
    elif beyond < 23 / 32:
        enquiries.emergency(scene)
    else:
        enquiries.fail_twice(scene)
