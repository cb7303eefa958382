"""When two texts are the same words, whatever letters they came in."""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u201b\u00b4`", "'"))
# Unseen characters that word processors and web pages leave inside words: soft hyphen, zero width
# space, non-joiner and joiner, word joiner, byte order mark.
_UNSEEN: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def match_key(text: str) -> str:
    """What is compared in place of a text: NFKC and casefold (Unicode 3.13), apostrophes straight.

    "\ufb01x" and "FIX" are "fix", "\u00c1ngel" is "\u00e1ngel" however it was composed.
    """
    composed = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    return unicodedata.normalize("NFKC", composed).translate(_APOSTROPHES)


def unaccented(text: str) -> str:
    """The text in the letters of English: "\u00c1ngel" is "Angel"."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|a\.m|p\.m|sr|sra|srta|mme|z\.b|p\.ej)"
    r"|(?:^|[\s(.])[^\W\d_])\.$",
    re.IGNORECASE,
)
# "No. 5" and "Dec. 5th", but "No. We are closed."; "Elm Ave. in Boston", but "Elm Ave. We open".
_BEFORE_NUMBER: Final = re.compile(
    r"\b(?:no|nos|nr|núm|ext|apt|art|fig|vol|pp?|approx|ca|jan|feb|mar|apr|jun|jul|aug|sept?|oct"
    r"|nov|dec|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\.$",
    re.IGNORECASE,
)
_BEFORE_SMALL_LETTER: Final = re.compile(
    r"\b(?:ave|blvd|rd|ln|inc|ltd|co|corp|approx|dept|est|hrs?|mins?|lbs?|oz|ft)\.$", re.IGNORECASE
)


def ends_in_abbreviation(text: str, *, following: str) -> bool | None:
    """Whether the full stop at the end of a text belongs to a word ("Dr.", "a.m.", "J.").

    For some that depends on what follows; None while nothing does.
    """
    if _ABBREVIATION.search(text):
        return True
    before_number = _BEFORE_NUMBER.search(text) is not None
    before_small = _BEFORE_SMALL_LETTER.search(text) is not None
    if not before_number and not before_small:
        return False
    if not following:
        return None
    return (before_number and following[0].isdecimal()) or (before_small and following[0].islower())
