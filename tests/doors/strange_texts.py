"""Texts that a door meets sooner or later, whoever sends them."""

from typing import Final

# Kinds of text without a length of their own.
STRANGE: Final = {
    "empty": "",
    "nul": "a\x00b",
    "escape": "a\x1b[31mb",
    "c1": "a\x85b",
    "surrogate": "a\ud800b",
    "emoji": "👩‍👩‍👧‍👦🇪🇺",
    "right to left": "\u202eabc\u202c \u200fשלום",
    "combining": "e" + "\u0301" * 50,
    "fullwidth": "ａｂｃ",
    "lines": "a\r\nb\tc",
    "markup": "<script>alert(1)</script>{{7*7}}'\";--",
    "percent": "%00%s%n",
    "noncharacter": "a\ufffe\uffffb",
    "huge": "x" * 100_000,
    "digits": "9" * 400,
}


def of_length(limit: int) -> dict[str, str]:
    """The kinds, and a text that just fits a limit, and one that just does not."""
    return STRANGE | {"limit": "x" * limit, "limit + 1": "x" * (limit + 1), "ß": "ß" * limit}
