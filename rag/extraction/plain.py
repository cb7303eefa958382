"""Bytes into characters, and plain text into paragraphs."""

import re
from typing import Final

from charset_normalizer import from_bytes

from rag.extraction.types import Block, Extracted, Unreadable
from warmline.kernel.text import fitted

_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_GUESSED_BYTES: Final = 200_000  # enough to know a file's encoding by
# Characters that are not seen: zero width, direction marks, tags, variation selectors. In a text
# that a model reads they are a place to hide words.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The text as a reader sees it: without control characters and those that do not show."""
    return _UNSEEN.sub("", fitted(text))


def decoded(raw: bytes) -> str:
    """The characters of a file in whatever encoding it was saved; `Unreadable` if in none."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if b"\x00" not in raw[:4096]:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
    guess = from_bytes(raw[:_GUESSED_BYTES]).best()
    if guess is None:
        raise Unreadable(
            "The file's characters are in no encoding that is known.",
            advice="Save it as UTF-8, and upload it again.",
        )
    return raw.decode(guess.encoding, errors="replace")


def read_text(raw: bytes) -> Extracted:
    """Paragraphs of a plain text; lines within one stay apart."""
    text = visible(decoded(raw)).replace("\r\n", "\n").replace("\r", "\n")
    return Extracted(
        tuple(
            Block("paragraph", paragraph.strip())
            for paragraph in _PARAGRAPH.split(text)
            if paragraph.strip()
        )
    )
