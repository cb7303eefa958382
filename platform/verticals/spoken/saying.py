"""Values in the words of a language, as they are said on a telephone. Pure."""

import re
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from verticals.spoken.languages import ENGLISH, Gender, Language
from verticals.spoken.units import unit_gender, with_unit
from verticals.spoken.values import (
    Address,
    Amount,
    CalendarDate,
    ClockTime,
    Digits,
    Fraction,
    Money,
    Ordinal,
    Single,
    Span,
    Value,
    Year,
)

_ADDRESS_SIGNS: Final = {
    "@": "at",
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "+": "plus",
}
_LONGEST_ADDRESS: Final = 60  # characters; of a longer web address only the host is said
_SPELT_LETTERS: Final = 3  # in a code, longer runs of letters are words: COVID-19
# After these a German day of the month is "ersten", not "erster".
_GERMAN_DATIVE: Final = re.compile(r"\b(?:am|vom|zum|dem|den|bis)\s$", re.IGNORECASE)


_NOUN: Final = re.compile(r"[\s-]([^\W\d_]+)")
_FEMININE_NOUNS: Final = {"es": ("a", "ción", "dad"), "de": ("e", "ung", "heit", "keit")}


def said(value: Value, language: Language, *, before: str = "", after: str = "") -> str:
    """The value in words; `before` and `after` are the text around it, for what depends on it."""
    match value:
        case Span(first, last, link):
            return _span(first, last, language.words[link], language)
        case Amount(number, "") if (noun := _NOUN.match(after)) is not None:
            endings = _FEMININE_NOUNS.get(language.code, ())
            gender: Gender = "f" if noun[1].endswith(endings) else "m"
            return _number(number, language, gender=gender)
        case CalendarDate():
            return _date(value, language, before)
        case _:
            return _single(value, language)


def _span(first: Single, last: Single, link: str, language: Language) -> str:
    if isinstance(first, Amount) and isinstance(last, Amount) and not first.unit:
        return f"{_number(first.number, language)} {link} {_single(last, language)}"
    if isinstance(first, ClockTime) and isinstance(last, ClockTime) and language.code == "en":
        return f"{_english_start(first, last)} {link} {_english_clock(last)}"
    return f"{said(first, language)} {link} {said(last, language)}"


def _english_start(first: ClockTime, last: ClockTime) -> str:
    """ "two to four p m": the hour that shares the last one's half of the day is a number alone."""
    bare = not first.half and not first.minute and 0 < first.hour <= 12 and last.half
    return ENGLISH.cardinal(first.hour) if bare else _english_clock(first)


def _single(value: Single, language: Language) -> str:
    match value:
        case Money():
            words = _money(value, language)
        case ClockTime():
            words = _clock(value, language)
        case CalendarDate():
            words = _date(value, language, "")
        case Digits():
            words = _digits(value, language)
        case Amount():
            words = _amount(value, language)
        case Fraction():
            words = _fraction(value, language)
        case Ordinal(number):
            words = language.ordinal(number)
        case Year(number):
            words = language.year(number)
        case Address(text):
            words = _address(text, language)
    return words


def _number(number: Decimal, language: Language, *, gender: Gender | None = None) -> str:
    """A number in words, its decimals one by one: 3.05 is "three point zero five"."""
    minus = f"{language.words['minus']} " if number < 0 else ""
    whole, _, decimals = f"{abs(number):f}".partition(".")
    if not decimals.strip("0"):
        return minus + language.cardinal(int(whole), gender=gender)
    point = language.words["point"]
    return f"{minus}{language.cardinal(int(whole))} {point} {language.digits(decimals)}"


def _money(money: Money, language: Language) -> str:
    names = language.currencies.get(money.currency) or ENGLISH.currencies[money.currency]
    one, many, cent, cents, gender = names
    whole = int(abs(money.amount))
    hundredths = (abs(money.amount) - whole) * 100
    minus = f"{language.words['minus']} " if money.amount < 0 else ""
    if hundredths != int(hundredths):
        return f"{_number(money.amount, language)} {many}"
    parts: list[str] = []
    if whole or not hundredths:
        words = language.cardinal(whole, gender=gender)
        # "un millón de dólares"
        of = " de" if language.code in ("es", "fr") and whole and whole % 1_000_000 == 0 else ""
        parts.append(f"{words}{of} {one if whole == 1 else many}")
    if hundredths:
        words = language.cardinal(int(hundredths), gender="m")
        parts.append(f"{words} {cent if hundredths == 1 else cents}")
    return minus + f" {language.words['and']} ".join(parts)


def _clock(at: ClockTime, language: Language) -> str:
    match language.code:
        case "en":
            return _english_clock(at)
        case "es":
            return _spanish_clock(at, language)
        case _:
            hour = at.hour % 12 + 12 if at.half == "pm" else at.hour % (12 if at.half else 25)
            word = {"fr": "heure" if hour in (0, 1) else "heures"}.get(language.code, "Uhr")
            gender: Gender = "f" if language.code == "fr" else "m"
            minute = f" {language.cardinal(at.minute)}" if at.minute else ""
            return f"{language.cardinal(hour, gender=gender)} {word}{minute}"


def _english_clock(at: ClockTime) -> str:
    if at.hour in (0, 24) and not at.minute and not at.half:
        return "midnight"
    half = at.half
    if not half and (at.hour > 12 or at.hour == 0):
        half = "pm" if 12 < at.hour < 24 else "am"
    hour = ENGLISH.cardinal(at.hour % 12 or 12)
    mark = f" {half[0]} m" if half else ""
    if not at.minute:
        return f"{hour}{mark}" if mark else f"{hour} o'clock"
    oh = "oh " if at.minute < 10 else ""
    return f"{hour} {oh}{ENGLISH.cardinal(at.minute)}{mark}"


def _spanish_clock(at: ClockTime, language: Language) -> str:
    hour = language.cardinal(at.hour, gender="f")
    minute = f" {language.cardinal(at.minute)}" if at.minute else ""
    part = ""
    if at.half == "am":
        part = " de la mañana"
    elif at.half == "pm":
        part = " de la tarde" if at.hour % 12 < 8 else " de la noche"
    return f"{hour}{minute}{part}"


def _date(day: CalendarDate, language: Language, before: str) -> str:
    month, number = language.month(day.month), day.day
    year = f" {language.year(day.year)}" if day.year else ""
    match language.code:
        case "en" if language.day_first:
            return f"the {language.ordinal(number)} of {month}{year}"
        case "en" if before.endswith("the "):
            return f"{language.ordinal(number)} of {month}{year}"
        case "en":
            return f"{month} {language.ordinal(number)}{year}"
        case "es":
            return f"{language.cardinal(number)} de {month}{' de' if year else ''}{year}"
        case "fr":
            words = "premier" if number == 1 else language.cardinal(number)
            return f"{words} {month}{year}"
        case _:
            ending = "n" if _GERMAN_DATIVE.search(before) else "r"
            return f"{language.ordinal(number)}{ending} {month}{year}"


def _digits(digits: Digits, language: Language) -> str:
    """Group by group, with a pause after each; "42B" and "COVID-19" have a number in them."""
    runs = ["".join(run) for group in digits.groups for _, run in groupby(group, key=str.isdecimal)]
    numbered = len(runs) == 2 and not digits.all.lstrip("+").isdecimal()
    joint = " " if numbered else ", "
    return joint.join(_group(group, language, numbered=numbered) for group in digits.groups)


def _group(group: str, language: Language, *, numbered: bool) -> str:
    pieces = [language.words["plus"]] if group.startswith("+") else []
    for figures, run in groupby(group.lstrip("+"), key=str.isdecimal):
        piece = "".join(run)
        if not figures:
            pieces.append(piece if len(piece) > _SPELT_LETTERS else " ".join(piece))
        elif numbered and len(piece) <= 2 and piece[0] != "0":
            pieces.append(language.cardinal(int(piece)))
        else:
            pieces.append(language.digits(piece))
    return " ".join(pieces)


def _amount(amount: Amount, language: Language) -> str:
    if not amount.unit:
        return _number(amount.number, language)
    if amount.unit == "percent":
        return f"{_number(amount.number, language)} {language.words['percent']}"
    gender = unit_gender(amount.unit, language)
    words = _number(amount.number, language, gender=gender)
    return with_unit(amount.number, words, amount.unit, language)


def _fraction(fraction: Fraction, language: Language) -> str:
    words = language.words
    part = words[{2: "half", 3: "third", 4: "quarter"}[fraction.bottom]]
    if fraction.top > 1:
        part = words["quarters"] if fraction.bottom == 4 else f"{part}s"
        part = f"{language.cardinal(fraction.top)} {part}"
    elif language.code == "en":
        part = f"a {part}" if fraction.whole or fraction.bottom == 2 else f"one {part}"
    elif language.code != "de" and (fraction.bottom != 2 or not fraction.whole):
        part = f"{language.cardinal(1, gender='m')} {part}"
    if not fraction.whole:
        return part
    return f"{language.cardinal(fraction.whole)} {words['and']} {part}"


def _address(text: str, language: Language) -> str:
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", text, flags=re.IGNORECASE)
    plain = re.split(r"[?#]", plain)[0].rstrip("/")
    if len(plain) > _LONGEST_ADDRESS and "@" not in plain:
        plain = plain.split("/")[0]
    pieces: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[^\w\s]|_", plain):
        if piece.isdecimal():
            pieces.append(language.digits(piece))
        elif piece in _ADDRESS_SIGNS:
            pieces.append(language.words[_ADDRESS_SIGNS[piece]])
        elif piece.isalpha():
            pieces.append(piece)
    return " ".join(pieces)


def day_of(value: CalendarDate, *, today: date) -> date | None:
    """The day that is meant: in its year, else its next occurrence; None where there is none."""
    for year in [value.year] if value.year else range(today.year, today.year + 9):
        try:
            day = date(year, value.month, value.day)
        except ValueError:
            continue  # the 29th of February, in another year
        if value.year or day >= today:
            return day
    return None
