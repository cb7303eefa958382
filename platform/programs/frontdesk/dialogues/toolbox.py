"""The tools that a call offers: the product's own, or variants, so that the schema must be read."""

from __future__ import annotations

from dataclasses import dataclass

from programs.frontdesk.dialogues.wording.lexicon import Lexicon
from programs.frontdesk.types import DialogueTool

BOOKING = {
    "homeservices": (
        "book_visit",
        "book a home visit",
        (("service", "thing"), ("day", "day"), ("time", "time"), ("name", "name")),
    ),
    "healthcare": (
        "book_appointment",
        "book an appointment",
        (("reason", "thing"), ("day", "day"), ("time", "time"), ("name", "name")),
    ),
    "realestate": (
        "book_viewing",
        "book a viewing",
        (("property", "thing"), ("day", "day"), ("time", "time"), ("name", "name")),
    ),
    "salon": (
        "book_service",
        "book a salon service",
        (("service", "thing"), ("day", "day"), ("time", "time"), ("name", "name")),
    ),
    "hospitality": (
        "reserve",
        "reserve a table",
        (("party_size", "thing"), ("day", "day"), ("time", "time"), ("name", "name")),
    ),
    "helpdesk": (
        "open_ticket",
        "open a support ticket",
        (("problem", "thing"), ("name", "name"), ("callback_number", "number")),
    ),
}
LOOKUP = {
    "homeservices": ("check_status", "look up a booking", "reference", ("name",)),
    "helpdesk": ("check_status", "look up a ticket", "reference", ()),
    "healthcare": ("check_availability", "free times on a day", "day", ()),
    "salon": ("check_availability", "free times on a day", "day", ()),
}
SYNONYMS = {
    "thing": [
        "service",
        "reason",
        "item",
        "job",
        "treatment",
        "purpose",
        "kind",
        "topic",
        "what",
        "property",
        "subject",
        "task",
    ],
    "day": ["day", "date", "weekday", "when", "on_day", "visit_day", "preferred_day"],
    "time": ["time", "hour", "at", "slot", "start", "start_time", "preferred_time"],
    "name": [
        "name",
        "caller",
        "customer",
        "full_name",
        "customer_name",
        "patient",
        "guest",
        "client",
        "who",
    ],
    "number": ["callback_number", "phone", "number", "phone_number", "contact", "mobile"],
    "address": ["address", "location", "street", "where", "place"],
}
VERBS = [
    "book",
    "schedule",
    "reserve",
    "create",
    "add",
    "make",
    "request",
    "place",
    "set",
    "new",
    "register",
    "open",
]
OBJECTS = [
    "visit",
    "appointment",
    "service",
    "viewing",
    "booking",
    "slot",
    "order",
    "ticket",
    "session",
    "meeting",
    "job",
    "request",
    "case",
]


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools of one call; `slots` pairs the booking tool's arguments with what they mean."""

    booking: DialogueTool
    slots: tuple[tuple[str, str], ...]
    optional: tuple[tuple[str, str], ...]
    lookup: DialogueTool | None
    transfer: DialogueTool

    @property
    def tools(self) -> tuple[DialogueTool, ...]:
        """All of them, in the order in which the product sends them."""
        return (self.booking, *([self.lookup] if self.lookup else []), self.transfer)


def product_toolbox(vertical: str) -> Toolbox:
    """Exactly the tools that the product offers in a vertical."""
    name, description, slots = BOOKING[vertical]
    optional = (("address", "address"),) if vertical == "homeservices" else ()
    lookup = None
    if vertical in LOOKUP:
        look_name, look_text, argument, more = LOOKUP[vertical]
        lookup = DialogueTool(look_name, look_text, (argument,), more)
    booking = DialogueTool(
        name, description, tuple(a for a, _ in slots), tuple(a for a, _ in optional)
    )
    return Toolbox(
        booking,
        slots,
        optional,
        lookup,
        DialogueTool("transfer_to_person", "hand the call to a person", ("reason",)),
    )


def varied_toolbox(vertical: str, *, lexicon: Lexicon) -> Toolbox:
    """Tools of the same kinds under other names."""
    rng, own = lexicon.rng, product_toolbox(vertical)
    slots = tuple(
        (rng.choice(SYNONYMS[slot]) if rng.random() < 0.7 else argument, slot)
        for argument, slot in own.slots
    )
    optional = own.optional
    if rng.random() < 0.35 and not any(slot == "number" for _, slot in slots):
        extra = (rng.choice(SYNONYMS["number"]), "number")
        slots = (*slots, extra)
    if rng.random() < 0.2 and not optional:
        slots = (*slots, (rng.choice(SYNONYMS["address"]), "address"))
    if len({argument for argument, _ in (*slots, *optional)}) < len(slots) + len(optional):
        slots, optional = own.slots, own.optional
    head = rng.choice((rng.choice(VERBS), lexicon.made_up(), rng.choice(VERBS)))
    name = f"{head}_{rng.choice((rng.choice(OBJECTS), lexicon.plain(1, 1)))}"
    booking = DialogueTool(
        name, name.replace("_", " "), tuple(a for a, _ in slots), tuple(a for a, _ in optional)
    )
    transfer = own.transfer
    if rng.random() < 0.3:
        transfer = DialogueTool(
            rng.choice(("hand_over", "transfer_call", "connect_person", "transfer")),
            transfer.description,
            ("reason",),
        )
    return Toolbox(booking, slots, optional, own.lookup, transfer)
