"""A column of numbers or of moments is read back from every way to write it."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import ArrivalsError
from inference.replay.call_logs.counts import whole_numbers
from inference.replay.call_logs.moments import read_moments

FILE = Path("log.csv")
FIRST, LAST = datetime(2001, 1, 1), datetime(2099, 12, 31)  # noqa: DTZ001  a log's clock is local


@given(st.lists(st.integers(0, 999_999), min_size=1, max_size=30), st.sampled_from(",.' \u202f"))
def test_numbers_in_thousands_are_read_back(numbers: list[int], mark: str) -> None:
    """However they are parted; round thousands alone are refused, not guessed."""
    cells = [(line, f"{number:,}".replace(",", mark)) for line, number in enumerate(numbers)]
    if mark in ",." and all(number and number % 1000 == 0 for number in numbers):
        with pytest.raises(ArrivalsError, match="thousand"):
            whole_numbers(cells, FILE)
    else:
        assert whole_numbers(cells, FILE) == numbers


@given(st.datetimes(FIRST, LAST), st.sampled_from((True, False)))
def test_a_moment_is_read_back_from_every_way_to_write_it(at: datetime, day_first: bool) -> None:
    """To the second."""
    at = at.replace(microsecond=0)
    short = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    for form in (
        *("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
        *("%d %B %Y %H:%M:%S", "%B %d, %Y %H:%M:%S", "%a, %d %b %Y %H:%M:%S", f"{short} %H:%M:%S"),
        *(f"{short} %I:%M:%S %p", f"{short}, %I:%M:%S%p", "%Y%m%dT%H%M%S"),
    ):
        cells = [(1, at.strftime(form))]
        assert read_moments(cells, FILE, day_first=day_first, zone=None).at == [at], form
