"""Names, addresses, numbers and free words, against what the caller said. Pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from verticals.grounding.conversation import Said, callers_words
from verticals.spoken.numbers import cardinal, digit_run, digits_of, number_at, words_of
from verticals.spoken.phrases import MONTHS, WEEKDAYS
from warmline.kernel.matching import match_key, unaccented

_LIKE: Final = 0.8  # of the letters, in their order: "jon" and "john" are one name
_LIKE_SPELT: Final = 0.55  # what is spelt was heard wrongly
_SPELT_LETTERS: Final = 3
_TITLE_WORDS: Final = "mr mrs ms miss dr doctor mister missus"
_NEVER_NAMES: Final = (
    "yes no please thanks thank you hello hi hey okay ok sure the a an my name is it for at on and"
    " i me customer caller patient client unknown none guest user tomorrow today"
)
_STREET_WORDS: Final = (
    "street st road rd avenue ave drive dr lane ln way court ct place pl square boulevard blvd the"
    " apartment apt flat unit number no north south east west of and in at on"
)
_EMPTY_WORDS: Final = (
    "a an the my our your for of to in on at with and or is it i we need want have get done please"
    " appointment visit booking service book"
)
_TITLES: Final = frozenset(_TITLE_WORDS.split())
_NO_NAMES: Final = frozenset((*WEEKDAYS, *MONTHS, *_TITLES, *_NEVER_NAMES.split()))
_STREETS: Final = frozenset(_STREET_WORDS.split())
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())
_HELLO: Final = re.compile(
    r"\b(?:hi|hello|hey|thanks|thank you|good (?:morning|afternoon|evening))[ ,]+(?P<name>\w+)",
    re.IGNORECASE,
)
_MOST_NAMES: Final = 4
_INTRODUCED: Final = re.compile(
    r"\b(?:my name is|my name's|the name is|the name's|name is)\s+(?P<name>[^,.;!?]+)",
    re.IGNORECASE,
)
_NAME_FRAME: Final = re.compile(
    r"^(?:\W*\b(?:um|uh|oh|sure|yes|yeah|no|okay|sorry|it's|it is|its|that's|that is|this is|under"
    r"|i'm|i am|i said)\b)*\W*",
    re.IGNORECASE,
)
_AS_IN: Final = re.compile(r"\b([a-z])(?:[,.]? (?:as in|like in|for) [a-z]+)", re.IGNORECASE)
_DOUBLE: Final = re.compile(r"\bdouble ([a-z])\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"(?<![^\W_])(?:[a-z](?:[\s,.\-–]+|$)){3,}", re.IGNORECASE)


def named(name: str, *, said: Sequence[Said]) -> str | None:
    """The name as the caller said it: spelt, where he spelt it; None where he said none.

    A small model writes a name that it has never read as another one, however often it is told, or
    half of it: the name that the caller gave when he was asked stands before what is made of it.
    """
    written, told = _written(name, said), _name_told(said)
    if told is not None and (written is None or not _holds(written, told)):
        return _written(told, said) or told
    return written


def _written(name: str, said: Sequence[Said]) -> str | None:
    """A name whose every word the caller said as one, each as he spelt it; else None."""
    heard = [_plain(word) for line in said if line.source == "caller" for word in _own(line.text)]
    spelt = [letters for line in said if line.source == "caller" for letters in spelt_in(line.text)]
    resolved: list[str] = []
    for word in spelt_in(name) or name.split():
        bare = _plain(word)
        if bare in _TITLES:
            resolved.append(word)
            continue
        letters = next((each for each in reversed(spelt) if _like(each, bare) >= _LIKE_SPELT), "")
        if letters:
            resolved.append(letters if letters != bare else word)
        elif bare not in _NO_NAMES and any(_like(bare, each) >= _LIKE for each in heard):
            resolved.append(word)
        else:
            return None
    return " ".join(resolved) if any(_plain(word) not in _TITLES for word in resolved) else None


def _holds(name: str, told: str) -> bool:
    """Whether a name has every word of the one that was told; it may have more."""
    words = [_plain(word) for word in name.split()]
    return all(
        any(_like(_plain(word), each) >= _LIKE_SPELT for each in words) for word in told.split()
    )


def _name_told(said: Sequence[Said]) -> str | None:
    """The name that the caller gave last: asked for it, or as one who says what he is called."""
    told: str | None = None
    for at, line in enumerate(said):
        if line.source != "caller":
            continue
        before = said[at - 1].text.casefold() if at else ""
        introduced = _INTRODUCED.search(line.text)
        if introduced is not None:
            told = _as_name(introduced["name"]) or told
        elif "name" in before and "?" in before:
            told = _as_name(line.text) or told
    return told


def _as_name(text: str) -> str | None:
    """The words as a name, or None: too many, figures among them, or none that names."""
    bare = _NAME_FRAME.sub("", text)
    words = re.split(r"[.,;!?]", bare)[0].split()
    plain = [_plain(word) for word in words]
    if not 1 <= len(words) <= _MOST_NAMES or any(letter.isdigit() for letter in bare):
        return None
    is_name = all(plain) and not any(word in _NO_NAMES - _TITLES for word in plain)
    return " ".join(words) if is_name else None


def spelt_in(text: str) -> list[str]:
    """What was spelt out: "S M I T H", "s-m-i-double t", "b as in boy o b"."""
    plain = _DOUBLE.sub(r"\1 \1", _AS_IN.sub(r"\1", text))
    runs = (re.sub(r"[^a-z]", "", run.group().casefold()) for run in _LETTERS.finditer(plain))
    return [letters for letters in runs if len(letters) >= _SPELT_LETTERS]


def is_number_said(digits: str, *, said: Sequence[Said], caller_number: str) -> bool:
    """Whether a number's digits were said, in any grouping, or are those of who calls."""
    wanted = digits_of(digits) or re.sub(r"\D", "", digits)
    if not wanted:
        return True  # no digits at all: whoever reads it asks for them
    known = re.sub(r"\D", "", caller_number)
    if len(wanted) >= 7 and known and known.endswith(wanted[-10:]):
        return True
    for line in said:
        if line.source in ("caller", "tool") and wanted in _digits_in(line.text):
            return True
    spoken = "".join(_digits_in(line.text) for line in said if line.source == "caller")
    return wanted in spoken


def is_address_said(address: str, *, said: Sequence[Said]) -> bool:
    """Whether an address's numbers were said, and its names, but for words such as "street"."""
    heard, numbers = callers_words(said), _numbers_in(said)
    for word in words_of(address):
        if word.isdecimal() or cardinal([word]) is not None:
            value = word if word.isdecimal() else str(cardinal([word]))
            if value not in numbers and word not in heard:
                return False
        elif word not in _STREETS and not any(_like(word, each) >= _LIKE for each in heard):
            return False
    return True


def are_words_said(text: str, *, said: Sequence[Said]) -> bool:
    """Whether something of a free text was said, or is known: its words may be put otherwise."""
    wanted = [word for word in words_of(text) if word not in _EMPTY]
    if not wanted:
        return True
    lines = (line.text for line in said if line.source != "agent")
    heard = {word for text_ in lines for word in words_of(text_)}
    return any(_is_related(word, other) for word in wanted for other in heard)


def _own(text: str) -> list[str]:
    """The caller's words that may be names: none by which he greets somebody, and those in capitals
    where recognition writes any.
    """
    greeted = {match["name"].casefold() for match in _HELLO.finditer(text)}
    again = re.search(r"\b(?:my name|i'm|i am|this is|name's)\b", text, re.IGNORECASE)
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)
    if text != text.casefold():
        words = [word for word in words if word[0].isupper()]
    return [word for word in words if again or word.casefold() not in greeted]


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", unaccented(match_key(word)))


def _like(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 3:
        return 0.0
    return SequenceMatcher(None, one, other).ratio()


def _is_related(one: str, other: str) -> bool:
    if one == other:
        return True
    return min(len(one), len(other)) >= 4 and (one[:4] == other[:4] or _like(one, other) >= _LIKE)


def _digits_in(text: str) -> str:
    """Every digit of a line in its order, whatever stands between."""
    words, digits, at = words_of(text), "", 0
    while at < len(words):
        run, used = digit_run(words, at)
        if not used:
            number = int(words[at]) if words[at].isdecimal() else cardinal(words[at : at + 2])
            used = 2 if number is not None and not words[at].isdecimal() else 1
            if number is None:
                number, used = cardinal(words[at : at + 1]), 1
            run = words[at] if words[at].isdecimal() else "" if number is None else str(number)
        digits, at = digits + run, at + used
    return digits


def _numbers_in(said: Sequence[Said]) -> frozenset[str]:
    """Numbers that the caller said, as figures: "forty two", "four two" and "42" are 42."""
    numbers: set[str] = set()
    for line in said:
        if line.source != "caller":
            continue
        words = words_of(line.text)
        for at in range(len(words)):
            whole, used = number_at(words, at)
            if used:
                numbers.add(str(whole))
            run, used = digit_run(words, at)
            if used:
                numbers.add(run)
            if words[at].isdecimal():
                numbers.add(words[at])
    return frozenset(numbers)
