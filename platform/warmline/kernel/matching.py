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
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|vs|etc|approx|inc|ltd|e\.g|i\.e|a\.m|p\.m"
    r"|sr|sra|srta|mme|hr|fr|nr|str|z\.b|p\.ej)|(?:^|[\s(.])[^\W\d_])\.$",
    re.IGNORECASE,
)


def ends_in_abbreviation(text: str) -> bool:
    """Whether the full stop at the end of a text belongs to a word ("Dr.", "a.m.", "J.")."""
    return _ABBREVIATION.search(text) is not None
