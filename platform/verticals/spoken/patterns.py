"""How money, times, dates, numbers and addresses are written, as patterns and what they read.

Patterns are tried in order; a reader that returns None leaves the place to the next.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from verticals.spoken.languages import SIGNS, Language
from verticals.spoken.units import UNIT_IDS
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
    Year,
)

Match = re.Match[str]
Reader = Callable[[Match, Language], Single | None]
Rule = tuple[str, Reader]

_CODE_BEFORE: Final = re.compile(
    r"(?:\b(?:call|dial|ring|llame al|marque el|appelez le|composez le|wählen sie|code|pin|zip"
    r"|ref(?:erence)?|confirmation|ext(?:ension)?|flight|ending in|number|no\.?"
    r"|código|referencia|número|référence|numéro|referenz\w*|nummer)"
    r"|\b(?:booking|ticket|account|order|invoice|case|reserva|réservation|buchung\w*)"
    r"\s(?:number|no\.?|is|id|nummer|número|numéro|es|est|ist))"
    r"(?:\s(?:number|no\.?|is|id|code|nummer|número|numéro|es|est|ist))*:?\s*#?$",
    re.IGNORECASE,
)
_GLYPHS: Final = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4)}
_SCALES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("k", "thousand", "mil", "mille", "tausend"), 3),
    **dict.fromkeys(("m", "million", "mio", "millones", "millions", "millionen"), 6),
    **dict.fromkeys(("bn", "b", "billion", "milliards", "milliarden"), 9),
}
_LONGEST_NUMBER: Final = 15  # digits; what has more is read out one by one
_YEARS: Final = range(1900, 2100)
# Of a web address without "www" or a path, only these endings are believed: "today.Please" is none.
_ENDINGS: Final = "com|org|net|io|co|edu|gov|info|biz|app|dev|ai|uk|de|fr|es|nl|ca|au|eu|ch|mx"
_GROUP: Final = "[.\u00a0\u202f '’]"
_LETTER: Final = r"[^\W\d_]"
_HALF: Final = r"[ap]\.?\s?m\b\.?"


@lru_cache(maxsize=64)
def patterns(language: Language) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """The language's patterns with their readers, in the order in which they are tried."""
    number = rf"(?P<minus>[-−])?(?P<number>{_number_pattern(language)})"
    rules = (
        *_ADDRESSES,
        *_date_rules(language),
        *_TELEPHONES,
        *_CLOCKS,
        *_money_rules(language),
        *_amount_rules(number, language),
        *_CODES,
        (rf"{number}(?!(?!x\d){_LETTER}|[:/]\d)", _number),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in rules)


def _date_rules(language: Language) -> tuple[Rule, ...]:
    month = rf"(?P<name>{_any_of(months(language))})\b\.?"
    month_first = (
        rf"{month}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:|[.,/]\d|\s?[ap]m)"
        r"(?:,?\s(?P<year>\d{4})\b)?"
    )
    day_first = (
        r"(?P<day>\d{1,2})(?P<suffix>st|nd|rd|th|er|\.|º)?\s(?P<of>of\s|de\s)?"
        rf"{month}(?:\s(?:de\s|del\s)?(?P<year>\d{{4}})\b)?"
    )
    numeric = r"(?P<one>\d{1,2})(?P<sign>[/.-])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)\b"
    return (
        (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", _date),
        (numeric, _numeric_date),
        (r"(?P<one>\d{1,2})\.(?P<two>\d{1,2})\.(?!\d)", _german_date),
        (month_first, _named_date),
        (day_first, _named_date),
    )


def _money_rules(language: Language) -> tuple[Rule, ...]:
    sign = rf"(?P<sign>{_any_of(SIGNS)})"
    scale = rf"(?:\s?(?P<scale>{_any_of(_SCALES)})\b\.?)?"
    price = rf"(?P<number>{_number_pattern(language)}|\d+,\d\d(?!\d))"
    return (
        (rf"(?P<minus>[-−])?{sign}\s?(?P<minus2>[-−])?{price}{scale}", _money),
        (rf"(?P<minus>[-−])?{price}{scale}\s?{sign}(?!\w)", _money),
        (r"(?P<number>\d+)\s?¢", _cents),
    )


def _amount_rules(number: str, language: Language) -> tuple[Rule, ...]:
    endings = {"en": "st|nd|rd|th", "fr": "er|ère|re|ème|e", "es": r"\.?º|\.?ª|er|a|o"}
    ending = endings.get(language.code, r"\.(?=\s[^\W\d_])")
    # "100W" has a unit, "5 W 42nd Street" none.
    unit = rf"(?:(?=[WV])|\s?(?![WV]\b))(?P<unit>(?-i:{_any_of(UNIT_IDS)}))"
    return (
        (rf"{number}\s?(?P<unit>%)", _amount),
        (rf"{number}{unit}(?![\w²³'’]|/[^\W\d])", _amount),
        (rf"(?P<number>\d+)(?:{ending})(?!\w)", _ordinal),
        (r"(?P<whole>\d+)?\s?(?P<glyph>[½⅓⅔¼¾])", _glyph),
        (r"(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\d/])", _slashed),
    )


@lru_cache(maxsize=64)
def months(language: Language) -> Mapping[str, int]:
    """Names of months and their abbreviations, by casefold, with their numbers."""
    names: dict[str, int] = {"sept": 9} if language.code == "en" else {}
    for width in ("wide", "abbreviated"):
        for number, name in language.locale.months["format"][width].items():
            names[name.removesuffix(".").casefold()] = number
    return names


def _any_of(words: Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _number_pattern(language: Language) -> str:
    """A number as the language writes it, with its groups and decimals.

    With both signs it is understood in any language: the last one parts the decimals.
    """
    both = r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+"
    if language.decimal == ".":
        own = r"\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+"
    else:
        own = rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:,\d+)?|\d+(?:,\d+|\.\d{{1,2}})?"
    return rf"(?:{both}|{own})(?!\d|[.,]\d)"


def _decimal(figures: str, language: Language) -> Decimal:
    last = max(figures.rfind("."), figures.rfind(","))
    mark = figures[last] if last >= 0 else language.decimal
    decimals = len(figures) - last - 1
    alone = "." not in figures or "," not in figures
    if alone and mark != language.decimal and (decimals > 2 or figures.count(mark) > 1):
        mark = language.decimal  # "1,200" in English, "1.200" in German: groups
    group = "[.,\u00a0\u202f '’]".replace(mark, "")
    return Decimal(re.sub(group, "", figures).replace(",", "."))


def _signed(match: Match, language: Language) -> Decimal:
    number = _decimal(match["number"], language)
    named = match.groupdict()
    return -number if named.get("minus") or named.get("minus2") else number


def _address(match: Match, _language: Language) -> Address:
    return Address(match[0])


def _checked_date(year: int | None, month: int, day: int) -> CalendarDate | None:
    try:
        date(year or 2024, month, day)  # a leap year, where none is named
    except ValueError:
        return None
    return CalendarDate(month=month, day=day, year=year)


def _date(match: Match, _language: Language) -> CalendarDate | None:
    return _checked_date(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric_date(match: Match, language: Language) -> CalendarDate | None:
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    day_first = language.day_first or match["sign"] == "." or one > 12
    month, day = (two, one) if day_first else (one, two)
    return _checked_date(year if year > 99 else 2000 + year, month, day)


def _german_date(match: Match, language: Language) -> CalendarDate | None:
    if language.code != "de":
        return None
    return _checked_date(None, int(match["two"]), int(match["one"]))


def _named_date(match: Match, language: Language) -> CalendarDate | None:
    named = match.groupdict()
    unsure = "suffix" in named and not named["suffix"] and not named["of"]
    if unsure and language.code == "en" and not match["name"][0].isupper():
        return None  # "the 5 may be late"
    year = int(match["year"]) if match["year"] else None
    return _checked_date(year, months(language)[match["name"].casefold()], int(match["day"]))


def _telephone(match: Match, language: Language) -> Digits | None:
    text = match[0]
    groups = tuple(re.findall(r"\+?\d+", text))
    figures = sum(len(group.removeprefix("+")) for group in groups)
    if text.startswith("+") or "(" in text:
        return Digits(groups) if 7 <= figures <= 19 else None
    if len(groups) == 2:  # 555-0123
        local = re.fullmatch(r"[2-9]\d\d-\d{4}", text)
        return Digits(groups) if local else None
    grouped = language.decimal == "," and re.fullmatch(r"[1-9]\d{0,2}(?:[ .]\d{3})+", text)
    return Digits(groups) if 9 <= figures <= 19 and not grouped else None


def _clock(match: Match, language: Language) -> ClockTime | None:
    named = match.groupdict()
    mark = (named["mark"] or "").casefold()
    sign, minute = named.get("sign", ""), int(named.get("minute") or 0)
    hour = int(match["hour"])
    decimals = sign == "." and not mark
    if decimals or (sign == "h" and language.code == "en"):
        return None
    half: Literal["am", "pm", ""] = ""
    if mark[:1] in ("a", "p"):
        half = "am" if mark[0] == "a" else "pm"
    if minute > 59 or hour > (12 if half else 24) or (half and hour == 0):
        return None
    return ClockTime(hour, minute, half)


def _money(match: Match, language: Language) -> Money:
    amount = _signed(match, language)
    if match["scale"]:
        amount = amount.scaleb(_SCALES[match["scale"].casefold()])
    return Money(amount, SIGNS[match["sign"].upper()])


def _cents(match: Match, _language: Language) -> Money:
    return Money(Decimal(match["number"]) / 100, "USD")


def _amount(match: Match, language: Language) -> Amount:
    unit = "percent" if match["unit"] == "%" else UNIT_IDS[match["unit"]]
    return Amount(_signed(match, language), unit)


def _ordinal(match: Match, _language: Language) -> Ordinal | None:
    return Ordinal(int(match["number"])) if len(match["number"]) <= 4 else None


def _glyph(match: Match, _language: Language) -> Fraction:
    return Fraction(int(match["whole"] or 0), *_GLYPHS[match["glyph"]])


def _slashed(match: Match, language: Language) -> CalendarDate | Fraction | None:
    top, bottom = int(match["top"]), int(match["bottom"])
    if top < bottom and (top, bottom) in _GLYPHS.values():
        return Fraction(0, top, bottom)
    month, day = (bottom, top) if language.day_first else (top, bottom)
    return _checked_date(None, month, day)


def _code(match: Match, _language: Language) -> Digits:
    return Digits(tuple(match[0].split("-")))


def _long(match: Match, _language: Language) -> Digits | None:
    round_number = match[0].isdecimal() and not match[0].startswith("0") and match[0][-3:] == "000"
    if round_number and len(match[0]) <= _LONGEST_NUMBER:
        return None  # 250000 is a quantity
    return Digits(tuple(match[0].split("-")))


def _code_by_context(match: Match, _language: Language) -> Digits | None:
    before = match.string[max(0, match.start() - 40) : match.start()]
    said_by_digits = match[0] == "911" or _CODE_BEFORE.search(before)
    return Digits((match[0],)) if said_by_digits else None


def _number(match: Match, language: Language) -> Amount | Year | Digits:
    number = _signed(match, language)
    if len(match["number"]) > _LONGEST_NUMBER:
        return Digits((re.sub(r"\D", "", match["number"]),))
    if match["number"].isdecimal() and len(match["number"]) == 4 and int(number) in _YEARS:
        return Year(int(number))
    return Amount(number)


_ADDRESSES: Final[tuple[Rule, ...]] = (
    (r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}", _address),
    (r"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"]", _address),
    (
        (
            r"(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,9}"
            rf"(?:{_ENDINGS})\b(?:/[^\s<>]*[\w/])?(?!\.?\w)"
        ),
        _address,
    ),
)
_TELEPHONES: Final[tuple[Rule, ...]] = (
    (
        (
            r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?|\d{1,5}[ .-])(?:\d{2,5}[ .-]){0,4}\d{2,8}"
            r"(?![\w%]|\s?[€£%]|[.,:]\d)"
        ),
        _telephone,
    ),
    (r"\+\d{7,15}\b", _telephone),
)
_CLOCKS: Final[tuple[Rule, ...]] = (
    (
        (
            r"(?P<hour>\d{1,2})(?P<sign>[:.h])(?P<minute>\d\d)(?::\d\d)?(?!\d|[.,]\d|%)"
            rf"(?:\s?(?P<mark>{_HALF}|uhr\b|h\b|hrs?\b))?"
        ),
        _clock,
    ),
    (rf"(?P<hour>\d{{1,2}})\s?(?P<mark>{_HALF}|uhr\b|o['’]clock\b)", _clock),
)
_ENDS: Final = rf"(?!\d|[.,]\d|{_LETTER})"
_CODES: Final[tuple[Rule, ...]] = (
    (r"(?=[\w-]*\d)(?=[\w-]*[^\W\d_])(?-i:[A-Z\d]+(?:-[A-Z\d]+)*)\b(?!-?[^\W_])", _code),
    (rf"(?:\d+(?:-\d+){{2,}}|\d{{5}}-\d{{4}}|0\d+|\d{{5,}}){_ENDS}", _long),
    (rf"\d{{3,}}{_ENDS}", _code_by_context),
)
