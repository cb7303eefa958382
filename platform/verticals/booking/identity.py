"""Whether who asks for a booking is whom it is for: a reference can be guessed by voice. Pure."""

import re
import unicodedata
from typing import Final

from warmline.kernel.withheld import is_withheld

# What a name is said in.
_FRAME: Final = frozenset(
    [
        "my",
        "name",
        "is",
        "it's",
        "its",
        "it",
        "under",
        "this",
        "the",
        "for",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
    ]
)
_TELEPHONE_NUMBER: Final = re.compile(r"\+\d{7,15}")


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in case, accents, punctuation and spaces only."""
    return "".join(_words(one)) == "".join(_words(other))


def is_name_of(said: str, *, name: str) -> bool:
    """Whether what was said is that name: all of it, or its last word, with nothing against it."""
    kept = _words(name)
    given = [word for word in _words(said) if word not in _FRAME or word in kept]
    if not kept or not given:
        return False
    if same_words(" ".join(given), name):
        return True
    if kept[-1] not in given:
        return False
    # A second name too many may be a middle one; a list of names is a guess.
    return set(given) <= set(kept) or (set(kept) <= set(given) and len(given) == len(kept) + 1)


def is_number_of(caller_number: str, *, number: str) -> bool:
    """Whether a call comes from that telephone number; withheld numbers are nobody's."""
    if is_withheld(number) or _TELEPHONE_NUMBER.fullmatch(number) is None:
        return False
    return caller_number == number


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign != "'")
    return re.findall(r"\w+", letters)
