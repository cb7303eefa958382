"""Whether the words so far are all that a caller has to say. Pure.

Nothing here knows how long the pause is, nor how the voice fell: see `decision`.
"""

import re
from dataclasses import dataclass, fields
from typing import Final

from telephony.media.turn_end import phrasing
from telephony.media.turn_end.asked import Asked

# A North American telephone number; most others are longer.
PHONE_DIGITS: Final = 10
ZIP_DIGITS: Final = 5
# From so many digits on a group of them is being dictated, whatever was asked.
DICTATED_DIGITS: Final = 3

_ENDS_NO_QUESTION: Final = phrasing.DANGLING - phrasing.STRANDED
_YES_NO: Final = phrasing.YES_NO | phrasing.YES_NO_PADDING
_NO_NAMES: Final = phrasing.DANGLING | phrasing.OPENINGS | {"name"}
_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_TIME_OR_PRICE: Final = re.compile(
    r"(?:\$\s?[\d,.]+|\d{1,2}:\d\d|\b\d{1,2}\s?(?:[ap]\.?m\b\.?|o'clock)"
    r"|\d%|\d(?:st|nd|rd|th))[.?!]*$"
)
_EMAIL: Final = re.compile(r"\bdot (?:com|org|net|edu)\b|@?\w+\.(?:com|org|net|edu)\b")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the words show, each from 0 (not at all) to 1; `length` is of the words, at most 1."""

    dangling: float = 0.0  # the last word wants another
    filler: float = 0.0  # "um"
    trailing: float = 0.0  # the recogniser writes "..." or a dash or a comma
    stopped: float = 0.0  # it writes a full stop
    questioned: float = 0.0  # it writes a question mark
    opening: float = 0.0  # a greeting or an "okay", and nothing else yet
    courtesy: float = 0.0  # the last word is "please" or "thanks"
    number_open: float = 0.0  # digits of a number that has more of them
    number_done: float = 0.0
    answer: float = 0.0  # it answers what was asked
    answer_open: float = 0.0  # it has only begun to
    clause: float = 0.0  # the sentence begins with "if" or "when" and has no second clause yet
    length: float = 0.0


SIGNS: Final = tuple(field.name for field in fields(Signs))


def tokens(text: str) -> list[str]:
    """The words and the digits, in lower case, without punctuation."""
    return _TOKEN.findall(text.lower().replace("\u2019", "'"))


def signs(text: str, *, asked: Asked) -> Signs:
    """What the words show, after what was asked."""
    text = text.strip().lower()
    words = tokens(text)
    if not words:
        return Signs()
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    pair = (before, last) in phrasing.DANGLING_PAIRS
    is_question = text.endswith("?")
    wants_more = _ENDS_NO_QUESTION if is_question else phrasing.DANGLING
    number_open, number_done = _number(text, words, asked)
    answer, answer_open = _answer(text, words, asked)
    return Signs(
        dangling=float(not answer and (last in wants_more or (pair and not is_question))),
        filler=float(last in phrasing.FILLERS and not is_question),
        trailing=float(text.endswith(("...", "\u2026", "-", "\u2014", ","))),
        stopped=float(text.endswith((".", "!")) and not text.endswith("...")),
        questioned=float(is_question),
        opening=float(not answer and all(word in phrasing.OPENINGS for word in words)),
        courtesy=float(last in phrasing.COURTESIES_LAST or (before, last) == ("thank", "you")),
        number_open=number_open,
        number_done=number_done,
        answer=answer,
        answer_open=answer_open,
        clause=float(_is_clause(text)),
        length=min(1.0, len(words) / 12),
    )


def _is_clause(text: str) -> bool:
    sentence = re.split(r"[.?!]\s+", text)[-1]
    first = tokens(sentence)[:1]
    return bool(phrasing.SUBORDINATE.intersection(first)) and "," not in sentence.rstrip(",")


def _digits(word: str) -> int:
    return len(word) if word.isdigit() else phrasing.SPELT_DIGITS.get(word, 0)


def _number(text: str, words: list[str], asked: Asked) -> tuple[float, float]:
    """Whether it ends within a number that is dictated, and whether with a whole one."""
    run = 0
    while run < len(words) and _digits(words[-1 - run]):
        run += 1
    if not run or _TIME_OR_PRICE.search(text):
        return 0.0, 0.0
    count = sum(_digits(word) for word in words[-run:])
    before = words[-1 - run] if run < len(words) else ""
    wanted = asked in {"number", "zip"} or bool(phrasing.OF_NUMBERS & set(words))
    if not wanted and (before in phrasing.BEFORE_A_QUANTITY or count < DICTATED_DIGITS):
        return 0.0, 0.0
    if asked == "zip" or "zip" in words:
        return float(count < ZIP_DIGITS), float(count >= ZIP_DIGITS)
    return float(count < PHONE_DIGITS), float(count >= PHONE_DIGITS)


def _answer(text: str, words: list[str], asked: Asked) -> tuple[float, float]:
    """Whether it answers what was asked, and whether it has only begun to."""
    if asked == "yes_no":
        agrees = words[0] in phrasing.YES_NO and _YES_NO.issuperset(words)
        dangles = words[-1] in phrasing.DANGLING and words[-1] not in {"no", "not"}
        return float(agrees and not dangles), 0.0
    if asked == "name":
        if words[-1] in phrasing.DANGLING or words[-1] in phrasing.FILLERS:
            return 0.0, 0.0
        names = sum(word not in _NO_NAMES for word in words)
        return float(names >= 2), float(names == 1)
    if asked == "address":
        numbered = any(_digits(word) for word in words)
        named = bool(phrasing.STREETS & set(words[1:]))
        return float(numbered and named), float(numbered and len(words) <= 2)
    if asked == "date":
        return float(words[-1] in phrasing.DAYS or bool(_TIME_OR_PRICE.search(text))), 0.0
    if asked == "email":
        done = _EMAIL.search(text) is not None
        return float(done), float(not done)
    return 0.0, 0.0
