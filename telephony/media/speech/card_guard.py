"""Keeps payment cards' numbers from what is stored of a call, over several turns too. Pure.

A number that is said turn by turn is known for one at its end only. So a turn that may be the
beginning of one is `open`: what is stored of it has no digits until the next turn decides.
"""

from dataclasses import dataclass
from typing import Final

from verticals.spoken.card_numbers import (
    LENGTHS,
    MASKED,
    DigitRun,
    Digits,
    card_in,
    digit_runs,
    masked,
    mentions_card,
    replaced,
)

OPEN: Final = "[digits]"
# As cards are read out, and telephone numbers are not; the first four digits alone name no card.
_GROUPS: Final = frozenset({8, 12})
_BEGINNINGS: Final = frozenset("3456")
_CARD_SPOKEN_OF: Final = 4  # turns after a card was mentioned
_MARGIN_MS: Final = 600.0  # speech begins before it is noticed, and a stall delays that


@dataclass(frozen=True, slots=True)
class Said:
    """One turn's words: as they may be stored, and what of them may go on in the next turn."""

    text: str
    raw: str
    is_card: bool = False
    open_part: tuple[Digits, ...] = ()
    goes_on: bool = False  # with the digits of the turns before it


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when, in the call's milliseconds."""

    from_ms: float
    until_ms: float


class CardGuard:
    """One speaker's turns. `hear` looks at a text, as often as there is one; `take` commits it."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._heard = Said("", "")
        self._open: list[tuple[Said, Stretch]] = []
        self._replaced: dict[str, str] = {}
        self._card_turns = 0  # so many more turns a card is what is spoken of

    @property
    def is_open(self) -> bool:
        """The last turns may be the beginning of a card's number."""
        digits = "".join(part.digits for said, _ in self._open for part in said.open_part)
        if not digits or digits[0] not in _BEGINNINGS:
            return False
        return len(digits) in _GROUPS or (self._card_turns > 0 and 4 <= len(digits) < LENGTHS[-1])

    @property
    def hears_card(self) -> bool:
        """The turn that is not over has a card's number in it."""
        return self._heard.is_card

    def mention(self, text: str) -> None:
        """Somebody else said this, such as "what is the number of your card?"."""
        if mentions_card(text):
            self._card_turns = _CARD_SPOKEN_OF

    def hear(self, text: str) -> str:
        """The turn's words so far, with every card's number in them masked."""
        self._heard = self._looked_at(text)
        return self._heard.text

    def take(self, *, began_ms: float, ended_ms: float) -> tuple[Stretch, ...]:
        """The turn is over; the stretches of it, and of those before it, that had a card's number.

        Afterwards `stored` masks what those turns had of it.
        """
        said, self._heard = self._heard, Said("", "")
        stretch = Stretch(began_ms - _MARGIN_MS, ended_ms + _MARGIN_MS)
        self._card_turns = _CARD_SPOKEN_OF if mentions_card(said.raw) else self._card_turns - 1
        before = self._open if said.goes_on else []
        if said.is_card:
            for earlier, _ in before:
                self._replaced[earlier.raw] = replaced(earlier.raw, [earlier.open_part])
            self._open = []
            return (*(earlier for _, earlier in before), stretch)
        self._open = [*before, (said, stretch)] if said.open_part else []
        return ()

    def stored(self, text: str) -> str:
        """A text as it may be stored now: turns that were said stand in it as they were heard."""
        text = self.known(text)
        if self.is_open:
            for said, _ in self._open:
                text = text.replace(said.raw, replaced(said.raw, [said.open_part], by=OPEN))
        return text

    def settled(self, text: str) -> str:
        """As `stored`, when nothing more is waited for.

        Digits that might have been the beginning of a card's number are kept if no card was spoken
        of.
        """
        return self.stored(text) if self._card_turns > 0 else self.known(text)

    def known(self, text: str) -> str:
        """A text without what is known to be a card's number by now."""
        for raw, instead in self._replaced.items():
            text = text.replace(raw, instead)
        return text

    def _looked_at(self, text: str) -> Said:
        runs = digit_runs(text, language=self._language)
        spoken_of = self._card_turns > 0 or mentions_card(text)
        if self._open and runs and _begins(text, runs[0]):
            earlier = [part for said, _ in self._open for part in said.open_part]
            card = card_in([*earlier, *runs[0].parts], spoken_of=spoken_of)
            if card is not None and len(card) > len(runs[0].parts):
                rest = text[: runs[0].parts[0].start] + MASKED + text[runs[0].parts[-1].end :]
                return Said(masked(rest, language=self._language), text, True, goes_on=True)
        spans = [card for run in runs if (card := card_in(run.parts, spoken_of=spoken_of))]
        if spans:
            return Said(replaced(text, spans), text, True)
        if not runs or not _ends(text, runs[-1]):
            return Said(text, text)
        goes_on = bool(self._open) and len(runs) == 1 and _begins(text, runs[0])
        return Said(text, text, open_part=runs[-1].parts, goes_on=goes_on)


def _begins(text: str, run: DigitRun) -> bool:
    """Whether next to nothing is said before the digits."""
    return len(text[: run.parts[0].start].split()) <= 3


def _ends(text: str, run: DigitRun) -> bool:
    """Whether the digits are the last of what is said."""
    return len(text[run.parts[-1].end :].split()) <= 2
