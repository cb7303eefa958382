"""Names as they are written."""

import re

_SMALL = frozenset({"de", "la", "van", "von", "der", "den", "di", "da", "du", "bin"})


def name_case(text: str) -> str:
    """A spoken name in writing: "mary o'neil smith-jones" is "Mary O'Neil Smith-Jones";
    particles stay small.
    """
    words = text.strip(" .,").split()
    return " ".join(
        word.lower() if index and word.lower() in _SMALL else _capital(word)
        for index, word in enumerate(words)
    )


def phrase_case(text: str) -> str:
    """A spoken phrase in writing: "drain cleaning" is "Drain cleaning"."""
    plain = " ".join(text.strip(" .,").split())
    return plain[:1].upper() + plain[1:]


def _capital(word: str) -> str:
    return re.sub(r"(^|[-'])([a-z])", lambda found: found[1] + found[2].upper(), word.lower())
