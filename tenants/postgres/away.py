"""What it looks like when Postgres cannot be asked now, as opposed to asked for what cannot be."""

from typing import Final

from django.db import InterfaceError, OperationalError

# What Django raises when Postgres is away, full, or too slow to answer. A value that fits no column
# (`DataError`), a broken rule (`IntegrityError`) and a wrong statement (`ProgrammingError`) are
# answers: asking again later changes nothing.
DATABASE_AWAY: Final = (OperationalError, InterfaceError)
