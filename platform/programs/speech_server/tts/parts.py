"""A text in the parts that are synthesised one by one: sentences, clauses, words. Pure."""

import re
from typing import Final

_SENTENCE_END: Final = re.compile(r"(?<=[.!?;:])\s+|\n+")
_CLAUSE_END: Final = re.compile(r"(?<=[,—–])\s+")
# A first sentence longer than this (four seconds) is begun with its first clause, if that is no
# mere word or two: the listener hears it while the rest is made.
_LONG_FIRST_CHARS: Final = 60
_SHORTEST_CLAUSE_CHARS: Final = 16


def parts_of(text: str, *, longest: int) -> list[str]:
    """Sentences, and of a long one its clauses, and of a long clause its words, in order."""
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if len(sentence) <= longest:
            parts.append(sentence)
            continue
        for clause in _CLAUSE_END.split(sentence):
            parts += _by_words(clause, longest)
    spoken = [part.strip() for part in parts if any(letter.isalnum() for letter in part)]
    return [*_begun_early(spoken[0]), *spoken[1:]] if spoken else []


def _begun_early(sentence: str) -> list[str]:
    if len(sentence) > _LONG_FIRST_CHARS:
        for end in _CLAUSE_END.finditer(sentence):
            if end.start() >= _SHORTEST_CLAUSE_CHARS:
                return [sentence[: end.start()], sentence[end.end() :]]
    return [sentence]


def _by_words(clause: str, longest: int) -> list[str]:
    lines: list[str] = [""]
    for word in clause.split():
        for start in range(0, len(word), longest):
            piece = word[start : start + longest]
            if lines[-1] and len(lines[-1]) + 1 + len(piece) > longest:
                lines.append("")
            lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines
