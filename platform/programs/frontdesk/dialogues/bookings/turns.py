"""The turns in which a booking's slots are asked for, given, misheard and changed."""

from __future__ import annotations

from programs.frontdesk.dialogues import enquiries
from programs.frontdesk.dialogues.bookings import wordings
from programs.frontdesk.dialogues.bookings.state import BookingDialogue
from programs.frontdesk.dialogues.courtesies import UNCLEAR

MISHEARD = 0.15  # the share of training's confirmations that read something back wrongly


def open_booking(booking: BookingDialogue, slots: list[str]) -> None:
    """The caller's first words, which fill `slots`."""
    words = wordings.opening(booking, slots)
    booking.hear(slots)
    booking.builder.caller_says_words(words)


def ask(booking: BookingDialogue) -> None:
    """The agent's next question, or the confirmation."""
    if booking.missing is None and not booking.builder.held_out:
        mishear(booking)
    act = "confirm" if booking.missing is None else "ask"
    booking.builder.agent_says(booking.question(), act=act)


def mishear(booking: BookingDialogue) -> None:
    """Now and then the agent reads something back wrongly and the caller says it again.

    The mistake is not learnt; what is learnt is to believe the caller and not one's own last
    words. Callers of the evaluation correct the model's own mistakes, and nine corrections in a
    row did not help before.
    """
    builder, rng = booking.builder, booking.builder.rng
    while rng.random() < MISHEARD:
        slot = rng.choice(list(booking.heard))
        right = booking.heard[slot]
        turns = [message.text for message in builder.messages if message.role == "user"]
        misheard = rng.choice(turns).split()
        first = rng.randrange(len(misheard))
        if rng.random() < 0.5:
            booking.heard[slot] = booking.draw(slot)
        else:
            booking.heard[slot] = " ".join(misheard[first : first + 2])
        builder.agent_says(booking.confirmation(), act="confirm", target=False)
        booking.heard[slot] = right
        builder.caller_says("change", v=right)


def give(booking: BookingDialogue, slot: str) -> None:
    """The caller answers a question, sometimes with more than was asked."""
    builder, rng = booking.builder, booking.builder.rng
    words, given = wordings.answer(booking, slot), [slot]
    for other in booking.slots:
        if other not in booking.heard and other not in (slot, "thing") and rng.random() < 0.2:
            words += wordings.added(booking, other)
            given.append(other)
    takes_address = any(optional == "address" for _, optional in booking.toolbox.optional)
    if takes_address and slot == "name" and rng.random() < 0.1:
        booking.wanted["address"] = booking.heard_optional["address"] = booking.draw("address")
        words += wordings.added(booking, "address")
    booking.hear(given)
    builder.caller_says_words(words)


def fill(booking: BookingDialogue, *, digressions: float) -> None:
    """Question by question until every slot is heard, with digressions."""
    builder, rng = booking.builder, booking.builder.rng
    while (slot := booking.missing) is not None:
        roll = rng.random()
        if roll < digressions * 0.55:
            then = " " + booking.question()
            rng.choice((enquiries.ask_fact, enquiries.ask_passage))(builder, then=then)
            continue
        if roll < digressions * 0.75:
            builder.caller_says("gibberish")
            builder.agent_says(UNCLEAR, act="unclear")
        elif roll < digressions and booking.heard:
            change(booking)
            continue
        give(booking, slot)
        ask(booking)


def change(booking: BookingDialogue) -> None:
    """The caller takes back something that was given; the agent goes on with the new value."""
    changeable = [slot for slot in ("day", "time", "name") if slot in booking.heard]
    if changeable:
        slot = booking.builder.rng.choice(changeable)
        value = booking.draw(slot)
        booking.replace(slot, value)
        booking.builder.caller_says("change", v=value)
    else:
        give(booking, booking.missing or "name")
    ask(booking)
