"""The dialogue state of one booking, and the agent's questions and confirmations from it."""

from __future__ import annotations

from collections.abc import Iterable

from programs.frontdesk.dialogues.builder import DialogueBuilder

ASK = {
    "day": "what day would suit you?",
    "time": "what time would suit you?",
    "name": "may i have your name?",
    "number": "what number can we reach you on?",
    "address": "what is the address?",
}
ASK_THING = {
    "homeservices": "which service do you need?",
    "healthcare": "what is the visit for?",
    "realestate": "which property would you like to see?",
    "salon": "which service would you like?",
    "hospitality": "for how many people?",
    "helpdesk": "what is the problem?",
}


class BookingDialogue:
    """What a caller wants booked, slot by slot, and what the agent has heard of it."""

    def __init__(self, builder: DialogueBuilder) -> None:
        self.builder, self.toolbox = builder, builder.toolbox
        self.slots = [slot for _, slot in self.toolbox.slots]
        self.wanted = {slot: self.draw(slot) for slot in self.slots}
        self.heard: dict[str, str] = {}
        self.heard_optional: dict[str, str] = {}

    def draw(self, slot: str) -> str:
        """A random value for a slot."""
        lexicon = self.builder.lexicon
        match slot:
            case "thing":
                return lexicon.thing(self.builder.vertical)
            case "number":
                return lexicon.digits(5, 10)
            case _:
                return str(getattr(lexicon, slot)())

    @property
    def missing(self) -> str | None:
        """The first slot not heard yet."""
        return next((slot for slot in self.slots if slot not in self.heard), None)

    def question(self) -> str:
        """What the agent says next: the next question, or the confirmation."""
        slot = self.missing
        if slot is None:
            return self.confirmation()
        return ASK_THING[self.builder.vertical] if slot == "thing" else ASK[slot]

    def confirmation(self) -> str:
        """The whole booking read back."""
        values, vertical = {**self.heard, **self.heard_optional}, self.builder.vertical
        text = f"so that is {'a table for ' if vertical == 'hospitality' else ''}{values['thing']}"
        if "day" in values:
            text += f", {values['day']} at {values['time']}"
        text += f", for {values['name']}"
        text += f" at {values['address']}" if "address" in values else ""
        text += f" on {values['number']}" if "number" in values else ""
        return f"{text}. shall i {'open a ticket' if vertical == 'helpdesk' else 'book it'}?"

    def arguments(self) -> list[tuple[str, str]]:
        """The tool call's arguments in the schema's order."""
        required = [(argument, self.heard[slot]) for argument, slot in self.toolbox.slots]
        return required + [
            (argument, self.heard_optional[slot])
            for argument, slot in self.toolbox.optional
            if slot in self.heard_optional
        ]

    def hear(self, slots: Iterable[str]) -> None:
        """Fill slots with what the caller wants."""
        for slot in slots:
            self.heard[slot] = self.wanted[slot]

    def replace(self, slot: str, value: str) -> None:
        """Let the caller want, and the agent have heard, another value."""
        self.wanted[slot] = self.heard[slot] = value
