"""A simulated caller who knows what to book, answers questions, and corrects what was misheard."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from programs.frontdesk.dialogues import courtesies
from programs.frontdesk.dialogues.bookings import state, turns, wordings
from programs.frontdesk.dialogues.bookings.state import BookingDialogue
from programs.frontdesk.dialogues.builder import DialogueBuilder
from programs.frontdesk.dialogues.difficulty import FULL
from programs.frontdesk.evaluation.scoring import ModelAnswer, plain
from programs.frontdesk.types import Dialogue

Model = Callable[[Dialogue], ModelAnswer]
MAX_TURNS = 12
QUESTIONS = {
    **{text: slot for slot, text in state.ASK.items()},
    **dict.fromkeys(state.ASK_THING.values(), "thing"),
}


def opened(seed: int) -> BookingDialogue:
    """The booking that the caller of a seed wants, after the first words.

    The business is held out and has the product's own tools.
    """
    difficulty = replace(FULL, product_tools=1.0)
    builder = DialogueBuilder(random.Random(seed), difficulty=difficulty, held_out=True)
    courtesies.greeting(builder)
    booking = BookingDialogue(builder)
    turns.open_booking(booking, [slot for slot in booking.slots if builder.rng.random() < 0.5])
    return booking


def books(seed: int, model: Model) -> bool:
    """Whether the model books exactly what the caller of a seed wants, within twelve turns."""
    return completes(opened(seed), model)


def completes(booking: BookingDialogue, model: Model) -> bool:
    """Whether the model completes an opened booking exactly as its caller wants it."""
    builder, tool = booking.builder, booking.toolbox.booking
    wanted = [(argument, booking.wanted[slot]) for argument, slot in booking.toolbox.slots]
    for _ in range(MAX_TURNS):
        reply = model(builder.dialogue())
        if reply.call is not None:
            return reply.call.name == tool.name and list(reply.call.arguments) == wanted
        builder.agent_says(reply.text, act="said", target=False)
        answer(booking, plain(reply.text))
    return False


def answer(booking: BookingDialogue, agent_text: str) -> None:
    """The caller's next turn after what the agent said."""
    builder = booking.builder
    slot = _asked_slot(agent_text)
    if slot is not None and slot in booking.wanted:
        bank = f"give_{slot}"
        if slot == "thing" and builder.vertical == "helpdesk":
            bank = "book_helpdesk"
        words = builder.words(builder.choose(bank), **{slot: booking.wanted[slot]})
        builder.caller_says_words(words)
    elif agent_text.endswith(("shall i book it", "shall i open a ticket")):
        misheard = [value for value in booking.wanted.values() if plain(value) not in agent_text]
        if misheard:
            builder.caller_says("change", v=misheard[0])
        else:
            builder.caller_says("yes")
    else:
        wish = wordings.wish(booking, with_thing=True)
        builder.add_transcript(" ".join(word for word, _ in wish))


def _asked_slot(agent_text: str) -> str | None:
    for question, slot in QUESTIONS.items():
        if agent_text.endswith(plain(question)):
            return slot
    return None
