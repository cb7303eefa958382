"""What a text says clause by clause: which words are affirmed, which denied, and what is allowed.

Words alone decide, without grammar: a denial holds until the next clause, verb or subject. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shadow.lexicon import (
    FORBID,
    IDIOMS,
    MEANINGS,
    NEGATORS,
    OPTIONAL,
    PERMIT,
    RAISING,
    REQUIRE,
    STOPS,
    stem,
)
from verticals.spoken.days import MONTHS, WEEKDAYS
from verticals.spoken.numbers import cardinal, ordinal, words_of
from verticals.spoken.speech import spoken_form
from warmline.kernel.matching import match_key

Mood = Literal["permit", "forbid", "require", "advise", "optional", ""]
Answer = Literal["yes", "no", ""]

_END: Final = re.compile(
    r"[.?!;:]+(?=\s|$)|\n|\b(?:but|however|although|though|whereas|otherwise)\b"
)
_CONTRACTIONS: Final = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
_VERBS: Final = "do does did is are was were have has had could should would must need"
_BARE: Final = {f"{verb}nt": verb for verb in _VERBS.split()} | {"cant": "can", "wont": "will"}
_SUFFIXES: Final = {
    "'ll": "will",
    "'re": "are",
    "'ve": "have",
    "'d": "would",
    "'s": "is",
    "'m": "am",
}
_SUBJECTS: Final = frozenset(("i", "you", "he", "she", "it", "we", "they", "there", "who", "which"))
_RESETS: Final = frozenset(("if", "when", "because", "so", "then", "while", "since"))
_HELPERS: Final = (
    "do does did can could will would shall should must may is are was were have has have_to be"
)
_AUXILIARIES: Final = frozenset(_HELPERS.split())
_QUESTIONS: Final = ("what", "when", "where", "which", "who", "how")
_ASKING: Final = (_AUXILIARIES - {"have_to", "be"}).union(_QUESTIONS)
_YES: Final = frozenset(("yes", "yeah", "yep", "yup"))
_NO: Final = frozenset(("no", "nope", "nah"))
_AFTER_NO: Final = frozenset(("sorry", "thank", "thanks", "sir", "madam", "that", "this", "not"))
_EXCEPTIONS: Final = frozenset(("except", "unless", "only", "excluding"))
# What `shadow.facts` compares: numbers, days and what they count.
_COUNTED: Final = (
    "past quarter half hundred thousand million point percent minute minutes hour hours day days "
    "week weeks month months year years dollar dollars cent cents pound pounds euro euros pence "
    "mile miles gram grams milligram milligrams kilometer kilometers noon midday midnight"
)
_FACTS: Final = frozenset((*WEEKDAYS, *MONTHS, *_COUNTED.split()))
# "We do not open until nine" is "we open after nine".
_NOT_UNTIL: Final = re.compile(
    r"\bnot((?: (?!wait|hold|stay|last|keep)\w+){0,4}?) (?:until|till|before)\b"
)
# At the end of a clause these are part of its verb: "turn the water on".
_PARTICLES: Final = {"on": ("on", 1), "off": ("on", -1), "up": ("up", 1), "down": ("up", -1)}


@dataclass(frozen=True, slots=True)
class Clause:
    """`affirmed` and `denied` are meanings; `opposed` those that came as their opposites.

    `subjects` stand before the first verb, where no denial reaches them; `words` are those that
    were said, by meaning.
    """

    affirmed: frozenset[str]
    denied: frozenset[str]
    opposed: frozenset[str]
    subjects: frozenset[str]
    words: Mapping[str, str]
    mood: Mood
    asks: bool
    answer: Answer
    excepts: bool

    @property
    def meanings(self) -> frozenset[str]:
        """All that is spoken of."""
        return self.affirmed | self.denied


def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses that say anything, in order."""
    # As it is said, so that "5 mg" and "five milligrams" are the same words.
    spoken = match_key(spoken_form(text))
    clauses = (_clause(piece, asked=asked) for piece, asked in _pieces(spoken))
    return tuple(clause for clause in clauses if clause.meanings or clause.answer or clause.mood)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    begins = 0
    for end in _END.finditer(text):
        yield text[begins : end.start()], "?" in end[0]
        begins = end.end()
    yield text[begins:], False


def _clause(text: str, *, asked: bool) -> Clause:
    words = _expanded(words_of(text))
    answer, words = _answered(words)
    words = _without_idioms(words)
    asks = asked or _asks(words)
    if asks and "not" in words[:3]:
        words.remove("not")  # "isn't it open?" asks what "is it open?" does
    return _read(words, asks=asks, answer=answer)


def _asks(words: Sequence[str]) -> bool:
    """Whether the words begin as a question does; "do not take it" is none."""
    if len(words) < 2 or words[0] not in _ASKING:
        return False
    if words[1] != "not":
        return words[1] in _SUBJECTS
    return words[0] not in ("do", "does", "did") or words[2:3] == [] or words[2] in _SUBJECTS


def _expanded(words: Sequence[str]) -> list[str]:
    """ "don't", "cannot" and "we'll" as two words each."""
    expanded: list[str] = []
    for word in words:
        suffix = next((ending for ending in _SUFFIXES if word.endswith(ending)), "")
        if word.endswith("n't"):
            expanded += [_CONTRACTIONS.get(word, word[:-3]), "not"]
        elif word == "cannot":
            expanded += ["can", "not"]
        elif word in _BARE:
            expanded += [_BARE[word], "not"]
        elif suffix:
            expanded += [word.removesuffix(suffix), _SUFFIXES[suffix]]
        else:
            expanded.append(word)
    return expanded


def _answered(words: list[str]) -> tuple[Answer, list[str]]:
    """A "yes" or "no" that stands before a sentence, and the rest."""
    first, rest = words[:1], words[1:]
    follows = not rest or rest[0] in _SUBJECTS | _AFTER_NO
    if first and first[0] in _YES:
        return "yes", rest
    if first and first[0] in _NO and follows:
        return "no", rest
    return "", words


def _without_idioms(words: Sequence[str]) -> list[str]:
    text = f" {' '.join(words)} "
    for idiom, plain in IDIOMS:
        text = text.replace(f" {idiom} ", f" {plain} ")
    return _NOT_UNTIL.sub(r"\1 after", " ".join(text.split())).split()


def _read(words: Sequence[str], *, asks: bool, answer: Answer) -> Clause:
    signs: dict[str, set[int]] = {}
    opposed: set[str] = set()
    said: dict[str, str] = {}
    subjects: frozenset[str] = frozenset()
    mood: Mood = ""
    sign, since, carried = 1, 0, False
    subject = ""
    dated = any(word in MONTHS for word in words)
    for at, word in enumerate(words):
        new_verb = word in _AUXILIARIES and since
        if (word in _SUBJECTS or word in _RESETS or new_verb) and not carried:
            sign, since = 1, 0
        if word in _SUBJECTS:
            subject, carried = word, False
        if word in _AUXILIARIES and not subject:
            subject, subjects = "it", frozenset(said)
        meaning, own = _meaning(word, dated=dated)
        if word in _PARTICLES and at == len(words) - 1:
            meaning, own = _PARTICLES[word]
        mood = mood if asks else _mood(words, at, sign * own, subject) or mood
        if meaning:
            signs.setdefault(meaning, set()).add(sign * own)
            said.setdefault(meaning, word)
            since += 1
            if own < 0:
                opposed.add(meaning)
        if word in NEGATORS:
            sign = -1 if word == "nor" else -sign
            carried = bool(RAISING & set(words[at + 1 : at + 3]))
        if word == "have_to":
            sign = 1  # what one has not to do is not denied
    return Clause(
        affirmed=frozenset(name for name, own in signs.items() if 1 in own),
        denied=frozenset(name for name, own in signs.items() if -1 in own),
        opposed=frozenset(opposed),
        subjects=subjects,
        words=said,
        mood=mood,
        asks=asks,
        answer=answer,
        excepts=any(word in _EXCEPTIONS for word in words),
    )


def _meaning(word: str, *, dated: bool) -> tuple[str, int]:
    """What a word stands for, and -1 if for its opposite; ("", 1) for a word that says nothing."""
    number = cardinal([word]) is not None or word[0].isdecimal()
    key = stem(word)
    if word in _FACTS or number or (dated and ordinal([word]) is not None):
        return "", 1
    if key in MEANINGS and word not in STOPS:
        return MEANINGS[key]
    if word in STOPS or word in NEGATORS or word in REQUIRE or word in RAISING - {"allowed"}:
        return "", 1
    return key, 1


def _mood(words: Sequence[str], at: int, sign: int, subject: str) -> Mood:
    """What a word allows or asks for; what "we" can is no permission."""
    word, following = words[at], words[at + 1 : at + 3]
    denied = "not" in following or "never" in following
    imperative = word == "do" and following[:1] == ["not"] and not subject
    mood: Mood = ""
    if imperative or (word == "never" and at == 0):
        mood = "forbid"
    elif subject in ("i", "we"):
        mood = ""
    elif word in ("must", "should", "can", "may", "could") and denied:
        mood = "forbid"
    elif word in OPTIONAL:
        mood = "optional" if sign < 0 or word == "optional" else ""
    elif word in FORBID:
        mood = "forbid" if sign < 0 or word in ("avoid", "refrain") else "permit"
    elif word in ("should", "ought"):
        mood = "advise"
    elif word in REQUIRE:
        mood = "require" if sign > 0 else "optional"
    elif word in PERMIT:
        mood = "permit" if sign > 0 else "forbid"
    return mood
