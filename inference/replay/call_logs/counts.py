"""Whole numbers as spreadsheets write them: 12, 12.0, 12,0, 1,200, 1.200, 1'200."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from inference.errors import ArrivalsError

# One bin of a log holds fewer calls than this: more is a slip of the pen, and would not fit the
# machine's memory.
MOST_CALLS: Final = 1_000_000

Cell = tuple[int, str]

_PLAIN: Final = re.compile(r"\d+")
_DECIMAL: Final = re.compile(r"(\d+)[.,](0+)")
_GROUPED: Final = re.compile(r"(\d{1,3}(?:([.,' ’\u00a0\u202f])\d{3})(?:\2\d{3})*)(?:[.,]0+)?")
# Three digits after one point: decimals, or thousands.
_EITHER: Final = re.compile(r"\d{1,3}[.,]\d{3}")


def whole_numbers(cells: Sequence[Cell], path: Path, *, least: int = 0) -> list[int]:
    """A column's numbers; `ArrivalsError` names the line of the first that is none.

    What `12.000` means is decided by the whole column.
    """
    three_zeros_are_decimals = _three_zeros_are_decimals(cells, path)
    numbers = []
    for line, text in cells:
        number = _number(text, three_zeros_are_decimals)
        if number is None or not least <= number <= MOST_CALLS:
            raise ArrivalsError(
                f"{path}, line {line}: {text[:40]!r}: "
                f"expected a whole number from {least} to {MOST_CALLS}"
            )
        numbers.append(number)
    return numbers


def _number(text: str, three_zeros_are_decimals: bool) -> int | None:
    if _PLAIN.fullmatch(text):
        return int(text[:20])
    decimal, grouped = _DECIMAL.fullmatch(text), _GROUPED.fullmatch(text)
    if decimal and (three_zeros_are_decimals or not grouped):
        return int(decimal[1][:20])
    if grouped:
        return int(re.sub(r"\D", "", grouped[1]))
    return None


def _three_zeros_are_decimals(cells: Sequence[Cell], path: Path) -> bool:
    """Whether `12.000` is twelve.

    It is where a number of the column begins with `0.`, which no thousand does. It is not where
    some number has no point, or where 1.200 would be no whole number. A column of nothing but round
    thousands cannot be told from one of decimals.
    """
    either = [cell for cell in cells if _EITHER.fullmatch(cell[1])]
    if any(re.match(r"0[.,]", text) for _, text in either):
        return True
    if not either or len(either) < len(cells):
        return False
    if any(not text.endswith("000") for _, text in either):
        return False
    line, text = either[0]
    raise ArrivalsError(
        f"{path}, line {line}: {text!r} may be {text[:-4]} or {text[:-4]} thousand: "
        "expected whole numbers without a point"
    )
