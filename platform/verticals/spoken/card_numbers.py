"""Payment cards' numbers in what people say: found by length and check digit, and masked. Pure.

As ears write them: "4111 1111 1111 1111", "four one one one …", "forty-one eleven", "double four",
in the agent's language or in English.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from num2words import num2words

MASKED: Final = "[card number]"
LENGTHS: Final = range(13, 20)  # ISO/IEC 7812-1, and what is in use
_LANGUAGES: Final = frozenset({"en", "es", "fr", "de"})
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
# What stands between two digits of one number; other signs, as in "$4", "4:30" and "+44", end it.
_BETWEEN: Final = re.compile(r"[\s.,;!?…'\"()*#/–—-]*")
_SAID_BETWEEN: Final = (
    "uh um er ah eh euh äh and then dash space hyphen comma okay ok yes yeah y et und"
)
_FILLERS: Final = frozenset(_SAID_BETWEEN.split())
_MOST_FILLERS: Final = 3
_REPEATS: Final = {
    "double": 2, "triple": 3, "treble": 3, "doble": 2, "doppel": 2, "dreifach": 3,
}  # fmt: skip
_ZEROS: Final = {"oh": "0", "o": "0", "nought": "0", "null": "0"}
_SOUNDS_LIKE: Final = {"to": "2", "too": "2", "for": "4", "ate": "8", "won": "1"}
# With one of these words near, a number of that length is a card's even if a digit was misheard.
_CARD_WORDS: Final = re.compile(
    r"\b(?:cards?|credit|debit|visa|master\s?card|amex|american express|discover|maestro"
    r"|tarjeta|crédito|débito|carte|bancaire|karten?nummer|kredit\w*|ec-karte)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 4  # of a number below a hundred: "quatre-vingt dix neuf"


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits that one word or figure stands for, and where it stands in the text."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits said one after the other, with nothing between them but what people say so."""

    parts: tuple[Digits, ...]

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(part.digits for part in self.parts)


def mentions_card(text: str) -> bool:
    """Whether a payment card is spoken of."""
    return _CARD_WORDS.search(text) is not None


def is_card(digits: str) -> bool:
    """Whether they may be a card's number: so long, and the last one checks the others (Luhn)."""
    if len(digits) not in LENGTHS or digits[0] == "0" or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    total = sum(map(int, digits[-1::-2])) + sum(value - 9 * (value > 9) for value in doubled)
    return total % 10 == 0


def masked(text: str, *, language: str = "en") -> str:
    """The text with every card's number in it masked."""
    spans = [
        span
        for run in digit_runs(text, language=language)
        if (span := card_in(run.parts, spoken_of=mentions_card(text))) is not None
    ]
    return replaced(text, spans)


def replaced(text: str, spans: Sequence[Sequence[Digits]], *, by: str = MASKED) -> str:
    """The text with these stretches of digits left out."""
    for parts in sorted(spans, key=lambda parts: parts[0].start, reverse=True):
        text = text[: parts[0].start] + by + text[parts[-1].end :]
    return text


def card_in(parts: Sequence[Digits], *, spoken_of: bool) -> Sequence[Digits] | None:
    """The parts that are a card's number: all, or those that the digits begin or end with.

    `spoken_of`: a card is, so that so many digits are one whatever their check digit says.
    """
    digits = "".join(part.digits for part in parts)
    if is_card(digits) or (spoken_of and len(digits) in LENGTHS):
        return parts
    for size in range(len(parts) - 1, 0, -1):
        for some in (parts[:size], parts[-size:]):
            if _is_usual_card("".join(part.digits for part in some)):
                return some
    return None


def digit_runs(text: str, *, language: str = "en") -> list[DigitRun]:
    """The digits in the text, run by run."""
    runs: list[DigitRun] = []
    current: list[Digits] = []
    end, fillers = 0, 0
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if current and _BETWEEN.fullmatch(text, end, token.start()) is None:
            runs.append(DigitRun(tuple(current)))
            current = []
        used, digits = _read(tokens, at, _tables(language))
        if digits:
            current.append(Digits(digits, token.start(), tokens[at + used - 1].end()))
            fillers = 0
        else:
            used, fillers = 1, fillers + 1
            if _folded(token[0]) not in _FILLERS or fillers > _MOST_FILLERS:
                if current:
                    runs.append(DigitRun(tuple(current)))
                current = []
        end = tokens[at + used - 1].end()
        at += used
    return [*runs, DigitRun(tuple(current))] if current else runs


def _read(
    tokens: Sequence[re.Match[str]], at: int, table: Mapping[tuple[str, ...], str]
) -> tuple[int, str]:
    """How many tokens from there stand for digits, and for which."""
    word = tokens[at][0]
    if word.isdecimal():
        return 1, "".join(str(unicodedata.decimal(digit)) for digit in word)
    words = [_folded(token[0]) for token in tokens[at : at + _MOST_WORDS]]
    if words[0] in _REPEATS and len(words) > 1:
        once = words[1] if words[1].isdecimal() else table.get((words[1],), "")
        return (2, once * _REPEATS[words[0]]) if len(once) == 1 else (1, "")
    for size in range(len(words), 0, -1):
        digits = table.get(tuple(words[:size]))
        if digits is not None:
            return size, digits
    if words[0] in _SOUNDS_LIKE and _stands_for_digit(words[1:], table):
        return 1, _SOUNDS_LIKE[words[0]]
    return 1, ""


def _stands_for_digit(following: Sequence[str], table: Mapping[tuple[str, ...], str]) -> bool:
    return bool(following) and (following[0].isdecimal() or (following[0],) in table)


def _is_usual_card(digits: str) -> bool:
    """As `is_card`, by the beginnings and lengths of the large schemes: a part of other digits."""
    if digits[:2] in {"34", "37"}:
        return len(digits) == 15 and is_card(digits)
    return digits[:1] in set("23456") and len(digits) == 16 and is_card(digits)


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=8)
def _tables(language: str) -> Mapping[tuple[str, ...], str]:
    """The numbers below a hundred in words, in the language and in English."""
    code = language[:2].casefold()
    table: dict[tuple[str, ...], str] = {(word,): digit for word, digit in _ZEROS.items()}
    for of in {"en", code} & _LANGUAGES:
        for number in range(100):
            words = tuple(_folded(word) for word in _TOKEN.findall(num2words(number, lang=of)))
            table.setdefault(words, str(number))
    if code == "de":
        table["zwo",] = "2"
    if code == "es":
        table["un",] = "1"
    return table
