"""What a file is, by what is in it: its name and its sender's word are not trusted."""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from rag.extraction.types import FileKind, Unreadable

TAKEN: Final = "PDF, Word (.docx), HTML, Markdown, CSV and plain text"
_HEAD_BYTES: Final = 4096
_CONVERT: Final = f"Save it as one of {TAKEN}, and upload it again."
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls or .ppt)"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"RIFF", "a sound or a film"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BY_ENDING: Final[dict[str, FileKind]] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_NOT_TEXT: Final = {".pdf": "PDF", ".docx": "Word", ".doc": "Word"}


def file_kind(path: Path, *, name: str, media_type: str = "") -> FileKind:
    """What a file is; `Unreadable` for what is not taken.

    `name` and `media_type` decide only between kinds of text, which look alike.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\x00 \r\n\t\xff\xfe\xef\xbb\xbf"):
        raise Unreadable("The file is empty.", advice="Upload a file with words in it.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _office(path)
    for signature, called in _SIGNATURES:
        if head.startswith(signature):
            raise Unreadable(f"The file is {called}.", advice=_CONVERT)
    ending = PurePosixPath(name.lower()).suffix
    if ending in _NOT_TEXT:
        raise Unreadable(
            f"The file is called {ending} and is no {_NOT_TEXT[ending]} file.",
            advice="Open it in the program that made it, save it once more, and upload that.",
        )
    marked = head.startswith(_MARKS)
    if b"\x00" in head and not marked and not _is_unmarked_utf16(head):
        raise Unreadable("The file is no text.", advice=_CONVERT)
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    by_type: dict[str, FileKind] = {
        "text/html": "html",
        "application/xhtml+xml": "html",
        "text/markdown": "markdown",
        "text/csv": "csv",
    }
    return by_type.get(media_type, "text")


def _office(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Unreadable(
            "The file is a broken archive.", advice="Save it once more, and upload that."
        ) from None
    if "word/document.xml" in names:
        return "docx"
    called = "an archive"
    if any(name.startswith(("xl/", "ppt/")) for name in names) or "mimetype" in names:
        called = "an Office file that is no Word document"
    raise Unreadable(f"The file is {called}.", advice=_CONVERT)


def _is_unmarked_utf16(head: bytes) -> bool:
    """Whether every other byte is zero, as in Latin text that was saved so without a mark."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return half > 0 and max(even, odd) > 0.6 * half and min(even, odd) == 0
