"""A long call in parts that a model has room for, read one after the other. Pure.

A call is its pieces: a line each, a very long line in several, each with the line's place in time.
How many of them were read is where the next part begins, whatever the size of the parts.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from telephony.calls.types import ExtractedField, TranscriptLine

# The smallest of our models reads and writes 2,048 tokens in all, of which an answer is up to 800.
# 3,000 characters of English are some 700 tokens there, of Spanish or German 1,600: what a model
# has no room for is asked in smaller parts.
PART_CHARACTERS: Final = (3000, 1500, 750)
_PIECE_CHARACTERS: Final = 600
# Four hours of talk without a pause, the longest that a call may be, are some 220,000 characters.
MOST_CHARACTERS: Final = 300_000


@dataclass(frozen=True, slots=True)
class Known:
    """What the parts before this one came to, held against the call already."""

    summary: str = ""
    fields: tuple[ExtractedField, ...] = field(default=())

    def with_part(self, summary: str, fields: Sequence[ExtractedField]) -> "Known":
        """With what one more part came to: what it says anew counts, what it does not say stays."""
        before = {known.name: known for known in self.fields}
        merged = (
            before[found.name] if found.value is None and _has(before, found.name) else found
            for found in fields
        )
        return Known(summary or self.summary, tuple(merged))


def _has(fields: dict[str, ExtractedField], name: str) -> bool:
    return name in fields and fields[name].value is not None


def pieces_of(lines: Sequence[TranscriptLine]) -> tuple[TranscriptLine, ...]:
    """The call's lines, those cut at words that are longer than a piece; `MOST_CHARACTERS` of them
    at most.
    """
    pieces: list[TranscriptLine] = []
    left = MOST_CHARACTERS
    for piece in _every_piece(lines):
        left -= len(piece.heard)
        if left < 0:
            break
        pieces.append(piece)
    return tuple(pieces)


def part_from(
    pieces: Sequence[TranscriptLine], begin: int, *, characters: int
) -> Sequence[TranscriptLine]:
    """The pieces from `begin` on that are together at most so long; one at least, if there is
    one.
    """
    end, length = begin, 0
    while end < len(pieces):
        length += len(told(1 + end - begin, pieces[end]))
        if length > characters and end > begin:
            break
        end += 1
    return pieces[begin:end]


def told(number: int, line: TranscriptLine) -> str:
    """One line as the model reads it; its number is its place in the part."""
    return f"{number} {line.speaker}: {line.heard}\n"


def _every_piece(lines: Sequence[TranscriptLine]) -> Iterator[TranscriptLine]:
    for line in lines:
        if len(line.heard) <= _PIECE_CHARACTERS:
            yield line
            continue
        for text in textwrap.wrap(line.heard, _PIECE_CHARACTERS):
            yield replace(line, heard=text)
