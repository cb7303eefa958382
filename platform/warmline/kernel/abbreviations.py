"""Full stops that end a word, not a sentence: "Dr.", "a.m.", "No. 5"."""

import re
from typing import Final

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
