"""Whether who asks for a booking is whom it is for: a reference can be guessed by voice. Pure."""

import re
from typing import Final

from warmline.kernel import phone_numbers
from warmline.kernel.matching import match_key, unaccented

# What a name is said in.
_FRAME: Final = frozenset(
    (
        *("my", "name", "is", "its", "it", "under", "this", "the", "for"),
        *("mr", "mrs", "ms", "miss", "dr"),
    )
)


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
    return number != "" and number == caller_number == phone_numbers.caller_number(number)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unaccented(match_key(text)).replace("'", ""))
