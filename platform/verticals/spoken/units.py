"""Units as they are abbreviated, by CLDR's names; Babel knows their words in every language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal
from babel.units import format_unit

from verticals.spoken.languages import Gender, Language

_ABBREVIATIONS: Final[Mapping[str, str]] = {
    "length-kilometer": "km",
    "length-meter": "m",
    "length-centimeter": "cm",
    "length-millimeter": "mm",
    "length-mile": "mi",
    "length-foot": "ft ft.",
    "length-inch": "″",
    "length-yard": "yd",
    "mass-kilogram": "kg KG Kg",
    "mass-gram": "g",
    "mass-milligram": "mg",
    "mass-pound": "lb lbs lb. lbs.",
    "mass-ounce": "oz oz.",
    "volume-liter": "l",
    "volume-milliliter": "ml mL",
    "volume-gallon": "gal gal.",
    "speed-mile-per-hour": "mph MPH",
    "speed-kilometer-per-hour": "km/h kph",
    "duration-hour": "h hr hrs hr. hrs. Std.",
    "duration-minute": "min mins min. mins. Min.",
    "duration-second": "sec secs sec. secs.",
    "duration-week": "wk wks wk. wks.",
    "duration-month": "mo mos mo. mos.",
    "duration-year": "yr yrs yr. yrs.",
    "area-square-foot": "sqft ft²",
    "area-square-meter": "sqm m² qm",
    "volume-cubic-meter": "m³",
    "temperature-celsius": "°C ℃",
    "temperature-fahrenheit": "°F ℉",
    "angle-degree": "°",
    "digital-gigabyte": "GB",
    "digital-megabyte": "MB",
    "digital-terabyte": "TB",
    "power-watt": "W",
    "power-kilowatt": "kW",
    "energy-kilowatt-hour": "kWh",
    "electric-volt": "V",
}
UNIT_IDS: Final[Mapping[str, str]] = {
    "sq ft": "area-square-foot",
    "sq. ft.": "area-square-foot",
    "sq m": "area-square-meter",
    **{
        abbreviation: unit
        for unit, abbreviations in _ABBREVIATIONS.items()
        for abbreviation in abbreviations.split()
    },
}
_FEMININE: Final[Mapping[str, frozenset[str]]] = {
    "es": frozenset(("hour", "mile", "pound", "ounce", "inch", "yard", "week", "mile-per-hour")),
    "fr": frozenset(("hour", "minute", "second", "week", "pound", "ounce")),
    "de": frozenset(
        ("hour", "minute", "second", "week", "mile", "ounce", "mile-per-hour", "kilowatt-hour")
    ),
}


def unit_gender(unit: str, language: Language) -> Gender:
    """What "one" becomes before it."""
    name = unit.partition("-")[2]
    return "f" if name in _FEMININE.get(language.code, ()) else "m"


def with_unit(number: Decimal, words: str, unit: str, language: Language) -> str:
    """The number's words with the unit's name: "five square feet"."""
    figures = format_decimal(number, locale=language.locale)
    named = format_unit(number, unit, length="long", locale=language.locale)
    return named.replace(figures, words, 1)
