"""Cuts a stream of words into sentences as early as they can be spoken. Pure."""

import re
from typing import Final

from warmline.kernel.abbreviations import ends_in_abbreviation

# a sentence without an end is cut at a comma or a space, so that it is spoken at all
_MAX_CHARS: Final = 240
# what has no space, such as a web address, is waited for up to here
_MAX_WORD_CHARS: Final = 600

# Marks of Markdown may close behind the end: "on **Tuesday.** Then".
_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]*_~`]*(?=\s)|\n+")
_LIST_ITEM: Final = re.compile(r"(?:^|\n)\s*(?:[-*+>#]\s+)*\d{1,3}\.$")
_GERMAN_DAY: Final = re.compile(r"\b\d{1,2}\.$")
_GERMAN_MONTHS: Final = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
    *("September", "Oktober", "November", "Dezember"),
)
_PAUSE: Final = re.compile(r"[,;:]\s")
# Neither "(555) 012-3456" nor "5 p.m." is torn.
_BETWEEN_WORDS: Final = re.compile(r"(?<=[^\W\d_])[.,;:]?\s(?=[^\W\d_]{2})")
_SPACE: Final = re.compile(r"\s")
# A voice needs so many words to sound like the beginning of a sentence.
_CLAUSE_WORDS: Final = 4


class SentenceCutter:
    """Feed it pieces; it gives whole sentences. `finish` gives what is left.

    With `clause_first` the very first piece may be a clause: a caller waits for nothing as long as
    for an agent's first word, and what follows is made while that is heard.
    """

    __slots__ = ("_clause_first", "_language", "_rest", "_seen")

    def __init__(self, language: str = "en", *, clause_first: bool = False) -> None:
        self._language = language
        self._clause_first = clause_first
        self._rest = ""
        self._seen = 0

    def feed(self, piece: str) -> list[str]:
        """The sentences that are whole with this piece. An end counts once something follows it."""
        self._rest += piece
        sentences: list[str] = []
        while (sentence := self._clause() or self._next()) is not None:
            sentences.append(sentence)
            self._clause_first = False
        return sentences

    def finish(self) -> list[str]:
        """What is left, as sentences."""
        sentences = self.feed("\n")
        last = " ".join(self._rest.split())
        self._rest, self._seen = "", 0
        return [*sentences, last] if _is_said(last) else sentences

    def _clause(self) -> str | None:
        """The first clause, when it comes before the first sentence's end."""
        if not self._clause_first:
            return None
        for pause in _PAUSE.finditer(self._rest):
            head = self._rest[: pause.end()]
            if _END.search(head) or "(" in head or "*" in head:
                return None
            if sum(map(_is_said, head.split())) >= _CLAUSE_WORDS:
                return self._cut(pause.end())
        return None

    def _next(self) -> str | None:
        for end in _END.finditer(self._rest, self._seen):
            head = self._rest[: end.end()]
            within = self._within(head.rstrip(), self._rest[end.end() :].lstrip())
            if end.group(0) == "." and within:
                continue
            if end.group(0) == "." and within is None:
                self._seen = end.start()
                return None
            self._rest, self._seen = self._rest[end.end() :], 0
            sentence = " ".join(head.split())
            if _is_said(sentence):
                return sentence
            return self._next()
        self._seen = max(0, len(self._rest) - 4)
        return self._too_long()

    def _within(self, head: str, following: str) -> bool | None:
        """Whether the full stop is within a sentence; None while that cannot be known."""
        if _LIST_ITEM.search(head):
            return True
        if self._language.startswith("de") and _GERMAN_DAY.search(head):
            word = following.split()[:1]
            if not word:
                return None
            if following == word[0] and any(month.startswith(word[0]) for month in _GERMAN_MONTHS):
                return None
            return word[0].strip(".,!?") in _GERMAN_MONTHS
        return ends_in_abbreviation(head, following=following)

    def _too_long(self) -> str | None:
        if len(self._rest) <= _MAX_CHARS:
            return None
        for space in (_PAUSE, _BETWEEN_WORDS, _SPACE):
            places = [match.end() for match in space.finditer(self._rest, 40, _MAX_CHARS)]
            if places:
                return self._cut(places[-1])
        first = _SPACE.search(self._rest, 1)
        if first is not None:
            return self._cut(first.end())
        return self._cut(_MAX_CHARS) if len(self._rest) > _MAX_WORD_CHARS else None

    def _cut(self, at: int) -> str | None:
        head, self._rest, self._seen = self._rest[:at], self._rest[at:], 0
        return " ".join(head.split()) or None


def _is_said(sentence: str) -> bool:
    return any(letter.isalnum() for letter in sentence)
