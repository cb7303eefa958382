"""The tools that a call may offer:
the product's own and random variants, so that the schema has to be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from programs.frontdesk.dialogues.lexicon import Lexicon
from programs.frontdesk.types import Tool

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
    "homeservices": ("check_status", "look up a booking", "reference"),
    "helpdesk": ("check_status", "look up a ticket", "reference"),
    "healthcare": ("check_availability", "free times on a day", "day"),
    "salon": ("check_availability", "free times on a day", "day"),
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
    """The tools of one call; `roles` maps the booking tool's arguments to what they mean."""

    booking: Tool
    roles: tuple[tuple[str, str], ...]
    optional: tuple[tuple[str, str], ...]
    lookup: Tool | None
    transfer: Tool

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All of them, in the order in which the product sends them."""
        return (self.booking, *([self.lookup] if self.lookup else []), self.transfer)


def product_toolbox(vertical: str) -> Toolbox:
    """Exactly the tools that the product offers in a vertical."""
    name, description, roles = BOOKING[vertical]
    optional = (("address", "address"),) if vertical == "homeservices" else ()
    lookup = None
    if vertical in LOOKUP:
        look_name, look_text, argument = LOOKUP[vertical]
        lookup = Tool(look_name, look_text, (argument,))
    booking = Tool(name, description, tuple(a for a, _ in roles), tuple(a for a, _ in optional))
    return Toolbox(
        booking,
        roles,
        optional,
        lookup,
        Tool("transfer_to_person", "hand the call to a person", ("reason",)),
    )


def varied_toolbox(vertical: str, *, lex: Lexicon) -> Toolbox:
    """Tools of the same kinds under other names."""
    rng, own = lex.rng, product_toolbox(vertical)
    roles = tuple(
        (rng.choice(SYNONYMS[role]) if rng.random() < 0.7 else argument, role)
        for argument, role in own.roles
    )
    optional = own.optional
    if rng.random() < 0.35 and not any(role == "number" for _, role in roles):
        extra = (rng.choice(SYNONYMS["number"]), "number")
        roles = (*roles, extra)
    if rng.random() < 0.2 and not optional:
        roles = (*roles, (rng.choice(SYNONYMS["address"]), "address"))
    if len({argument for argument, _ in (*roles, *optional)}) < len(roles) + len(optional):
        roles, optional = own.roles, own.optional
    head = rng.choice((rng.choice(VERBS), lex.made_up(), rng.choice(VERBS)))
    name = f"{head}_{rng.choice((rng.choice(OBJECTS), lex.plain(1, 1)))}"
    booking = Tool(
        name, name.replace("_", " "), tuple(a for a, _ in roles), tuple(a for a, _ in optional)
    )
    transfer = own.transfer
    if rng.random() < 0.3:
        transfer = Tool(
            rng.choice(("hand_over", "transfer_call", "connect_person", "transfer")),
            transfer.description,
            ("reason",),
        )
    return Toolbox(booking, roles, optional, own.lookup, transfer)
