"""The forms in which a day is said, and the day that each means. Pure.

A form must use every word of its piece. Several forms may stand together ("tomorrow wednesday the
fifth"): they must mean the same day.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from verticals.spoken.phrases import MONTHS, WEEKDAYS

_FARTHEST_DAYS = 366


class DayDoubt(StrEnum):
    """Why no one day is meant, as it may be told to the caller."""

    UNCLEAR = "no one day was named"
    WHICH_OF_THEM = "that is more than one day"
    PAST = "that day has passed"
    TOO_FAR = "that day is more than a year away"
    NO_SUCH_DAY = "there is no such day"
    CONTRADICTION = "two different days were named"
    MONTH_OR_DAY = "the month could be either number"

    @property
    def question(self) -> str:
        """What would settle it."""
        month = self is DayDoubt.MONTH_OR_DAY
        return "which month do you mean?" if month else "which day do you mean?"


Reading = date | DayDoubt
_Form = Callable[[re.Match[str], date], Reading]

_NUMBER = r"~?[0-9]{1,2}"
_NAMES = "|".join(WEEKDAYS)
_WEEKDAY = rf"(?P<weekday>{_NAMES})"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_DAY = rf"(?P<day>{_NUMBER}|[0-9]{{1,2}}th)"
_ORDINAL = r"(?P<day>[0-9]{1,2}th)"
_YEAR = (
    r"(?:(?: ,)? (?P<year>20[0-9]{2}|~20 ~[0-9]{2}|~2 thousand(?: and)?(?: ~[0-9]{1,2})?"
    r"|(?:of )?(?:next|this) year))?"
)
_WEEK = r"(?:the )?(?:(?P<week>this|next) week|week (?P<after>after next))"
_COUNT = rf"(?P<count>a|an|{_NUMBER}) (?P<unit>day|week|fortnight|month)s?"
_WEEKS = rf"(?P<count>a|an|{_NUMBER}) (?P<unit>week|fortnight)s?"
_NTH = rf"(?:the )?(?P<nth>0?[1-5]th|last) (?P<kind>{_NAMES}|day) (?:of|in) "
_FIGURES = r"(?P<first>[0-9]{1,2})(?P<sign>[/.-])(?P<second>[0-9]{1,2})"
_ON = r"(?:on |for )*"
_NAMED = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "valentine's day": (2, 14),
    "valentines day": (2, 14),
    "halloween": (10, 31),
}


def day_in(piece: str, *, today: date) -> Reading | None:
    """The day that a piece means; None when it has words that no form uses."""
    for pattern, form in _FORMS:
        match = pattern.fullmatch(piece)
        if match is not None:
            read = form(match, today)
            return read if isinstance(read, DayDoubt) else _within_reach(read, today)
    for pattern in (_DAY_THEN_DATE, _DATE_THEN_DAY):
        match = pattern.fullmatch(piece)
        if match is not None:
            return _agreed(match["said"], match["rest"], today)
    return None


def _within_reach(day: date, today: date) -> Reading:
    if day < today:
        return DayDoubt.PAST
    return day if day <= today + timedelta(days=_FARTHEST_DAYS) else DayDoubt.TOO_FAR


def _agreed(said: str, rest: str, today: date) -> Reading | None:
    """The day of `rest`, when the weekday or day said beside it is the same."""
    if rest in WEEKDAYS:
        said, rest = rest, said
    read = day_in(rest, today=today)
    if read is None or isinstance(read, DayDoubt):
        return read
    if said in WEEKDAYS:
        return read if WEEKDAYS[read.weekday()] == said else DayDoubt.CONTRADICTION
    return read if read == day_in(said, today=today) else DayDoubt.CONTRADICTION


# ---- days counted from today, and weekdays -------------------------------------------------------


def _from_today(match: re.Match[str], today: date) -> Reading:
    """ "tomorrow", "in ten days", "two weeks from tomorrow", "a month from today"."""
    groups = match.groupdict()
    start = today + timedelta(days=1 if groups.get("base") == "tomorrow" else 0)
    return _later(start, count=groups["count"], unit=groups["unit"])


def _later(day: date, *, count: str, unit: str) -> Reading:
    number = 1 if count in ("a", "an") else int(count.lstrip("~"))
    if unit == "month":
        months = day.month - 1 + number
        return _checked(day.year + months // 12, months % 12 + 1, day.day)
    return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _week_from_base(match: re.Match[str], today: date) -> Reading:
    """ "tomorrow week", "friday fortnight": said on a friday, two fridays could be meant."""
    base = match["base"]
    later = timedelta(days=14 if match["unit"] == "fortnight" else 7)
    if base in ("today", "tomorrow"):
        return today + timedelta(days=("today", "tomorrow").index(base)) + later
    if base == WEEKDAYS[today.weekday()]:
        return DayDoubt.UNCLEAR
    return _next_weekday(base, today) + later


def _weeks_from_weekday(match: re.Match[str], today: date) -> Reading:
    """ "two weeks from friday", "a fortnight on monday"."""
    if match["weekday"] == WEEKDAYS[today.weekday()]:
        return DayDoubt.UNCLEAR
    start = _next_weekday(match["weekday"], today)
    return _later(start, count=match["count"], unit=match["unit"])


def _next_weekday(weekday: str, today: date) -> date:
    """Its next occurrence after today."""
    return today + timedelta(days=(WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1)


def _weekday(match: re.Match[str], today: date) -> Reading:
    """ "friday" lies after today, "this friday" may be today, "next friday" is in next week."""
    weekday, which = match["weekday"], match["which"] or ""
    if which == "this" and weekday == WEEKDAYS[today.weekday()]:
        return today
    if which == "next":
        return _in_week(weekday, weeks=1, today=today)
    return _next_weekday(weekday, today)


def _weekday_of_week(match: re.Match[str], today: date) -> Reading:
    """ "friday this week", "next week on monday", "friday the week after next"."""
    weeks = 2 if match["after"] else ("this", "next").index(match["week"])
    return _in_week(match["weekday"], weeks=weeks, today=today)


def _in_week(weekday: str, *, weeks: int, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7 * weeks + WEEKDAYS.index(weekday))


# ---- dates ---------------------------------------------------------------------------------------


def _date_with_month(match: re.Match[str], today: date) -> Reading:
    """ "december fifth", "the fifth of december twenty twenty six"."""
    month, day = MONTHS.index(match["month"]) + 1, _number(match["day"])
    return _month_and_day(month, day, year=_year(match["year"], today), today=today)


def _month_and_day(month: int, day: int, *, year: int | None, today: date) -> Reading:
    """That date in its year, or else its next occurrence."""
    if year is not None:
        return _checked(year, month, day)
    this_year, next_year = (_checked(today.year + after, month, day) for after in (0, 1))
    if isinstance(this_year, date) and this_year >= today:
        return this_year
    return next_year


def _year(words: str | None, today: date) -> int | None:
    if words is None:
        return None
    if words.endswith("year"):
        return today.year + words.endswith("next year")
    figures = words.replace("~", "").replace(" and", "").split()
    if figures[1:2] == ["thousand"]:
        return 2000 + int(figures[2]) if len(figures) > 2 else 2000
    return int("".join(figures))


def _day_of_month(match: re.Match[str], today: date) -> Reading:
    """ "the fifth": the next that comes."""
    day = _number(match["day"])
    for months in range(3):
        read = _in_month(day, months=months, today=today)
        if isinstance(read, date) and read >= today:
            return read
    return DayDoubt.NO_SUCH_DAY


def _day_of_named_month(match: re.Match[str], today: date) -> Reading:
    """ "the fifth of next month"."""
    months = 1 if match["which"] == "next" else 0
    return _in_month(_number(match["day"]), months=months, today=today)


def _in_month(day: int, *, months: int, today: date) -> Reading:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return _checked(year, month + 1, day)


def _nth_weekday(match: re.Match[str], today: date) -> Reading:
    """ "the first monday of march", "the last day of the month"."""
    if match["month"] is None:
        year, month = divmod(today.year * 12 + today.month - 1 + (match["which"] == "next"), 12)
        return _nth(match, year, month + 1)
    month, named_year = MONTHS.index(match["month"]) + 1, _year(match["year"], today)
    read = _nth(match, named_year or today.year, month)
    if named_year is None and isinstance(read, date) and read < today:
        return _nth(match, today.year + 1, month)
    return read


def _nth(match: re.Match[str], year: int, month: int) -> Reading:
    length = calendar.monthrange(year, month)[1]
    days = [date(year, month, day) for day in range(1, length + 1)]
    if match["kind"] != "day":
        days = [day for day in days if WEEKDAYS[day.weekday()] == match["kind"]]
    if match["nth"] == "last":
        return days[-1]
    nth = _number(match["nth"])
    return days[nth - 1] if 1 <= nth <= len(days) else DayDoubt.NO_SUCH_DAY


def _named_day(match: re.Match[str], today: date) -> Reading:
    """ "christmas eve"."""
    month, day = _NAMED[match["name"]]
    return _month_and_day(month, day, year=_year(match["year"], today), today=today)


def _iso(match: re.Match[str], _today: date) -> Reading:
    return _checked(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: re.Match[str], today: date) -> Reading:
    """ "25/12", "12/25/2026": the month first or the day, whichever is a day to come.

    A date with dots has its day first.
    """
    first, second = int(match["first"]), int(match["second"])
    year = int(match["year"]) % 100 + 2000 if match["year"] else None
    orders = {(second, first)} if match["sign"] == "." else {(first, second), (second, first)}
    reads = [_month_and_day(month, day, year=year, today=today) for month, day in sorted(orders)]
    days = [read for read in reads if isinstance(read, date)]
    to_come = [day for day in days if today <= day <= today + timedelta(days=_FARTHEST_DAYS)]
    if len(to_come) > 1:
        return DayDoubt.MONTH_OR_DAY
    return next(iter(to_come or days), DayDoubt.NO_SUCH_DAY)


def _checked(year: int, month: int, day: int) -> Reading:
    try:
        return date(year, month, day)
    except ValueError:
        return DayDoubt.NO_SUCH_DAY


def _number(figures: str) -> int:
    return int(figures.removesuffix("th").lstrip("~"))


def _no_one_day(_match: re.Match[str], _today: date) -> Reading:
    return DayDoubt.WHICH_OF_THEM


def _days_ahead(days: int) -> _Form:
    return lambda _match, today: today + timedelta(days=days)


_FORMS: tuple[tuple[re.Pattern[str], _Form], ...] = tuple(
    (re.compile(_ON + pattern), form)
    for pattern, form in (
        (r"(?:right )?now|today", _days_ahead(0)),
        (r"tomorrow", _days_ahead(1)),
        (r"(?:the )?day after tomorrow", _days_ahead(2)),
        (r"(?:the )?(?:this|same) day next week", _days_ahead(7)),
        (rf"in {_COUNT}(?: time)?", _from_today),
        (rf"{_COUNT} time", _from_today),
        (rf"{_COUNT} (?:from |after )?(?P<base>today|tomorrow|now)", _from_today),
        (rf"(?P<base>today|tomorrow|{_NAMES}) (?P<unit>week|fortnight)", _week_from_base),
        (rf"{_COUNT} from {_WEEKDAY}", _weeks_from_weekday),
        (rf"{_WEEKS} (?:on )?{_WEEKDAY}", _weeks_from_weekday),
        (rf"(?:(?:the |this )?coming |the |(?P<which>this|next) )?{_WEEKDAY}", _weekday),
        (rf"{_WEEKDAY} (?:of |in |on )*{_WEEK}", _weekday_of_week),
        (rf"(?:in )?{_WEEK} (?:on )?{_WEEKDAY}", _weekday_of_week),
        (rf"{_MONTH} (?:the )?{_DAY}{_YEAR}", _date_with_month),
        (rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}", _date_with_month),
        (rf"the {_ORDINAL}", _day_of_month),
        (rf"(?:the )?{_ORDINAL} of the month", _day_of_month),
        (r"(?P<day>(?!2th)[0-9]{1,2}th)", _day_of_month),
        (rf"(?:the )?{_DAY} of (?:the )?(?P<which>this|next) month", _day_of_named_month),
        (_NTH + rf"(?:{_MONTH}{_YEAR}|(?:the|this|(?:the )?(?P<which>next)) month)", _nth_weekday),
        (rf"(?P<name>{'|'.join(_NAMED)}){_YEAR}", _named_day),
        (r"(?P<year>[0-9]{4})[/-](?P<month>[0-9]{1,2})[/-](?P<day>[0-9]{1,2})", _iso),
        (_FIGURES.replace("[/.-]", "/") + r"(?P<year>)", _slashed),
        (_FIGURES + r"(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})", _slashed),
        (rf"(?:in )?(?:(?:this|the|next) (?:week|month|weekend)|{_MONTH}{_YEAR})", _no_one_day),
    )
)
_DAY_THEN_DATE = re.compile(
    rf"(?P<said>{_ON}(?:today|tomorrow|(?:this |next )?(?:{_NAMES}))) (?P<rest>.+)"
)
_DATE_THEN_DAY = re.compile(rf"(?P<rest>.*(?:{'|'.join(MONTHS)}).*) (?P<said>{_NAMES})")
