"""Names, addresses and phrases as they are written: kept as given, capitals only for bare speech.

Speech to text often writes without capitals. Who gave capitals meant them.
"""

import re
import unicodedata
from typing import Final

_PARTICLES: Final = (
    "de la las los del van von der den di da do dos das du bin ibn al el y e zu zur of the"
)
_SMALL: Final = frozenset(_PARTICLES.split())
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = ("'", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{MODIFIER LETTER APOSTROPHE}")
_SCOTTISH: Final = re.compile(r"mc(?=[^\W\d_]{3})")
_COMPASS: Final = frozenset(("nw", "ne", "sw", "se", "n", "s", "e", "w", "po", "us", "usa", "uk"))
# "42b" and "sw1a 2aa", but not "42nd"; "ny" of "ny 10036".
_FLAT: Final = re.compile(r"(?!\d+(?:st|nd|rd|th)$)(?=.*\d)(?=.*[^\W\d_])[^\W_]{2,4}")
_STATE: Final = re.compile(r"\b[A-Z][a-z](?=,? \d{5}(?:-\d{4})?$)")
_ROMAN: Final = re.compile(r" (?:Ii|Iii|Iv|Viii)$")
_STOPS: Final = "jr sr st ave blvd rd dr ln ct inc ltd co apt no mr mrs ms"
_STOPPED: Final = frozenset(_STOPS.split())


def name_case(text: str) -> str:
    """A person's name in writing: "mary o'neil van dyk" is "Mary O'Neil van Dyk"."""
    given = _tidy(text)
    if not _without_capitals(given):
        return given
    return _ROMAN.sub(lambda numeral: numeral[0].upper(), _capitals(given))


def address_case(text: str) -> str:
    """An address in writing: "42b elm street nw" is "42B Elm Street NW"."""
    given = _tidy(text)
    if not _without_capitals(given):
        return given
    written = " ".join(
        word.upper() if _is_code(word) else _capitals(word, first=index == 0)
        for index, word in enumerate(given.split())
    )
    return _STATE.sub(lambda state: state[0].upper(), written)


def phrase_case(text: str) -> str:
    """A phrase in writing: "drain cleaning" is "Drain cleaning", "iPhone repair" stays."""
    given = _tidy(text)
    if given != given.lower():
        return given
    return given[:1].title() + given[1:]


def _tidy(text: str) -> str:
    """Single spaces, and no comma or full stop that only ended a sentence."""
    given = " ".join(unicodedata.normalize("NFC", text).split()).strip(" ,")
    last = given.split()[-1:] or [""]
    bare = last[0].removesuffix(".")
    if bare.casefold() in _STOPPED or "." in bare or len(bare) == 1:
        return given.lstrip(".")
    return given.strip(" .,")


def _without_capitals(text: str) -> bool:
    """Whether the text says nothing of its capitals: all small, or several words all in capitals.

    A word of three capitals or fewer ("JJ", "NW") is meant so.
    """
    if text == text.lower():
        return True
    words = text.split()
    return text == text.upper() and len(words) > 1 and any(len(word) > 3 for word in words)


def _is_code(word: str) -> bool:
    bare = word.strip(".,").lower()
    return bare in _COMPASS or _FLAT.fullmatch(bare) is not None


def _capitals(text: str, *, first: bool = True) -> str:
    words = text.lower().split()
    return " ".join(
        word if word in _SMALL and (index or not first) else _capital(word)
        for index, word in enumerate(words)
    )


def _capital(word: str) -> str:
    """Capitals at a word's start, after its hyphens, and after "o'" and "mc"."""
    pieces: list[str] = []
    ends = 0
    for part in _WORD.finditer(word):
        before = word[ends : part.start()]
        # "mary's" and "it's" have no capital there; "o'neil" and "dell'acqua" have.
        possessive = before in _APOSTROPHES and ends and len(part[0]) < 3
        pieces += [before, part[0] if possessive else _first_letter(part[0])]
        ends = part.end()
    return "".join([*pieces, word[ends:]])


def _first_letter(part: str) -> str:
    if _SCOTTISH.match(part):
        return f"Mc{part[2].title()}{part[3:]}"
    return part[:1].title() + part[1:]
