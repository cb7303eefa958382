"""What English writing shortens or leaves to the reader, rewritten before values are read. Pure.

House numbers are said in pairs, a telephone number without signs in its three groups.
"""

import re
from collections.abc import Callable
from typing import Final

from verticals.spoken.languages import ENGLISH

_WAYS: Final = (
    "St|Street|Ave|Avenue|Rd|Road|Ln|Lane|Dr|Drive|Blvd|Boulevard|Way|Ct|Court|Pl|Place|Hwy|Highway"
    "|Pkwy|Parkway|Terrace|Circle|Square"
)
_NAME: Final = r"(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w'’.]+)"
_MONTHS: Final = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "May": "May",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Sept": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
_ABBREVIATED: Final = {
    "Rev": "Reverend",
    "Jr": "Junior",
    "Sr": "Senior",
    "Inc": "Incorporated",
    "Ste": "Suite",
    "Ln": "Lane",
    "Hwy": "Highway",
    "Pkwy": "Parkway",
    "Est": "established",
}
_PERIODS: Final = {"hr": "hour", "mo": "month", "wk": "week", "yr": "year"}
_DECADES: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies")
_LATE_DECADES: Final = ("eighties", "nineties")
_MONTH: Final = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"


def in_full(text: str) -> str:
    """ "422 Maple Ln., 4155550123" is "four twenty two Maple Lane, 415-555-0123"."""
    for written, full in _REWRITTEN:
        text = written.sub(full, text)
    return text


def _pairs(match: re.Match[str]) -> str:
    return match[0].replace(match["figures"], in_pairs(match["figures"]))


def in_pairs(figures: str) -> str:
    """A house number of three or four figures: 422 is "four twenty two", 1205 "twelve oh five"."""
    first, last = int(figures[:-2]), figures[-2:]
    if last == "00":
        thousands = first % 10 == 0
        return ENGLISH.cardinal(int(figures)) if thousands else f"{ENGLISH.cardinal(first)} hundred"
    rest = f"oh {ENGLISH.cardinal(int(last))}" if last[0] == "0" else ENGLISH.cardinal(int(last))
    return f"{ENGLISH.cardinal(first)} {rest}"


def _decade(match: re.Match[str]) -> str:
    return f"{ENGLISH.cardinal(int(match[1]))} {(*_DECADES, *_LATE_DECADES)[int(match[2]) - 2]}"


_REWRITTEN: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(
            r"(?<![\w$€£.,:#/-])(?P<figures>[1-9]\d{2,3})"
            rf"(?=\s(?:[NSEW]\.?\s)?{_NAME}(?:\s[A-Z][\w'’.]+)?\s(?:{_WAYS})\b)"
        ),
        _pairs,
    ),
    (
        re.compile(r"\b(?:[Rr]oom|[Ss]uite|Ste\.?|[Uu]nit|Apt\.?)\s(?P<figures>[1-9]\d{2,3})\b"),
        _pairs,
    ),
    (
        re.compile(r"(?<![\w+.,$€£-])([2-9]\d{2})([2-9]\d{2})(\d{4})(?!\w|[.,-]\d)"),
        r"\1-\2-\3",
    ),
    (re.compile(r"\b(1[89]|20)([2-9])0s\b"), _decade),
    (re.compile(r"\b(\d+)x\b(?!\d)"), r"\1 times"),
    (re.compile(r"(?<!\w)#(?=[A-Z]{1,3}-?\d)"), "number "),
    (re.compile(r"\bno\.(?=\s?\d)"), "number"),
    (re.compile(r"\bper (hr|mo|wk|yr)\b\.?"), lambda match: f"per {_PERIODS[match[1]]}"),
    (
        re.compile(rf"\b{_MONTH}\s?[-–]\s?{_MONTH}(?!\w|\s\d)"),
        lambda match: f"{_MONTHS[match[1]]} to {_MONTHS[match[2]]}",
    ),
    (re.compile(r"\bSat\.?\s?(?:&|and)\s?Sun\b\.?"), "Saturday and Sunday"),
    (re.compile(r"(?<=\d)T(?=\d\d:\d\d)"), " at "),
    (
        re.compile(rf"\b({'|'.join(_ABBREVIATED)})\.(?=\s?\S|$)"),
        lambda match: _ABBREVIATED[match[1]],
    ),
)
