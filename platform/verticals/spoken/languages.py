"""The languages in which written numbers are spoken: their words, and how they write numbers.

Numbers in words are num2words', names of months, weekdays and units are CLDR's (Babel). What
neither knows stands here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from babel import Locale
from num2words import num2words

Gender = Literal["m", "f"]
# One, many; one hundredth, many. The gender counts for "one" and its compounds.
Currency = tuple[str, str, str, str, Gender]
SIGNS: Final[Mapping[str, str]] = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    **{code: code for code in ("USD", "EUR", "GBP", "JPY", "INR", "CHF", "MXN", "CAD", "AUD")},
}


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language: `words` are those around numbers; `region` decides the order of a date."""

    code: str
    region: str
    words: Mapping[str, str]
    currencies: Mapping[str, Currency]
    locale: Locale

    @property
    def day_first(self) -> bool:
        """Whether 5/12 is the fifth of December."""
        return not (self.code == "en" and self.region in ("", "US", "PH"))

    @property
    def decimal(self) -> str:
        """The sign before the decimals."""
        return "." if self.code == "en" or self.region in ("MX", "US", "CH") else ","

    def cardinal(self, number: int, *, gender: Gender | None = None) -> str:
        """A whole number in words; before a noun, "one" takes its gender."""
        words = _spelt(number, self.code, "cardinal")
        if gender is None:
            return words
        for ending, masculine, feminine in _ONE.get(self.code, ()):
            if words.endswith(ending):
                stem = words.removesuffix(ending)
                return stem + (masculine if gender == "m" else feminine)
        return words

    def ordinal(self, number: int) -> str:
        """ "twenty first"."""
        return _spelt(number, self.code, "ordinal")

    def year(self, number: int) -> str:
        """ "twenty twenty six"."""
        return _spelt(number, self.code, "year")

    def digits(self, figures: str) -> str:
        """Figures one by one; letters among them stay."""
        return " ".join(
            _spelt(int(figure), self.code, "cardinal") if figure.isdecimal() else figure
            for figure in figures
            if figure.isalnum()
        )

    def month(self, number: int) -> str:
        """The month's name, 1 to 12."""
        return str(self.locale.months["format"]["wide"][number])

    def weekday(self, number: int) -> str:
        """The weekday's name, Monday is 0."""
        return str(self.locale.days["format"]["wide"][number])


# What "one" becomes at the end of a number before a noun: ending, masculine, feminine.
_ONE: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "es": (("veintiuno", "veintiún", "veintiuna"), ("uno", "un", "una")),
    "fr": (("un", "un", "une"),),
    "de": (("eins", "ein", "eine"),),
}


@lru_cache(maxsize=4096)
def _spelt(number: int, code: str, kind: Literal["cardinal", "ordinal", "year"]) -> str:
    words = str(num2words(number, lang=code, to=kind))
    if code != "en":
        return words
    # As the rest of the product says numbers: "twenty one", "two thousand and six".
    return " ".join(words.replace(",", "").replace("-", " ").split())


def _words(text: str) -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in text.split(";"))
    return {name.strip(): word.strip() for name, _, word in pairs}


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _words(
        "point=point; minus=minus; to=to; percent=percent; at=at; dot=dot; slash=slash; dash=dash;"
        "underscore=underscore; and=and; or=or; plus=plus; equals=equals; about=about; times=times;"
        "number=number; per=per; hash=hash; extension=extension; less=less than; more=more than;"
        "half=half; third=third; quarter=quarter; quarters=quarters; million=million;"
        "billion=billion; thousand=thousand; month=month; hour=hour; day=day; week=week; year=year;"
        "person=person; visit=visit; by=by"
    ),
    "es": _words(
        "point=coma; minus=menos; to=a; percent=por ciento; at=arroba; dot=punto; slash=barra;"
        "dash=guion; underscore=guion bajo; and=y; or=o; plus=más; equals=igual a; about=unos;"
        "times=por; number=número; per=por; hash=almohadilla; extension=extensión; less=menos de;"
        "more=más de; half=medio; third=tercio; quarter=cuarto; quarters=cuartos; million=millones;"
        "billion=mil millones; thousand=mil; month=mes; hour=hora; day=día; week=semana; year=año;"
        "person=persona; visit=visita; by=por"
    ),
    "fr": _words(
        "point=virgule; minus=moins; to=à; percent=pour cent; at=arobase; dot=point; slash=barre;"
        "dash=tiret; underscore=tiret bas; and=et; or=ou; plus=plus; equals=égale; about=environ;"
        "times=fois; number=numéro; per=par; hash=dièse; extension=poste; less=moins de;"
        "more=plus de; half=demi; third=tiers; quarter=quart; quarters=quarts; million=millions;"
        "billion=milliards; thousand=mille; month=mois; hour=heure; day=jour; week=semaine;"
        "year=an; person=personne; visit=visite; by=par"
    ),
    "de": _words(
        "point=Komma; minus=minus; to=bis; percent=Prozent; at=ät; dot=Punkt; slash=Schrägstrich;"
        "dash=Bindestrich; underscore=Unterstrich; and=und; or=oder; plus=plus; equals=gleich;"
        "about=etwa; times=mal; number=Nummer; per=pro; hash=Raute; extension=Durchwahl;"
        "less=weniger als; more=mehr als; half=halb; third=Drittel; quarter=Viertel;"
        "quarters=Viertel; million=Millionen; billion=Milliarden; thousand=tausend; month=Monat;"
        "hour=Stunde; day=Tag; week=Woche; year=Jahr; person=Person; visit=Besuch; by=mal"
    ),
}
_CURRENCIES: Final[Mapping[str, Mapping[str, Currency]]] = {
    "en": {
        "USD": ("dollar", "dollars", "cent", "cents", "m"),
        "EUR": ("euro", "euros", "cent", "cents", "m"),
        "GBP": ("pound", "pounds", "penny", "pence", "m"),
        "JPY": ("yen", "yen", "sen", "sen", "m"),
        "INR": ("rupee", "rupees", "paisa", "paise", "m"),
        "CHF": ("franc", "francs", "centime", "centimes", "m"),
        "MXN": ("peso", "pesos", "centavo", "centavos", "m"),
        "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents", "m"),
        "AUD": ("Australian dollar", "Australian dollars", "cent", "cents", "m"),
    },
    "es": {
        "USD": ("dólar", "dólares", "centavo", "centavos", "m"),
        "EUR": ("euro", "euros", "céntimo", "céntimos", "m"),
        "GBP": ("libra", "libras", "penique", "peniques", "f"),
        "MXN": ("peso", "pesos", "centavo", "centavos", "m"),
        "CHF": ("franco", "francos", "céntimo", "céntimos", "m"),
    },
    "fr": {
        "USD": ("dollar", "dollars", "cent", "cents", "m"),
        "EUR": ("euro", "euros", "centime", "centimes", "m"),
        "GBP": ("livre", "livres", "penny", "pence", "f"),
        "CHF": ("franc", "francs", "centime", "centimes", "m"),
    },
    "de": {
        "USD": ("Dollar", "Dollar", "Cent", "Cent", "m"),
        "EUR": ("Euro", "Euro", "Cent", "Cent", "m"),
        "GBP": ("Pfund", "Pfund", "Penny", "Pence", "m"),
        "CHF": ("Franken", "Franken", "Rappen", "Rappen", "m"),
    },
}
OFFERED: Final = tuple(_WORDS)
_TAG: Final = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8}){0,2}")  # RFC 5646, as far as used
ENGLISH: Final = Language("en", "", _WORDS["en"], _CURRENCIES["en"], Locale("en"))


@lru_cache(maxsize=64)
def language_of(tag: str) -> Language | None:
    """The language of a tag such as "en", "es-MX" or "de_AT"; None for one that is not offered."""
    if not _TAG.fullmatch(tag):
        return None
    code, _, rest = tag.lower().replace("_", "-").partition("-")
    if code not in OFFERED:
        return None
    region = next((part.upper() for part in rest.split("-") if len(part) == 2), "")
    return Language(code, region, _WORDS[code], _CURRENCIES[code], Locale(code))
