"""What reading a file gives: blocks in the order of the document."""

from typing import Literal

import msgspec

BlockKind = Literal["heading", "paragraph", "item", "row"]
FileKind = Literal["pdf", "docx", "html", "markdown", "csv", "text"]

MEDIA_TYPES: dict[FileKind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "text": "text/plain",
}


class Block(msgspec.Struct, frozen=True):
    """A piece of a document that belongs together.

    `level` is a heading's, 1 for the highest; `page` counts from 1 and is 0 where there are none.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int = 0


class Extracted(msgspec.Struct, frozen=True):
    """A file as it was read; `pages` is 0 where it has none."""

    blocks: tuple[Block, ...]
    title: str = ""
    pages: int = 0


class Refusal(msgspec.Struct, frozen=True):
    """Why a file is not taken, and what its owner can do."""

    problem: str
    advice: str


class Unreadable(Exception):
    """Raised by a reader for a file that it can make nothing of."""

    def __init__(self, problem: str, *, advice: str) -> None:
        super().__init__(problem)
        self.refusal = Refusal(problem, advice)
