"""When two texts are the same words, whatever letters they came in."""

import unicodedata
from typing import Final

# An acute accent that stands alone is one too; NFKC would make a space of it, and a mark.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u201b\u00b4`", "'"))
# Unseen characters that word processors and web pages leave inside words: soft hyphen, zero width
# space, non-joiner and joiner, word joiner, byte order mark.
_UNSEEN: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def match_key(text: str) -> str:
    """What is compared in place of a text: NFKC and casefold (Unicode 3.13), apostrophes straight.

    "\ufb01x" and "FIX" are "fix", "\u00c1ngel" is "\u00e1ngel" however it was composed.
    """
    composed = unicodedata.normalize("NFKC", text.translate(_UNSEEN | _APOSTROPHES)).casefold()
    return unicodedata.normalize("NFKC", composed).translate(_APOSTROPHES)


def unaccented(text: str) -> str:
    """The text in the letters of English: "\u00c1ngel" is "Angel"."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
