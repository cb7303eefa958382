"""A transcript as the words that were said, the form that small models are trained on. Pure.

Recognisers such as Whisper write as people write: "It's 415-555-0123, Dr. Lee, for 10:30 or $95."
"""

import re
from functools import lru_cache
from typing import Final

from verticals.spoken.numbers import digits_in_words
from verticals.spoken.speech import spoken_form

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# A figure of three digits and more without a sign is a reference or a house: said one by one.
_FIGURES: Final = re.compile(
    r"(?<![\w$€£#.,:/-])\d{3,}(?![\w%]|[.,:/-]\d|\s?(?:dollars|euros|cents))"
)
# Whisper writes a time as "9.15" as often as "9:15"; a caller's decimals come with what they count.
_TIME: Final = re.compile(
    r"(?<![\w$€£#.,:/-])(1[0-2]|[1-9])\.([0-5]\d)(?![\w%]|[.,:/-]\d"
    r"|\s?(?:percent|dollars|euros|points?|miles?|inch|feet|foot|pounds?|hours?|meters?|gallons?))"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_HUNDRED_AND: Final = re.compile(r"\b(hundred|thousand) and (?=[a-z]+)")
# What marks a sound that is no word: "[BLANK_AUDIO]", "(laughs)", "*coughs*".
_NO_WORD: Final = re.compile(r"\[[^\]]{0,40}\]|\((?=[^\d)]*\))[^)]{0,40}\)|\*[^*]{1,40}\*|[♪♫]+")
_MOST_REMEMBERED: Final = 1_024


@lru_cache(maxsize=_MOST_REMEMBERED)
def heard_form(text: str, language: str = "en") -> str:
    """The words in small letters, without punctuation, figures as they are said.

    "My number's (415) 555-0123." is "my number's four one five five five five zero one two three",
    "$150 at 10:30 AM" is "one hundred fifty dollars at ten thirty a m". What was written in words
    stays as it is.
    """
    said = _TIME.sub(r"\1:\2", _NO_WORD.sub(" ", text.replace("’", "'")))
    said = _FIGURES.sub(_digits, said)
    words = _WORD.findall(spoken_form(said, language).lower())
    return _HUNDRED_AND.sub(r"\1 ", " ".join(words))


def _digits(figures: re.Match[str]) -> str:
    return figures[0] if _YEAR.fullmatch(figures[0]) else digits_in_words(figures[0])
