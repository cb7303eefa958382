"""Sentences that callers say to a receptionist, drawn from templates by a seeded generator."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

_FOLDER = Path(__file__).parent
_INNERMOST_CHOICE = re.compile(r"\[([^\[\]]*)\]")
RANKS_ALIKE = 8
_SLOT = re.compile(r"\{(\w+)\}")

# How a tenant's own phrases (services, people, streets) come up in a call.
_PHRASE_TEMPLATES = (
    "{phrase}",
    "the {phrase}",
    "[i would like to|can i|i want to] book [a|an|the|] {phrase} [on|for|] {slot}",
    "i would like to book a {phrase} on {day} at {hour} my name is {name}",
    "how much [is|does] [a|the|] {phrase} [cost|]",
    "[do you|can you] [have|offer|do|take|charge for] {phrase}",
    "[is|what is|where is|who is|when is] [the|a|] {phrase}",
    "[i have a question about|i am calling about|it is for] [the|a|] {phrase}",
    "with {phrase} on {slot}",
)


class TemplateError(ValueError):
    """A template names a slot that does not exist, or a line of the files cannot be read."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot may hold; `likeliness`, where values differ in it, is cumulative."""

    values: tuple[str, ...]
    likeliness: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """Templates with their weights, and what their slots may hold."""

    templates: tuple[str, ...]
    weights: tuple[float, ...]
    slots: dict[str, "Slot"]

    def sentence(self, draw: random.Random) -> str:
        """One sentence: lower case, no punctuation, single spaces."""
        return self.filled(draw.choices(self.templates, self.weights)[0], draw)

    def filled(self, template: str, draw: random.Random) -> str:
        """A template with every choice made and every slot filled;
        TemplateError for an unknown slot.
        """
        text = template
        while "[" in text or "{" in text:
            text = _INNERMOST_CHOICE.sub(lambda found: draw.choice(found[1].split("|")), text)
            text = _SLOT.sub(lambda found: self._one_of(found[1], draw), text)
        return " ".join(text.split())

    def _one_of(self, slot: str, draw: random.Random) -> str:
        try:
            values, likeliness = self.slots[slot].values, self.slots[slot].likeliness
        except KeyError:
            raise TemplateError(f"slot {slot!r} is not in slots.txt") from None
        return (
            draw.choices(values, cum_weights=likeliness)[0] if likeliness else draw.choice(values)
        )


@cache
def receptionist() -> Grammar:
    """The grammar of the project's own templates, for all six verticals."""
    templates: list[str] = []
    weights: list[float] = []
    weight = 1.0
    for line in _lines("receptionist.txt"):
        if line.startswith("="):
            weight = float(line[1:])
            continue
        templates.append(line)
        weights.append(weight)
    return Grammar(tuple(templates), tuple(weights), _slots())


def receptionist_sentences(count: int, *, seed: int) -> Iterator[str]:
    """`count` sentences of the domain; the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311  reproducible text, not a secret
    grammar = receptionist()
    return (grammar.sentence(draw) for _ in range(count))


def phrase_sentences(phrases: Sequence[str], *, copies: int, seed: int) -> Iterator[str]:
    """Each phrase `copies` times in each of the sentences in which callers use such words."""
    draw = random.Random(seed)  # noqa: S311  reproducible text, not a secret
    grammar = receptionist()
    for phrase in phrases:
        for template in _PHRASE_TEMPLATES * copies:
            yield grammar.filled(template.replace("{phrase}", phrase), draw)


def _slots() -> dict[str, Slot]:
    slots: dict[str, Slot] = {}
    for line in _lines("slots.txt"):
        name, colon, listed = line.partition(":")
        if not colon:
            raise TemplateError(f"expected 'name: value | value' in slots.txt, got {line[:60]!r}")
        values = tuple(value.strip() for value in listed.split("|"))
        ranked = name.endswith("~")
        slots[name.rstrip("~ ")] = Slot(values, _by_rank(len(values)) if ranked else None)
    return slots


def _by_rank(count: int) -> tuple[float, ...]:
    """Zipf's law, flattened: the first of 200 names is some twenty-five times as frequent as the
    last.
    """
    return tuple(accumulate(1 / (rank + RANKS_ALIKE) for rank in range(count)))


def _lines(file: str) -> Iterator[str]:
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
