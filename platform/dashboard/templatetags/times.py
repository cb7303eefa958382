"""Times as the company's clock showed them, in the hour cycle of whoever reads.

`{% moment call.started_at %}` is a `<time>`: "28 Nov, 17:15" in Berlin, "Nov 28, 5:15 PM" for a
reader in the United States; hovering tells the date with its zone.
"""

import re
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_time
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_READER: Final = re.compile(r"[a-z]{2,3}[-_]([A-Z]{2})", re.IGNORECASE)
# The pages are in English; where the reader is says how dates and hours are written.
_SOMEWHERE: Final = Locale("en", "GB")
_SKELETONS: Final = {
    "short": "MMMd",
    "exact": "MMMd",
    "logged": "yMMMd",
    "dated": "yMMMd",
    "long": "yMMMMd",
}


@register.simple_tag(takes_context=True)
def moment(
    context: Any, at: datetime | None, form: str = "short", otherwise: str = "–"
) -> SafeString | str:
    """A moment, day and time; `otherwise` for none.

    `form`: short, exact to the second; dated is short with the year, logged exact with it, long has
    the month written out.
    """
    if at is None:
        return otherwise
    locale, local = _locale(context), at.astimezone(_zone(context))
    day = format_skeleton(_SKELETONS[form], local, locale=locale)
    return _element(at, f"{day}, {_hours(local, locale, form)}", local, locale)


@register.simple_tag(takes_context=True)
def on_day(context: Any, at: datetime | None, form: str = "dated", otherwise: str = "–") -> Any:
    """The day of a moment, without its hour; `form` as of `moment`."""
    if at is None:
        return otherwise
    locale, local = _locale(context), at.astimezone(_zone(context))
    return _element(at, format_skeleton(_SKELETONS[form], local, locale=locale), local, locale)


@register.simple_tag(takes_context=True)
def hours(context: Any, at: datetime) -> SafeString:
    """The time of day alone."""
    locale, local = _locale(context), at.astimezone(_zone(context))
    return _element(at, _hours(local, locale), local, locale)


@register.simple_tag(takes_context=True)
def day(context: Any, on: date) -> str:
    """A day with its weekday: "Sat 28 Nov"."""
    return str(format_skeleton("MMMEd", on, locale=_locale(context)))


@register.simple_tag(takes_context=True)
def zone(context: Any) -> str:
    """The company's time zone, as people know it: "New York"."""
    return _zone(context).key.rpartition("/")[2].replace("_", " ")


def _element(at: datetime, text: str, local: datetime, locale: Locale) -> SafeString:
    whole = format_datetime(local, "full", tzinfo=local.tzinfo, locale=locale)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), whole, text
    )


def _hours(local: datetime, locale: Locale, form: str = "short") -> str:
    length = "medium" if form in ("exact", "logged") else "short"
    return str(format_time(local, length, tzinfo=local.tzinfo, locale=locale))


def _zone(context: Any) -> ZoneInfo:
    membership = getattr(context.get("request"), "membership", None)
    return ZoneInfo(membership.time_zone if membership is not None else "UTC")


def _locale(context: Any) -> Locale:
    request = context.get("request")
    preferred = request.headers.get("Accept-Language", "") if request is not None else ""
    found = _READER.search(preferred[:200])
    if found is None:
        return _SOMEWHERE
    try:
        return Locale("en", found[1].upper())
    except UnknownLocaleError:
        return _SOMEWHERE
