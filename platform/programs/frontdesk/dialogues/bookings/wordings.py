"""The caller's words for a booking's wish and slots, as (word, may be misheard) pieces."""

from __future__ import annotations

from programs.frontdesk.dialogues.bookings.state import BookingDialogue
from programs.frontdesk.dialogues.builder import Words

OWN_BANKS = ("realestate", "hospitality", "helpdesk")
DAY_AND_TIME = ("on {day} at {time}", "{day} at {time}", "at {time} on {day}", "{time} on {day}")


def wish(booking: BookingDialogue, *, with_thing: bool) -> Words:
    """The words that say what is wanted."""
    builder = booking.builder
    bank = "book_vague" if builder.vertical != "helpdesk" else "vague_helpdesk"
    if with_thing:
        bank = f"book_{builder.vertical}" if builder.vertical in OWN_BANKS else "book"
    return builder.words(builder.choose(bank), thing=booking.wanted["thing"])


def opening(booking: BookingDialogue, slots: list[str]) -> Words:
    """The words of an opening that fills `slots`, in any order."""
    builder, rng = booking.builder, booking.builder.rng
    parts = [added(booking, slot) for slot in slots if slot != "thing"]
    rng.shuffle(parts)
    if "day" in slots and "time" in slots and rng.random() < 0.6:
        day, time = booking.wanted["day"], booking.wanted["time"]
        joined = builder.words(rng.choice(DAY_AND_TIME), day=day, time=time)
        others = [slot for slot in slots if slot not in ("thing", "day", "time")]
        parts = [joined] + [added(booking, slot) for slot in others]
        rng.shuffle(parts)
    core = wish(booking, with_thing="thing" in slots)
    before = rng.randint(0, len(parts)) if rng.random() < 0.25 else 0
    parts.insert(before, core)
    if rng.random() < 0.15:
        parts.append(builder.words(builder.choose("trail")))
    return [word for part in parts for word in part]


def added(booking: BookingDialogue, slot: str) -> Words:
    """The words that add one slot to another sentence."""
    builder, value = booking.builder, booking.wanted[slot]
    if slot in ("day", "time") and builder.rng.random() < 0.06:
        preposition, slip = "on" if slot == "day" else "at", booking.draw(slot)
        return builder.words(f"{preposition} {{w}} no sorry {{v}}", w=slip, v=value)
    return builder.words(builder.choose(f"tail_{slot}"), **{slot: value}) + spelled(booking, slot)


def spelled(booking: BookingDialogue, slot: str) -> Words:
    """Now and then the letters of a name that was just said."""
    if slot != "name" or booking.builder.rng.random() > 0.05:
        return []
    return booking.builder.words(f"that's {' '.join(booking.wanted['name'].split()[-1])}")


def answer(booking: BookingDialogue, slot: str) -> Words:
    """The words that answer the question for a slot."""
    builder = booking.builder
    words = builder.words(builder.choose(f"give_{slot}"), **{slot: booking.wanted[slot]})
    words += spelled(booking, slot)
    if slot == "thing" and builder.vertical == "helpdesk":
        return builder.words(builder.choose("book_helpdesk"), thing=booking.wanted["thing"])
    return words
