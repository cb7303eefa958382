"""Cutting a document into passages along its structure: headings, paragraphs, items and rows; long
paragraphs at their sentences. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.extraction.types import Block
from warmline.kernel.abbreviations import ends_in_abbreviation

# A passage goes before the model with up to two others, and is spoken: about 50 words at most.
MAX_WORDS = 45
# A sentence, row or line without end is cut all the same: an encoder reads 256 tokens.
_LONGEST_WORDS = 150
_LONGEST_CHARACTERS = 1200
_HEADING_CHARACTERS = 200
_PARAGRAPH = re.compile(r"\n\s*\n")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[^\w\s]*(?P<begins>[^\W_]))")


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage with where it stands: the headings above it, and its page (0 for none)."""

    text: str
    heading: str = ""
    page: int = 0


def passages(text: str) -> tuple[str, ...]:
    """The passages of a text, in order, of at most 45 words unless one sentence has more."""
    cut: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        cut += _packed(sentences(paragraph))
    return tuple(cut)


def cut_blocks(blocks: Iterable[Block]) -> tuple[CutPassage, ...]:
    """The passages of a document, in order: none goes over a heading, every word is in one.

    A paragraph is a passage or several; items and rows share one while they fit. A heading is told
    with what stands below it, or is a passage itself where nothing does.
    """
    cutting = _Cutting()
    for block in blocks:
        cutting.add(block)
    cutting.end_section()
    return tuple(cutting.cut)


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph; a heading or list item on its own line is one."""
    pieces: list[str] = []
    for line in paragraph.splitlines():
        begins = 0
        for end in _END.finditer(line):
            head = line[begins : end.end()]
            # No capital follows: "approx. two hours". Letters that have none ("啊") may begin one.
            if end["begins"].islower() or ends_in_abbreviation(head, following=end["begins"]):
                continue
            pieces.append(head)
            begins = end.end()
        pieces.append(line[begins:])
    return tuple(" ".join(piece.split()) for piece in pieces if piece.strip())


class _Cutting:
    """The state of one document's cutting: the headings above, and items that may still grow."""

    def __init__(self) -> None:
        self.cut: list[CutPassage] = []
        self._headings: list[tuple[int, str]] = []
        self._told = True
        self._items: list[str] = []
        self._page = 0

    def add(self, block: Block) -> None:
        if block.kind == "heading":
            below = bool(self._headings) and self._headings[-1][0] < block.level
            if self._told or not below:
                self.end_section()
            self._headings = [above for above in self._headings if above[0] < block.level]
            self._headings.append((block.level, " ".join(block.text.split())))
            self._told, self._page = False, block.page
        elif block.kind == "paragraph":
            self._end_items()
            self._page = block.page
            self._keep(_packed(sentences(block.text)))
        else:
            if self._items and block.page != self._page:
                self._end_items()
            self._page = block.page
            self._items += sentences(block.text)

    def end_section(self) -> None:
        """Nothing more comes below the heading."""
        self._end_items()
        if not self._told:
            *above, (_, own) = self._headings
            self._headings = above
            self._keep([own])

    def _end_items(self) -> None:
        items, self._items = self._items, []
        self._keep(_packed(tuple(items)))

    def _keep(self, texts: list[str]) -> None:
        heading = " › ".join(text for _, text in self._headings)[:_HEADING_CHARACTERS]
        for text in texts:
            for piece in _short(text):
                self.cut.append(CutPassage(piece, heading, self._page))
                self._told = True


def _packed(parts: tuple[str, ...]) -> list[str]:
    """Sentences side by side while they fit."""
    packed: list[str] = []
    for sentence in parts:
        if packed and len(packed[-1].split()) + len(sentence.split()) <= MAX_WORDS:
            packed[-1] = f"{packed[-1]} {sentence}"
        else:
            packed.append(sentence)
    return packed


def _short(text: str) -> list[str]:
    """A text without end in pieces."""
    words = text.split()
    if len(words) <= _LONGEST_WORDS and len(text) <= _LONGEST_CHARACTERS:
        return [text]
    pieces: list[str] = []
    for start in range(0, len(words), MAX_WORDS):
        piece = " ".join(words[start : start + MAX_WORDS])
        pieces += [
            piece[at : at + _LONGEST_CHARACTERS] for at in range(0, len(piece), _LONGEST_CHARACTERS)
        ]
    return pieces
