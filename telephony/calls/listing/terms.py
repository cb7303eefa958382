"""What a call is found by beside its columns: the words that were said in it, and its tools. Pure.

A term is a number that stands for one of them, so that an index entry is short, and holds no words.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from telephony.calls.projection import CallProjection
from warmline.kernel.matching import match_key, unaccented

# An hour of talk has some 2,000 different words; what has more is no talk.
MAX_TERMS: Final = 4000
_MAX_WORD_CHARACTERS: Final = 60
_WORD: Final = re.compile(r"\w+")


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: without case and accents, each once, in order."""
    found = _WORD.findall(unaccented(match_key(text)))
    return tuple(dict.fromkeys(word[:_MAX_WORD_CHARACTERS] for word in found))


def word_term(word: str) -> int:
    """What stands for a word of `words_in`."""
    return _term("word", word)


def tool_term(name: str) -> int:
    """What stands for a tool's name."""
    return _term("tool", name)


def terms_of(projected: CallProjection) -> frozenset[int]:
    """All that a call is found by: every word that somebody heard, every tool that was asked for.

    What the agent wrote to a screen, or was cut off before it was heard, was not said.
    """
    words: dict[str, None] = {}
    for line in projected.transcript:
        if not line.to_screen:
            words |= dict.fromkeys(words_in(line.heard))
    tools = (tool_term(use.name) for use in projected.tools.values())
    return frozenset(tools) | frozenset(_some(map(word_term, words)))


def _some(terms: Iterable[int]) -> list[int]:
    return list(terms)[:MAX_TERMS]


def _term(kind: str, text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8, person=kind.encode()).digest()
    return int.from_bytes(digest, signed=True)
