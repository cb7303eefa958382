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
    r"[.?!;:]+(?=\s|$)|\n"
    r"|\b(?:(?<!anything )(?<!everywhere )but|however|although|though|whereas|otherwise)\b"
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
_YES: Final = frozenset(("yes", "yeah", "yep", "yup", "sure", "certainly", "absolutely"))
_NO: Final = frozenset(("no", "nope", "nah"))
_AFTER_NO: Final = frozenset(("sorry", "thank", "thanks", "sir", "madam", "that", "this", "not"))
_ALL: Final = frozenset(("all", "every", "each", "everyone", "everybody"))
_SOME: Final = frozenset(("some", "few", "several", "most", "sometimes"))
_COMPARING: Final = frozenset(("than", "before", "after"))
_EXCEPTIONS: Final = frozenset(("except", "unless", "only", "excluding"))
_ADVISED: Final = frozenset(("recommended", "advised", "advisable", "should", "ought"))
# What `shadow.facts` compares: numbers, days and what they count.
_COUNTED: Final = (
    "past quarter half hundred thousand million point percent minute minutes hour hours day days "
    "week weeks month months year years dollar dollars cent cents pound pounds euro euros pence "
    "mile miles gram grams milligram milligrams kilometer kilometers noon midday midnight"
)
_PERIODS: Final = frozenset(("minute", "hour", "day", "week", "month", "year"))
_EACH: Final = (["every"], ["each"], ["per"], ["this"], ["next"], ["last"], ["the"])
_BEFORE_MONTH: Final = (["in"], ["until"], ["since"])
_OF_ONE: Final = (["a"], ["an"], ["of"], ["the"], ["your"])
_NOTHING: Final = frozenset(("nothing", "nobody", "none", "nowhere"))
_FACTS: Final = frozenset((*WEEKDAYS, *MONTHS, *_COUNTED.split()))
# "We do not open until nine" is "we open after nine".
_NOT_UNTIL: Final = re.compile(
    r"\bnot((?: (?!wait|hold|stay|last|keep)\w+){0,4}?) (?:until|till|before)\b"
)
# At the end of a clause these are part of its verb: "turn the water on".
_PARTICLES: Final = {
    "on": ("enable", 1),
    "off": ("enable", -1),
    "up": ("up", 1),
    "down": ("up", -1),
    "in": ("in", 1),
    "out": ("in", -1),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """`affirmed` and `denied` are meanings; `opposed` those that came as their opposites.

    `negated`: a word such as "not" stands in it. `subjects` stand before the first verb, where no
    denial reaches them. `of_all` and `of_some`: how many are spoken of. `words` are those
    that were said, by meaning.
    """

    affirmed: frozenset[str]
    denied: frozenset[str]
    opposed: frozenset[str]
    negated: bool
    subjects: frozenset[str]
    words: Mapping[str, str]
    mood: Mood
    asks: bool
    answer: Answer
    excepts: bool
    compares: bool
    of_all: bool
    of_some: bool

    @property
    def meanings(self) -> frozenset[str]:
        """All that is spoken of."""
        return self.affirmed | self.denied


def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses that say anything, in order."""
    # As it is said, so that "5 mg" and "five milligrams" are the same words.
    spoken = match_key(spoken_form(text))
    clauses = (_clause(piece, asked=asked) for piece, asked in _pieces(spoken))
    return tuple(
        clause
        for clause in clauses
        if clause.meanings or clause.answer or clause.mood or clause.negated
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    begins = 0
    for end in _END.finditer(text):
        yield text[begins : end.start()], "?" in end[0]
        begins = end.end()
    yield text[begins:], False


def _clause(text: str, *, asked: bool) -> Clause:
    words = _expanded(words_of(text))
    answer, words = _answered(words)
    words = [] if words == ["not", "at", "all"] else _without_idioms(words)
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
    if first and first[0] in _YES and rest[:1] != ["not"]:
        return "yes", rest
    if first and first[0] in _NO and follows:
        return "no", rest
    return "", words


def _without_idioms(words: Sequence[str]) -> list[str]:
    text = f" {' '.join(words)} "
    for idiom, plain in IDIOMS:
        text = text.replace(f" {idiom} ", f" {plain} ")
    return _NOT_UNTIL.sub(r"\1 after", " ".join(text.split())).split()


class _Reader:
    """Reads a clause word by word: what is denied, from where on, and until where."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.signs: dict[str, set[int]] = {}
        self.said: dict[str, str] = {}
        self.opposed: set[str] = set()
        self.subjects: frozenset[str] = frozenset()
        self.subject = ""
        self.mood: Mood = ""
        self.negated = False
        self._dated = any(word in MONTHS for word in words)
        self._sign = 1
        self._latest = ""  # the last meaning since the denial began or ended
        self._raised = False  # "i do not think that you": the denial goes on into the next clause
        self._counted = False  # "no pets are allowed": it goes on past the verb

    def read(self) -> None:
        """Take every word."""
        for at in range(len(self.words)):
            self._begin(at)
            self.mood = self._mood(at) or self.mood
            self._mean(at)
            self._deny(at)

    def _begin(self, at: int) -> None:
        """A new subject or verb, which an earlier denial does not reach."""
        word, following = self.words[at], self.words[at + 1 : at + 2]
        verb = word in _AUXILIARIES
        # "We can not fit you in": no subject.
        is_object = bool(self._latest) and following != [] and following[0] not in _AUXILIARIES
        subject = word in _SUBJECTS and not (is_object and word in ("you", "it"))
        new_verb = verb and self._latest and not self._counted
        if (subject or word in _RESETS or new_verb) and not self._raised:
            self._sign, self._latest, self._counted = 1, "", False
        if subject:
            self.subject, self._raised = word, False
        if verb and not self.subject:
            self.subject, self.subjects = "it", frozenset(self.said)

    def _mean(self, at: int) -> None:
        word = self.words[at]
        meaning, own = _meaning(self.words, at, dated=self._dated)
        if not meaning:
            return
        self.signs.setdefault(meaning, set()).add(self._sign * own)
        self.said.setdefault(meaning, word)
        self._latest = meaning
        if own < 0:
            self.opposed.add(meaning)

    def _mood(self, at: int) -> Mood:
        _, own = _meaning(self.words, at, dated=self._dated)
        return _mood(self.words, at, self._sign * own, self.subject)

    def _deny(self, at: int) -> None:
        word = self.words[at]
        if word == "have_to":
            self._sign = 1  # what one has not to do is not denied
        if word not in NEGATORS:
            return
        self.negated = True
        if word in _NOTHING and at == len(self.words) - 1 and self._latest:  # "you owe nothing"
            self.signs[self._latest] = {-sign for sign in self.signs[self._latest]}
        self._counted = word in ("no", "none", "neither") and not self.subject
        self._raised = bool(RAISING & set(self.words[at + 1 : at + 3]))
        self._sign = -1 if word == "nor" else -self._sign


def _read(words: Sequence[str], *, asks: bool, answer: Answer) -> Clause:
    reader = _Reader(words)
    reader.read()
    mood: Mood = "" if asks else reader.mood
    return Clause(
        affirmed=frozenset(name for name, signs in reader.signs.items() if 1 in signs),
        denied=frozenset(name for name, signs in reader.signs.items() if -1 in signs),
        opposed=frozenset(reader.opposed),
        negated=reader.negated or mood == "forbid",
        subjects=reader.subjects,
        words=reader.said,
        mood=mood,
        asks=asks,
        answer=answer,
        excepts=not _EXCEPTIONS.isdisjoint(words),
        compares=not _COMPARING.isdisjoint(words),
        of_all=not _ALL.isdisjoint(words),
        of_some=not _SOME.isdisjoint(words),
    )


def _meaning(words: Sequence[str], at: int, *, dated: bool) -> tuple[str, int]:
    """What a word stands for, and -1 if for its opposite; ("", 1) for a word that says nothing."""
    word = words[at]
    number = _is_number([word])
    key = stem(word)
    # "Two weeks" is a fact, "every week" is none.
    counted = word in _FACTS and not (word in _PERIODS and words[at - 1 : at] in _EACH)
    following = words[at + 1 : at + 2]
    if word in MONTHS and words[at - 1 : at] in _BEFORE_MONTH and not _is_number(following):
        return word, 1  # "in may" is no day
    counted = counted and not (word == "half" and following in _OF_ONE)
    if counted or number or (dated and ordinal([word]) is not None):
        return "", 1
    if word in _PARTICLES and at == len(words) - 1:
        return _PARTICLES[word]
    if key in MEANINGS and word not in STOPS:
        return MEANINGS[key]
    if word in STOPS or word in NEGATORS or word in REQUIRE or word in RAISING - {"allowed"}:
        return "", 1
    return key, 1


def _is_number(words: Sequence[str]) -> bool:
    return cardinal(words) is not None or (bool(words) and words[0][0].isdecimal())


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
    elif word in _ADVISED:
        mood = "advise" if sign > 0 or word in ("should", "ought") else "forbid"
    elif word in REQUIRE:
        mood = "require" if sign > 0 and not (word == "need" and denied) else "optional"
    elif word in PERMIT:
        mood = "permit" if sign > 0 else "forbid"
    return mood
