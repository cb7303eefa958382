"""The spoken form of a written sentence: what a text-to-speech voice is given. Pure.

Markdown and emoji go, figures and signs become words. In a language that is not offered figures
stay, since its voice knows better.
"""

import re
from collections.abc import Mapping
from typing import Final

from verticals.spoken.languages import Language, language_of
from verticals.spoken.markup import without_markup
from verticals.spoken.saying import said
from verticals.spoken.shortened import in_full
from verticals.spoken.written import written_in

# A sentence of words alone is said as it is written: most are, and cost two microseconds.
_LETTERS: Final = r"[^\W\d_½⅓⅔¼¾²³]"
_PLAIN: Final = re.compile(rf"[\s\"'“‘¿¡(]*{_LETTERS}+(?:[\s,;:!?'’-]+{_LETTERS}+)*[\s.,;:!?'’…]*")
_TITLE: Final = re.compile(
    r"\b(?P<title>Dr|Mr|Mrs|Ms|Prof|St|No|vs|approx|e\.g|i\.e|etc|ext|Ave|Blvd|Rd|Apt)\."
    r"(?=(?P<next>\s*\S?))"
)
_ENDS_SHORTENED: Final = re.compile(r"\b(?:Dr|St|Ave|Blvd|Rd|Ln|Hwy|Pkwy|Apt|Jr|Sr|Inc|etc)\.\s*$")
_ENGLISH_TITLES: Final[Mapping[str, str]] = {
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miss",
    "Prof": "Professor",
    "St": "Saint",
    "No": "number",
    "vs": "versus",
    "approx": "approximately",
    "e.g": "for example",
    "i.e": "that is",
    "etc": "et cetera",
    "ext": "extension",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Apt": "apartment",
}
_WAYS: Final = {"St": "Street", "Dr": "Drive"}
_COMPASS: Final = re.compile(r"\s+[NS]?[EW]?\b(?<=[NSEW])")
_WEEKDAY: Final = re.compile(
    r"\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?"
    r"(?=\s?[-–—,:/]|\s\d|\s?[ap]m|$|\s(?:at|to|and)\b)"
)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PER: Final = re.compile(r"\s?/\s?(hr|hour|mo|month|day|wk|week|yr|year|person|visit|h)\b")
_PERIODS: Final = {"hr": "hour", "h": "hour", "mo": "month", "wk": "week", "yr": "year"}
_SIGNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\s*&\s*"), "and"),
    (re.compile(r"\s*(?<![<>=])=\s*"), "equals"),
    (re.compile(r"(?<!\w)~\s?(?=\w)"), "about"),
    (re.compile(r"\s*[×∗]\s*"), "times"),
    (re.compile(r"\s*(?:→|⇒|->)\s*"), "to"),
    (re.compile(r"\s*[<≤]\s*(?=\w)"), "less"),
    (re.compile(r"\s*[>≥]\s*(?=\w)"), "more"),
    (re.compile(r"(?<=\s)\+\s*(?=\w)|(?<=\w)\+(?=\w)|^\+(?=\w)"), "plus"),
    (re.compile(r"(?<!\S)@\s?(?=\w)"), "at"),
)
# English alone: 5'10", "1 1/2", "5 days/week", "≤ 5".
_REWRITTEN: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\b(\d{1,2})['’′](\d{1,2})[\"”″]"), r"\1 feet \2 inches"),
    (re.compile(r"(?<=\d) 1/2(?![\d/])"), "½"),
    (re.compile(r"(?<=\d) 1/4(?![\d/])"), "¼"),
    (re.compile(r"(?<=\d) 3/4(?![\d/])"), "¾"),
    (re.compile(r"(?<=[a-z]s)/(?=(?:hour|day|week|month|year)\b)"), " per "),
    (re.compile(r"\s*≤\s*(?=\w)"), " at most "),
    (re.compile(r"\s*≥\s*(?=\w)"), " at least "),
)
_DAY_AND_NIGHT: Final = re.compile(r"\b24/7\b")
_NUMBERED: Final = re.compile(r"(?<!\w)#(?=\d)")
_UNTIL: Final = re.compile(r"\s?–\s?(?=[^\W\d_])")
_WITHOUT: Final = re.compile(r"\bw/o\b")
_WITH: Final = re.compile(r"\bw/(?=\s)")
_AND_OR: Final = re.compile(r"\b(and|y|et|und)/(or|o|ou|oder)\b")
_LETTERS_APART: Final = re.compile(r"\b([^\W\d_])/(?=[^\W\d_]\b)")  # "A/C"
_EITHER: Final = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])")
_RANGE_OF_NAMES: Final = re.compile(r"(?<=day)\s?[-–—]\s?(?=[A-Z][a-z]+day\b)")


def spoken_form(text: str, language: str = "en") -> str:
    """The sentence as it is said in the language of a tag ("en", "es-MX"); "" for nothing to say.

    "**Tuesday** at 3:30pm, $1,200.50" is "Tuesday at three thirty p m, one thousand two hundred
    dollars and fifty cents".
    """
    if _PLAIN.fullmatch(text) and not _ENDS_SHORTENED.search(text):
        return text
    plain = without_markup(text)
    spoken_in = language_of(language)
    if spoken_in is not None:
        plain = _with_signs(_with_values(_shortened(plain, spoken_in), spoken_in), spoken_in)
    if not any(letter.isalnum() for letter in plain):
        return ""
    # "At 6 p.m." ended with the full stop of its abbreviation.
    return f"{plain}." if text.rstrip().endswith(".") and plain[-1].isalnum() else plain


def _shortened(text: str, language: Language) -> str:
    """Abbreviations in full, where a voice would spell them."""
    text = _NUMBERED.sub(f"{language.words['number']} ", _DAY_AND_NIGHT.sub("24 7", text))
    if language.code == "en":
        text = in_full(_WITH.sub("with", _WITHOUT.sub("without", text)))
        text = _TITLE.sub(_title, text)
        text = _WEEKDAY.sub(lambda day: _weekday(day, language), text)
        text = _RANGE_OF_NAMES.sub(" to ", text)
        for written, said_as in _REWRITTEN:
            text = written.sub(said_as, text)
    return text


def _title(match: re.Match[str]) -> str:
    title, following = match["title"], match["next"].strip()
    before = match.string[: match.start()].split()[-1:] or [""]
    if title == "No" and not following.isdecimal():
        return match[0]  # "No." is an answer
    if title in _WAYS:
        # "Elm St. NW" and "42nd St." are streets, "at St. Mary's" and "Dr. Lee" are people.
        way = _COMPASS.match(match.string, match.end()) or not (
            following.isupper() or following == "&"
        )
        if way or (
            title == "St"
            and before[0][:1].isupper()
            and len(match.string[: match.start()].split()) > 1
        ):
            return _WAYS[title] + ("" if following else ".")
    return _ENGLISH_TITLES[title]


def _weekday(match: re.Match[str], language: Language) -> str:
    return language.weekday(_WEEKDAYS.index(match[1][:3]))


def _with_values(text: str, language: Language) -> str:
    pieces: list[str] = []
    at = 0
    for found in written_in(text, language):
        before = text[at : found.begins]
        pieces += [
            _without_strokes(before, language),
            said(found.value, language, before=before, after=text[found.ends :]),
        ]
        at = found.ends
        per = _PER.match(text, at)
        if per is not None:
            period = language.words[_PERIODS.get(per[1], per[1])]
            pieces.append(f" {language.words['per']} {period}")
            at = per.end()
        elif text[at : at + 1] == "/" and text[at + 1 : at + 2].isdecimal():  # 50 mg/5 ml
            pieces.append(f" {language.words['per']} ")
            at += 1
        elif (until := _UNTIL.match(text, at)) is not None:  # 10 a.m.–noon
            pieces.append(f" {language.words['to']} ")
            at = until.end()
    return "".join([*pieces, _without_strokes(text[at:], language)])


def _without_strokes(text: str, language: Language) -> str:
    """ "pick-up/drop-off" with a word for the stroke, outside of values and web addresses."""
    text = _LETTERS_APART.sub(r"\1 ", _AND_OR.sub(r"\1 \2", text))
    return _EITHER.sub(f" {language.words['or']} ", text)


def _with_signs(text: str, language: Language) -> str:
    for sign, word in _SIGNS:
        text = sign.sub(f" {language.words[word]} ", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
