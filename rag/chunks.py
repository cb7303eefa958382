"""Cutting a document into passages: paragraphs, and long paragraphs at their sentences. Pure."""

import re

from warmline.kernel.abbreviations import ends_in_abbreviation

# A passage goes before the model with up to two others, and is spoken: about 50 words at most.
MAX_WORDS = 45
_PARAGRAPH = re.compile(r"\n\s*\n")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[^\w\s]*(?P<begins>[^\W_]))")


def passages(text: str) -> tuple[str, ...]:
    """The passages of a text, in order, of at most 45 words unless one sentence has more."""
    cut: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        cut += _packed(sentences(paragraph))
    return tuple(cut)


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


def _packed(parts: tuple[str, ...]) -> list[str]:
    """Sentences side by side while they fit."""
    packed: list[str] = []
    for sentence in parts:
        if packed and len(packed[-1].split()) + len(sentence.split()) <= MAX_WORDS:
            packed[-1] = f"{packed[-1]} {sentence}"
        else:
            packed.append(sentence)
    return packed
