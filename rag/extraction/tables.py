"""Tables into sentences: each row says its own headings, since it is found and read alone."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rag.extraction.plain import decoded, visible
from rag.extraction.types import Block, Extracted, Unreadable

MAX_ROWS: Final = 100_000
_LARGEST_CELL: Final = 100_000
_SEPARATORS: Final = ",;\t|"


def read_csv(raw: bytes) -> Extracted:
    """The rows of a CSV file, by whichever separator its lines agree on; the first is its header.

    A cell that a spreadsheet would take for a formula is text like any other here.
    """
    text = visible(decoded(raw)).replace("\r\n", "\n").replace("\r", "\n")
    csv.field_size_limit(_LARGEST_CELL)
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise Unreadable(
            f"The table could not be read ({error}).",
            advice="Save it as CSV with quotes around texts that hold separators.",
        ) from None
    if len(rows) > MAX_ROWS:
        raise Unreadable(
            f"The table has {len(rows)} rows; at most {MAX_ROWS} are taken.",
            advice="Split it into several files.",
        )
    header, *body = rows or [[]]
    if not body:
        return Extracted(tuple(Block("row", ", ".join(filter(None, row))) for row in rows if row))
    return Extracted(tuple(row_blocks(header, body)))


def row_blocks(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, page: int = 0
) -> Iterator[Block]:
    """A block for each row that holds anything."""
    for row in rows:
        parts = []
        for number, cell in enumerate(row):
            label = header[number] if number < len(header) else ""
            if cell:
                parts.append(f"{label}: {cell}" if label else cell)
        if parts:
            yield Block("row", "; ".join(parts), page=page)


def _rows(text: str) -> Iterator[list[str]]:
    head = text[:20_000].split("\n")
    separator = max(_SEPARATORS, key=lambda sign: _agreement(head, sign))
    for row in csv.reader(io.StringIO(text), delimiter=separator):
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield cells


def _agreement(lines: Sequence[str], sign: str) -> tuple[int, int]:
    """How many lines have as many of a sign as the first one, if that has any."""
    counts = [line.count(sign) for line in lines if line.strip()]
    if not counts or counts[0] == 0:
        return (0, 0)
    return (sum(count == counts[0] for count in counts), counts[0])
