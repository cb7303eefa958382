"""Numbers in words: "twenty one", "the fifth", "four seven two"."""

import re
from collections.abc import Sequence

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
UNITS = tuple(_UNITS.split())
TENS = tuple(_TENS.split())
_CARDINAL = {word: value for value, word in enumerate(UNITS)} | {"oh": 0, "o": 0, "nought": 0}
_TEN = {word: value * 10 for value, word in enumerate(TENS) if value >= 2}
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS.split())} | {
    "twentieth": 20,
    "thirtieth": 30,
}
_FIGURES = re.compile(r"(\d+)(?:st|nd|rd|th)?")


def words_of(text: str) -> list[str]:
    """Lower-case words and figures; hyphens and punctuation part words, "a.m." is one."""
    plain = text.lower().replace("’", "'").replace("a.m", "am").replace("p.m", "pm")
    return re.findall(r"[a-z]+(?:'[a-z]+)?|\d+(?:st|nd|rd|th)?", plain)


def cardinal(words: Sequence[str]) -> int | None:
    """A whole number to 99 in words or figures: ["twenty", "one"] is 21; None for anything else."""
    match list(words):
        case [word] if word in _CARDINAL:
            return _CARDINAL[word]
        case [word] if word in _TEN:
            return _TEN[word]
        case [word] if word.isdecimal() and len(word) <= 2:
            return int(word)
        case [ten, unit] if ten in _TEN and 1 <= _CARDINAL.get(unit, 0) <= 9:
            return _TEN[ten] + _CARDINAL[unit]
        case _:
            return None


def ordinal(words: Sequence[str]) -> int | None:
    """A day of the month: ["twenty", "first"] and ["21st"] are 21; None for anything else."""
    match list(words):
        case [word] if word in _ORDINAL:
            return _ORDINAL[word]
        case [word] if (figures := _FIGURES.fullmatch(word)) and len(figures[1]) <= 2:
            return int(figures[1])
        case [ten, unit] if ten in _TEN and 1 <= _ORDINAL.get(unit, 0) <= 9:
            return _TEN[ten] + _ORDINAL[unit]
        case _:
            return None


def in_words(number: int) -> str:
    """0 to 99 in words: 21 is "twenty one"."""
    if number < 20:
        return UNITS[number]
    return TENS[number // 10] if number % 10 == 0 else f"{TENS[number // 10]} {UNITS[number % 10]}"


def digits_in_words(digits: str) -> str:
    """A reference as it is read out: "472" is "four seven two"."""
    return " ".join(UNITS[int(digit)] for digit in digits)


def digits_of(text: str) -> str:
    """The digits in what was said: "four seven two", "472" and "4 7 2, please" are "472"."""
    digits = []
    for word in words_of(text):
        if word.isdecimal():
            digits.append(word)
        elif word in _CARDINAL and _CARDINAL[word] <= 9:
            digits.append(str(_CARDINAL[word]))
        elif word in ("to", "too"):  # how "two" is often heard
            digits.append("2")
        elif word == "for":
            digits.append("4")
    return "".join(digits)
