"""Times come out of Postgres as they went in, in UTC; one that Python cannot hold is an error."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

from tenants.postgres.timestamps import UtcLoader

pytestmark = pytest.mark.django_db


def told(text: str, *, zone: str = "UTC") -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        cursor.execute("SELECT %s::timestamptz", [text])
        (at,) = cursor.fetchone()
    assert isinstance(at, datetime)
    return at


def test_our_loader_is_the_one_that_reads(db: None) -> None:
    """Not Django's, which takes six times as long."""
    with connection.cursor() as cursor:
        assert cursor.connection.adapters.get_loader(1184, 0) is UtcLoader


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 29, 2, 59, 11, 903088, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        datetime(1850, 6, 1, tzinfo=UTC),
        datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
    ids=["microseconds", "whole", "half a second", "before zones", "last of all"],
)
def test_a_time_comes_back_as_it_was(at: datetime, zone: str) -> None:
    """Whatever zone the session speaks of."""
    read = told(at.isoformat(), zone=zone)
    assert (read, read.tzinfo) == (at, UTC)


@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 BC"])
def test_a_time_that_python_cannot_hold_is_an_error(text: str) -> None:
    """And no other time in its place."""
    with pytest.raises(DataError):
        told(text)
