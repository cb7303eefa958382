"""Word documents into blocks, by way of HTML."""

import zipfile
from pathlib import Path
from typing import Any, Final

import mammoth

from rag.extraction.html import html_blocks
from rag.extraction.types import Extracted, Unreadable

MAX_UNPACKED_BYTES: Final = 300 * 1024 * 1024
MAX_PARTS: Final = 5000
_PART_HEAD: Final = 64 * 1024
# Hidden text, and what somebody has taken out or put beside the text, is not read.
_STYLES: Final = "comment-reference =>\np[style-name='Title'] => h1:fresh"


def read_docx(path: Path) -> Extracted:
    """Headings, paragraphs, lists and tables; pictures are left out."""
    with zipfile.ZipFile(path) as archive:
        _check(archive)
    with path.open("rb") as file:
        result: Any = mammoth.convert_to_html(
            file, style_map=_STYLES, convert_image=mammoth.images.img_element(_no_picture)
        )
    return html_blocks(result.value)


def _no_picture(_: object) -> dict[str, str]:
    return {}


def _check(archive: zipfile.ZipFile) -> None:
    """`Unreadable` for what grows without end when it is opened, and for a file with a password."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
        raise Unreadable(
            f"The document grows to {unpacked // (1024 * 1024)} MB when it is opened; at most "
            f"{MAX_UNPACKED_BYTES // (1024 * 1024)} MB are taken.",
            advice="Take out what is not text, such as embedded files, and upload it again.",
        )
    for part in parts:
        if part.flag_bits & 0x1:
            raise Unreadable(
                "The document is protected by a password.",
                advice="Save it without the password, and upload that.",
            )
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                # Word writes no document type; entities in one are how XML is made to explode.
                if b"<!DOCTYPE" in file.read(_PART_HEAD).replace(b"\x00", b""):
                    raise Unreadable(
                        "The document declares XML entities, which no Word document does.",
                        advice="Open it in Word, save it once more, and upload that.",
                    )
