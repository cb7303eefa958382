"""How carriers write a caller's number that they do not give."""

from typing import Final

_KEYS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_WORDS: Final = (
    *("anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"),
    *("hidden", "outofarea", "nocallerid", "privatenumber", "unknowncaller"),
)
# A word's letters as the digits of a telephone's keys: +266696687 spells "anonymous". The last is
# in Twilio's list and spells nothing.
_DIGITS: Final = frozenset(word.translate(_KEYS) for word in _WORDS) | {"8566"}


def is_withheld(number: str) -> bool:
    """Whether these digits, with a plus or without, stand for no number.

    Some begin like a country's code, and would place the caller in Africa or in Europe.
    """
    return number.strip().removeprefix("+") in _DIGITS
