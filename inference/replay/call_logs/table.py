"""A file of rows and columns, whatever program wrote it: its encoding, its separator, its header.

`csv.Sniffer` guesses all of that from the letters of a sample and is often wrong; here the header
decides, which names what is wanted.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from inference.errors import ArrivalsError

SEPARATORS: Final = (",", ";", "\t", "|")
# A report's title and its filters may stand above the header.
MOST_LINES_ABOVE: Final = 20
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_TEXT: Final = (
    (b"PK\x03\x04", "an Excel workbook or an archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed"),
    (b"%PDF", "a PDF"),
)

Row = tuple[int, list[str]]


class Table(msgspec.Struct, frozen=True):
    """The rows with the lines that they end on, as wide as the header; `notes` say what else was
    in the file.
    """

    header: tuple[str, ...]
    rows: list[Row]
    notes: tuple[str, ...]


def read_table(path: Path, *, is_header: Callable[[Sequence[str]], bool], expected: str) -> Table:
    """The file's table; `ArrivalsError` says what was `expected` of it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ArrivalsError(f"{path}: {error}: expected a CSV file with {expected}") from error
    text, notes = _text(raw, path)
    separator = _separator(text, is_header)
    try:
        rows = list(_rows(text, separator))
    except csv.Error as error:
        raise ArrivalsError(f"{path}: {error}: expected a CSV file with {expected}") from error
    above = next(
        (place for place, (_, row) in enumerate(rows[:MOST_LINES_ABOVE]) if is_header(row)), None
    )
    if above is None:
        columns = ",".join(rows[0][1]) if rows else ""
        raise ArrivalsError(f"{path}: columns {columns[:200] or '(none)'}: expected {expected}")
    if above:
        notes.append(f"{above} {'line' if above == 1 else 'lines'} above the header left out")
    header, body = rows[above][1], rows[above + 1 :]
    if not body:
        raise ArrivalsError(f"{path}: no rows: expected {expected}")
    return Table(tuple(header), [_as_wide(row, header, path) for row in body], tuple(notes))


def _text(raw: bytes, path: Path) -> tuple[str, list[str]]:
    """The file's text, and a note where its encoding had to be guessed."""
    for magic, kind in _NO_TEXT:
        if raw.startswith(magic):
            raise ArrivalsError(f"{path}: this is {kind}: expected a text file, saved as CSV")
    known = next((encoding for bom, encoding in _BOMS if raw.startswith(bom)), "utf-8")
    if known == "utf-8" and b"\x00" in raw:
        # Latin letters and digits in UTF-16 without its mark: every second byte is zero.
        known = "utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"
    notes = []
    try:
        text = raw.decode(known)
    except UnicodeDecodeError:
        if known != "utf-8":
            raise ArrivalsError(f"{path}: no text: expected a CSV file in UTF-8") from None
        text = raw.decode("cp1252", "replace")
        notes.append("read as Windows-1252, since it is no UTF-8")
    if "\x00" in text:
        raise ArrivalsError(f"{path}: no text: expected a CSV file in UTF-8")
    return text, notes


def _separator(text: str, is_header: Callable[[Sequence[str]], bool]) -> str:
    """The one that makes a header of one of the first lines, in the most columns."""
    best, most = ",", 0
    for separator in SEPARATORS:
        try:
            first = [row for _, row in islice(_rows(text, separator), MOST_LINES_ABOVE)]
        except csv.Error:
            continue
        columns = max((len(row) for row in first if is_header(row)), default=0)
        if columns > most:
            best, most = separator, columns
    return best


def _rows(text: str, separator: str) -> Iterator[Row]:
    """Rows that hold anything, and the line each ends on."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    for row in reader:
        fields = [field.strip() for field in row]
        if any(fields) and not _says_separator(fields, separator):
            yield reader.line_num, fields


def _says_separator(fields: Sequence[str], separator: str) -> bool:
    """Excel's first line `sep=;`."""
    return separator.join(fields).lower().startswith("sep=")


def _as_wide(row: Row, header: Sequence[str], path: Path) -> Row:
    line, fields = row
    while len(fields) > len(header) and not fields[-1]:
        fields = fields[:-1]
    if len(fields) != len(header):
        raise ArrivalsError(
            f"{path}, line {line}: {len(fields)} fields: expected {len(header)}, {','.join(header)}"
        )
    return line, fields


def lines_of(lines: Iterable[int]) -> str:
    """Some line numbers, as a sentence names them."""
    numbers = list(lines)
    named = ", ".join(map(str, numbers[:3]))
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {named}{more}"
