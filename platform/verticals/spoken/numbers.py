"""Numbers in words: "twenty one", "the fifth", "four seven two"."""

import re
import unicodedata
from collections.abc import Sequence

from warmline.kernel.matching import match_key

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
_ZERO_LETTERS = ("oh", "o")
_SCALE = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_HEARD_AS = {"to": "2", "too": "2", "for": "4", "ate": "8"}
# Said around a reference without being part of it.
_COURTESIES = (
    "um uh er ah okay ok yes yeah hi hello please thanks thank you it it's its is that's the my "
    "reference ref number booking code confirmation ticket order i have got so well and then dash "
    "hyphen hash pound sign star key a was sure"
)
_AROUND_DIGITS = frozenset(_COURTESIES.split())
# A sign that is no punctuation of a reference says something else: "4:30", "$472", "1/2", "4.5".
_NOT_DIGITS = re.compile(r"[^\w\s.,;!?'\"()#*–—-]|_|(?<![\d.])\d+\.\d+(?![\d.])")
_TEN = {word: value * 10 for value, word in enumerate(TENS) if value >= 2}
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS.split())} | {
    "twentieth": 20,
    "thirtieth": 30,
}
_FIGURES = re.compile(r"(\d+)(?:st|nd|rd|th)?")


def words_of(text: str) -> list[str]:
    """Words and figures as they are compared; hyphens and punctuation part them, "a.m." is one."""
    plain = match_key(text).replace("a.m", "am").replace("p.m", "pm")
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:st|nd|rd|th)?", plain)


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


def digits_of(text: str) -> str | None:
    """The digits that were said: "four seven two", "472" and "it's 4 7 2, please" are "472".

    "double four" is 44, "triple oh" 000, "twenty two" 22, "four hundred and two" 402. None unless
    every word is used: for other words, and where two readings are left ("four five hundred").
    """
    raised = any(letter.isnumeric() and not letter.isdecimal() for letter in text)  # "4²", "½"
    if raised or _NOT_DIGITS.search(match_key(text)):
        return None
    words = _without_courtesies(words_of(text))
    if any(word in _SCALE for word in words):
        return _one_number(words)
    digits, at = "", 0
    while at < len(words):
        said, used = _digits_at(words, at)
        if not used:
            return None
        digits, at = digits + said, at + used
    return digits or None


def _without_courtesies(words: Sequence[str]) -> list[str]:
    """What is left without the words around a number; "oh" before one of them is no zero."""
    kept: list[str] = []
    for index, word in enumerate(words):
        following = words[index + 1 : index + 2]
        sighed = word == "oh" and not kept and following and following[0] in _AROUND_DIGITS
        if word not in _AROUND_DIGITS and not sighed:
            kept.append(word)
    return kept


def _digits_at(words: Sequence[str], at: int) -> tuple[str, int]:
    """The digits that begin at a word, and how many words they take; ("", 0) for none."""
    word, following = words[at], words[at + 1 : at + 2]
    if word in _TIMES:
        digit = _digit(following[0]) if following else None
        return (digit * _TIMES[word], 2) if digit else ("", 0)
    if word.isdecimal():
        return "".join(str(unicodedata.decimal(figure)) for figure in word), 1
    for used in (2, 1):
        number = cardinal(words[at : at + used])
        if number is not None and len(words[at : at + used]) == used:
            return str(number), used
    # How "two" and "four" are often heard. Before the first digit they are more likely words:
    # "i am looking for four seven two".
    if at and word in _HEARD_AS:
        return _HEARD_AS[word], 1
    return "", 0


def digit_run(words: Sequence[str], at: int) -> tuple[str, int]:
    """Single digits one after the other from a word on: ["four", "double", "oh"] is 400."""
    digits, used = "", 0
    while at + used < len(words):
        word = words[at + used]
        piece, length = _digits_at(words, at + used) if word in _TIMES else (_digit(word), 1)
        if not piece:
            break
        digits, used = digits + piece, used + length
    return digits, used


def _digit(word: str) -> str | None:
    if word.isdecimal() and len(word) == 1:
        return str(unicodedata.decimal(word))
    number = _CARDINAL.get(word)
    return str(number) if number is not None and number <= 9 else None


def _one_number(words: Sequence[str]) -> str | None:
    """ "four hundred and seventy two" as one number; None for what is no one number."""
    number, used = number_at(words, 0)
    return str(number) if number is not None and used == len(words) else None


def number_at(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The whole number that begins at a word, "one hundred and fifty" as 150, and its words."""
    total, part, used = 0, None, 0
    for index in range(at, len(words)):
        word = words[index]
        if word == "and" and index > at and words[index - 1] in _SCALE:
            continue
        value = int(word) if word.isdecimal() else cardinal([word])
        if index == at and word == "a" and at + 1 < len(words) and words[at + 1] in _SCALE:
            value = 1
        if word in _SCALE and part is not None:
            part *= _SCALE[word]
            total, part = (total, part) if word == "hundred" else (total + part, 0)
        elif value is None or word in _ZERO_LETTERS or not _goes_on(total, part, value):
            break
        else:
            part = (part or 0) + value
        used = index + 1 - at
    return (None, 0) if part is None else (total + part, used)


def _goes_on(total: int, part: int | None, value: int) -> bool:
    """Whether a number goes on in the same one: "fifty" after "hundred", "five" after "twenty"."""
    if part is None or (part == 0 and total):
        return True
    after_hundred = part >= 100 and part % 100 == 0 and value < 100
    after_tens = part % 10 == 0 and 20 <= part % 100 <= 90 and 0 < value < 10
    return after_hundred or after_tens
