"""PDF into blocks: lines into paragraphs, larger lines as headings, each with its page."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from rag.extraction.plain import visible
from rag.extraction.types import Block, Extracted, Unreadable

MAX_PAGES: Final = 3000
# A scanned page has no characters, or a stamp's few.
_LEAST_CHARACTERS_A_PAGE: Final = 20
_HEADING_SIZE: Final = 1.12  # times the usual size of the document's lines
_HEADING_WORDS: Final = 14
_EDGE_LINES: Final = 2
_MOST_ALIKE: Final = 5  # pages that may begin or end alike by chance
_SEEN_PT: Final = 2.0  # letters below this size are not meant to be read
_WHITE: Final = 250
_BULLET: Final = re.compile(r"^\s*([•‣◦▪●·*–-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
_SENTENCE_ENDS: Final = re.compile(r"[.!?:;…]['\"”’)\]]*$")
# PDFium's own signs for a hyphen at the end of a line.
_HYPHENS: Final = ("\ufffe", "\x02", "\u00ad")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size_pt: float
    page: int
    broken: bool = False  # its last word goes on in the next line


def read_pdf(path: Path) -> Extracted:
    """The words of a PDF; `Unreadable` for one with a password, without text or without end."""
    document = _opened(path)
    try:
        pages = len(document)
        if pages > MAX_PAGES:
            raise Unreadable(
                f"The PDF has {pages} pages; at most {MAX_PAGES} are taken.",
                advice="Split it into several files, by chapter for example.",
            )
        lines = [_lines(document, number) for number in range(pages)]
        title = document.get_metadata_value("Title") or ""
    finally:
        document.close()
    characters = 0
    for page in lines:
        characters += sum(len(line.text) for line in page)
    if characters < _LEAST_CHARACTERS_A_PAGE * pages and characters < 2000:
        raise Unreadable(
            "The PDF's pages are pictures, without text in them (a scan).",
            advice="Run text recognition (OCR) over it, and upload the result.",
        )
    body = list(_without_edges(lines))
    return Extracted(tuple(_blocks(body)), title=visible(title)[:200], pages=pages)


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Unreadable(
                "The PDF is protected by a password.",
                advice="Save it without the password, and upload that.",
            ) from None
        raise Unreadable(
            "The PDF is damaged: it could not be opened.",
            advice="Open it in a PDF viewer, print it to a new PDF, and upload that.",
        ) from None


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[_Line]:
    """The lines of a page that are seen; a page that is damaged has none."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return []
    lines, start = [], 0
    text = text_page.get_text_range()
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            at = start + len(raw) - len(raw.lstrip())
            size_pt = pdfium.FPDFText_GetFontSize(text_page.raw, at)
            broken = stripped.endswith(_HYPHENS)
            words = " ".join(visible(stripped.rstrip("".join(_HYPHENS))).split())
            if words and size_pt >= _SEEN_PT and not _is_unseen(text_page, at):
                lines.append(_Line(words, size_pt, number + 1, broken))
        start += len(raw) + 1
    text_page.close()
    page.close()
    return lines


def _is_unseen(text_page: pypdfium2.PdfTextPage, at: int) -> bool:
    """Whether the character is white or transparent: words for machines, or on a dark ground.

    What stands in white on a dark ground is lost with it, which is the safer mistake.
    """
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFText_GetFillColor(
        text_page.raw,
        at,
        *(ctypes.byref(channel) for channel in (red, green, blue, alpha)),
    )
    if not known:
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE


def _without_edges(pages: Sequence[Sequence[_Line]]) -> Iterator[_Line]:
    """All lines but running heads, running feet and page numbers."""
    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({_edge_key(line) for line in _edges(page)})
    least = 3 if len(pages) <= 2 * _MOST_ALIKE else _MOST_ALIKE
    for page in pages:
        at_edge = set(map(id, _edges(page)))
        for line in page:
            if id(line) in at_edge and edges[_edge_key(line)] >= least:
                continue
            yield line


def _edges(page: Sequence[_Line]) -> list[_Line]:
    if len(page) <= 2 * _EDGE_LINES:
        return [*page[:1], *page[-1:]]
    return [*page[:_EDGE_LINES], *page[-_EDGE_LINES:]]


def _edge_key(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    if not lines:
        return
    usual_pt = median(line.size_pt for line in lines)
    widest = max(40, sorted(len(line.text) for line in lines)[int(0.9 * (len(lines) - 1))])
    paragraph: list[_Line] = []
    for line in lines:
        heading = _is_heading(line, usual_pt=usual_pt)
        if paragraph and (heading or _begins_anew(paragraph[-1], line, widest=widest)):
            yield _joined(paragraph)
            paragraph = []
        if heading:
            yield Block("heading", line.text, level=_level(line.size_pt / usual_pt), page=line.page)
        else:
            paragraph.append(line)
    if paragraph:
        yield _joined(paragraph)


def _is_heading(line: _Line, *, usual_pt: float) -> bool:
    short = len(line.text.split()) <= _HEADING_WORDS
    return short and line.size_pt >= _HEADING_SIZE * usual_pt and any(map(str.isalpha, line.text))


def _level(times: float) -> int:
    if times >= 1.6:
        return 1
    return 2 if times >= 1.3 else 3


def _begins_anew(before: _Line, line: _Line, *, widest: int) -> bool:
    """Whether a line begins a paragraph: a bullet, another size, or after a line that was short."""
    if before.broken:
        return False
    if _BULLET.match(line.text) or abs(before.size_pt - line.size_pt) > 0.1 * before.size_pt:
        return True
    return len(before.text) < 0.75 * widest and bool(_SENTENCE_ENDS.search(before.text))


def _joined(lines: Sequence[_Line]) -> Block:
    text = ""
    for line in lines:
        text += line.text if line.broken else f"{line.text} "
    if _BULLET.match(text):
        return Block("item", text.strip(), page=lines[0].page)
    return Block("paragraph", text.strip(), page=lines[0].page)
