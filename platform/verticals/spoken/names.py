"""Names as they are written."""

import re

_SMALL = frozenset({"de", "la", "van", "von", "der", "den", "di", "da", "du", "bin"})


def name_case(text: str) -> str:
    """A spoken name in writing: "mary o'neil van dyk" is "Mary O'Neil van Dyk"."""
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
    return re.sub(r"(^|[-'])([a-z])", lambda letter: letter[1] + letter[2].upper(), word.lower())
