"""Whole dialogues: a plan of episodes under one prompt, as easy or as hard as is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from programs.frontdesk.dialogues import courtesies, enquiries, transfers
from programs.frontdesk.dialogues.bookings import episodes
from programs.frontdesk.dialogues.builder import DialogueBuilder
from programs.frontdesk.dialogues.difficulty import Difficulty
from programs.frontdesk.types import Dialogue

Enquiries = tuple[tuple[Callable[[DialogueBuilder], None], int], ...]
ENQUIRIES: Enquiries = (
    (enquiries.ask_fact, 30),
    (enquiries.ask_passage, 30),
    (enquiries.ask_unknown, 22),
    (courtesies.small_talk, 10),
    (courtesies.off_role, 5),
    (courtesies.fail_once, 4),
    (enquiries.ask_status, 9),
)
QUIZ: Enquiries = (
    (enquiries.ask_fact, 30),
    (enquiries.ask_passage, 15),
    (enquiries.ask_passage_again, 20),
    (enquiries.ask_unknown, 22),
)


def generate(seed: int, *, difficulty: Difficulty, held_out: bool = False) -> Dialogue:
    """The dialogue of a seed: the same for ever."""
    rng = random.Random(seed)
    varied = replace(
        difficulty,
        random_values=difficulty.random_values * rng.choice((0.3, 1.0, 1.7)),
        noise=difficulty.noise * rng.choice((0.0, 1.0, 2.0)),
    )
    builder = DialogueBuilder(rng, difficulty=varied, held_out=held_out)
    if rng.random() < 0.85:
        courtesies.greeting(builder)
    if difficulty.rehearsals and rng.random() < difficulty.rehearsals:
        rehearse(builder, digressions=difficulty.digressions)
    else:
        inquire_and_book(builder, difficulty)
    if _is_open(builder):
        close(builder, goodbyes=difficulty.goodbyes)
    return builder.dialogue()


def inquire_and_book(builder: DialogueBuilder, difficulty: Difficulty) -> None:
    """Some questions, mostly a booking, and now and then a question more."""
    rng = builder.rng
    ask_questions(builder, rng.randint(*difficulty.questions))
    if rng.random() < 0.65:
        made = episodes.book(builder, digressions=difficulty.digressions)
        if made and rng.random() < 0.25 and len(builder.messages) < 22:
            builder.caller_says("more")
            builder.agent_says("how can i help?", act="chat")
        if rng.random() < 0.3 and _is_open(builder):
            ask_questions(builder, 1)


def _is_open(builder: DialogueBuilder) -> bool:
    return not any(message.act == "transfer" for message in builder.messages)


def ask_questions(builder: DialogueBuilder, count: int, *, among: Enquiries = ENQUIRIES) -> None:
    """Some enquiries in a row, none of which ends the call."""
    kinds, weights = zip(*among, strict=True)
    for _ in range(count):
        if not _is_open(builder):
            return
        kind = builder.rng.choices(kinds, weights)[0]
        kind(builder)


def rehearse(builder: DialogueBuilder, *, digressions: float) -> None:
    """What is learnt last, many times in one call: finding an answer, or reading a booking back.

    Of a whole call's tokens nine in a hundred are answers and eleven read a booking back; the
    others are learnt long before.
    """
    if builder.rng.random() < 0.4:
        for _ in range(builder.rng.randint(2, 4)):
            episodes.rehearse(builder)
        episodes.book(builder, digressions=digressions)
    else:
        ask_questions(builder, builder.rng.randint(6, 12), among=QUIZ)


def close(builder: DialogueBuilder, *, goodbyes: float) -> None:
    """The end of the call: a goodbye, or a person."""
    beyond = (builder.rng.random() - goodbyes) / (1 - goodbyes)
    if beyond < 0:
        courtesies.goodbye(builder)
    elif beyond < 14 / 32:
        transfers.ask_person(builder)
    elif beyond < 23 / 32:
        transfers.emergency(builder)
    else:
        transfers.fail_twice(builder)
