"""From a booking's confirmation to what comes of it: dropped, booked, refused, asked back."""

from __future__ import annotations

from programs.frontdesk.dialogues import enquiries, transfers
from programs.frontdesk.dialogues.bookings.state import BookingDialogue
from programs.frontdesk.dialogues.bookings.turns import ask, change

ASKED_BACK = {
    "thing": ("what should we come for?", "what is it for?", "which one do you mean?"),
    "day": ("which day do you mean?", "what day was that?"),
    "time": (
        "at what time?",
        "is that in the morning or in the afternoon?",
        "which time do you mean?",
    ),
    "name": ("what name is it under?", "could you say the name again?"),
    "address": ("what is the address?",),
}


def settle(booking: BookingDialogue, *, digressions: float) -> bool:
    """From the confirmation to the result; False when it was dropped or handed to a person."""
    builder, rng = booking.builder, booking.builder.rng
    while rng.random() < digressions:
        if rng.random() < 0.7:
            change(booking)
        else:
            enquiries.ask_fact(builder, then=" " + booking.question())
    if rng.random() < digressions * 0.3:
        drop(booking)
        return False
    builder.caller_says("yes")
    return commit(booking, digressions=digressions)


def drop(booking: BookingDialogue) -> None:
    """The caller takes the wish back."""
    booking.builder.caller_says("cancel")
    booking.builder.agent_says("no problem. is there anything else i can help with?", act="chat")


def commit(booking: BookingDialogue, *, digressions: float) -> bool:
    """The tool call and what comes of it; False when it ends with a person."""
    _call_tool(booking)
    roll = booking.builder.rng.random()
    if roll < digressions * 0.45 and "day" in booking.heard:
        return refuse(booking)
    if roll < digressions * 0.75:
        return ask_back(booking)
    if roll < digressions and not retry(booking):
        return False
    succeed(booking)
    return True


def _call_tool(booking: BookingDialogue) -> None:
    booking.builder.agent_calls(booking.toolbox.booking.name, booking.arguments(), act="book")


def retry(booking: BookingDialogue) -> bool:
    """The tool fails once, or twice and the call goes to a person: False."""
    builder = booking.builder
    builder.tool_returns(status="error")
    builder.agent_says("i am sorry, that did not go through. shall i try again?", act="result")
    builder.caller_says("yes")
    _call_tool(booking)
    if builder.rng.random() < 0.5:
        builder.tool_returns(status="error")
        transfers.transfer(builder, reason="could not help")
        return False
    return True


def succeed(booking: BookingDialogue) -> None:
    """The tool books, and the agent reads the reference to the caller."""
    builder = booking.builder
    reference = builder.lexicon.reference()
    if builder.vertical == "helpdesk":
        status, done = "opened", "your ticket is open"
    else:
        day, time = booking.heard["day"], booking.heard["time"]
        status, done = "booked", f"you are booked for {day} at {time}"
    builder.tool_returns(status=status, reference=reference)
    builder.agent_says(
        f"{done}. your reference is {reference}. anything else?", act="booked", fact=reference
    )


def ask_back(booking: BookingDialogue) -> bool:
    """The tool could not read a value and asks: the caller says another."""
    builder, rng = booking.builder, booking.builder.rng
    slot = rng.choice([slot for slot in booking.slots if slot != "number"])
    is_known = rng.random() < 0.7
    question = rng.choice(ASKED_BACK[slot]) if is_known else f"{builder.lexicon.plain(2, 5)}?"
    builder.tool_returns(status="error", ask=question)
    builder.agent_says(f"sorry, {question}", act="result", fact=question)
    value = booking.draw(slot)
    booking.replace(slot, value)
    builder.caller_says(f"give_{slot}", **{slot: value, "a": ""})
    return _confirm_and_commit(booking)


def refuse(booking: BookingDialogue) -> bool:
    """The time is taken, or the whole day: the caller picks another."""
    builder, rng = booking.builder, booking.builder.rng
    day, time = booking.heard["day"], booking.heard["time"]
    if rng.random() < 0.75:
        free = builder.lexicon.free_times()
        builder.tool_returns(status="unavailable", free=free)
        builder.agent_says(
            f"i am sorry, {day} at {time} is not free. we have {free}. which would you like?",
            act="result",
            fact=free,
        )
        slot, value = "time", rng.choice(free.split(", "))
    else:
        builder.tool_returns(status="unavailable", free="")
        builder.agent_says(
            f"i am sorry, {day} is full. what other day would suit you?", act="result"
        )
        slot, value = "day", booking.draw("day")
    booking.replace(slot, value)
    builder.caller_says(f"give_{slot}", **{slot: value})
    return _confirm_and_commit(booking)


def _confirm_and_commit(booking: BookingDialogue) -> bool:
    ask(booking)
    booking.builder.caller_says("yes")
    return commit(booking, digressions=0.0)
