"""Cutting a document into passages: paragraphs, and long paragraphs at their sentences. Pure."""

import re

# A passage goes before the model with up to two others, and is spoken: about 50 words at most.
MAX_WORDS = 45
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])")
_ABBREVIATIONS = (
    "dr.",
    "mr.",
    "mrs.",
    "ms.",
    "st.",
    "no.",
    "e.g.",
    "i.e.",
    "approx.",
    "inc.",
    "ltd.",
)


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
        for piece in _SENTENCE.split(line.strip()):
            if pieces and pieces[-1].lower().endswith(_ABBREVIATIONS) and piece:
                pieces[-1] = f"{pieces[-1]} {piece}"
            elif piece:
                pieces.append(piece)
    return tuple(" ".join(sentence.split()) for sentence in pieces if sentence.strip())


def _packed(parts: tuple[str, ...]) -> list[str]:
    """Sentences side by side while they fit."""
    packed: list[str] = []
    for sentence in parts:
        if packed and len(packed[-1].split()) + len(sentence.split()) <= MAX_WORDS:
            packed[-1] = f"{packed[-1]} {sentence}"
        else:
            packed.append(sentence)
    return packed
