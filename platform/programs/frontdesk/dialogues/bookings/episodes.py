"""Whole bookings, made or rehearsed."""

from __future__ import annotations

from programs.frontdesk.dialogues.bookings import outcomes, turns
from programs.frontdesk.dialogues.bookings.state import ASK, BookingDialogue
from programs.frontdesk.dialogues.builder import DialogueBuilder
from programs.frontdesk.types import DialogueTool


def book(builder: DialogueBuilder, *, digressions: float) -> bool:
    """A whole booking; True when it was made."""
    booking, rng = BookingDialogue(builder), builder.rng
    lookup = builder.toolbox.lookup
    if lookup is not None and lookup.required == ("day",) and rng.random() < 0.3:
        ask_for_free_times(booking, lookup)
    else:
        given = [slot for slot in booking.slots if rng.random() < rng.choice((0.15, 0.5, 0.9))]
        if rng.random() < 0.3:
            given = list(booking.slots)
        turns.open_booking(booking, given)
    turns.ask(booking)
    turns.fill(booking, digressions=digressions)
    return outcomes.settle(booking, digressions=digressions)


def rehearse(builder: DialogueBuilder) -> None:
    """A booking that is read back, perhaps changed and read back again, and dropped."""
    booking, rng = BookingDialogue(builder), builder.rng
    turns.open_booking(booking, [slot for slot in booking.slots if rng.random() < 0.8])
    turns.ask(booking)
    turns.fill(booking, digressions=0.0)
    while rng.random() < 0.4:
        turns.change(booking)
    outcomes.drop(booking)


def ask_for_free_times(booking: BookingDialogue, lookup: DialogueTool) -> None:
    """The caller asks when there is time on a day, and takes a time that the tool offers."""
    builder, rng, wanted = booking.builder, booking.builder.rng, booking.wanted
    if rng.random() < 0.7:
        builder.caller_says("times_on", day=wanted["day"])
    else:
        builder.caller_says("times")
        builder.agent_says(ASK["day"], act="ask")
        builder.caller_says("give_day", day=wanted["day"])
    if rng.random() < 0.12:
        _look_up(booking, lookup, free="")
        builder.agent_says(
            f"i am sorry, {wanted['day']} is full. what other day would suit you?", act="result"
        )
        wanted["day"] = booking.draw("day")
        builder.caller_says("give_day", day=wanted["day"])
    free = builder.lexicon.free_times()
    _look_up(booking, lookup, free=free)
    builder.agent_says(
        f"for {wanted['day']} we have {free}. which would you like?", act="result", fact=free
    )
    wanted["time"] = rng.choice(free.split(", "))
    booking.hear(["day", "time"])
    builder.caller_says("give_time", time=wanted["time"])


def _look_up(booking: BookingDialogue, lookup: DialogueTool, *, free: str) -> None:
    arguments = [(lookup.required[0], booking.wanted["day"])]
    booking.builder.agent_calls(lookup.name, arguments, act="lookup")
    booking.builder.tool_returns(status="ok", free=free)
