"""`manage.py pools`: every pool and its replicas as a table."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from inference.fleet.queries import PoolLine, pool_lines
from warmline.kernel import clock


class Command(BaseCommand):
    """Shows regions, pools and replicas."""

    help = "Regions, pools and replicas: wanted, by state, and why."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        table = Table(
            "pool",
            "purpose",
            "want",
            "replica",
            "state",
            "for",
            "busy",
            "address",
            "why",
            title="pools",
        )
        now = clock.now()
        for line in pool_lines():
            for row in _rows(line, at=now):
                table.add_row(*row)
        Console(file=self.stdout, width=160).print(table)  # type: ignore[arg-type]


def _rows(line: PoolLine, *, at: datetime) -> list[tuple[str, ...]]:
    """A row for each replica, or one that says there is none; the first tells of the pool too."""
    replicas: list[tuple[str, ...]] = [
        (
            str(replica.id)[-8:],
            line.ledger_state(replica).replace("_", ", "),
            f"{(at - replica.since).total_seconds():.0f} s",
            f"{replica.busy}/{replica.slots}",
            replica.base_url,
        )
        for replica in line.replicas
    ]
    first, *more = replicas or [("none", "", "", "", "")]
    pool = (line.pool.name, line.purpose, str(line.pool.desired))
    return [(*pool, *first, _why(line)), *(("", "", "", *replica, "") for replica in more)]


def _why(line: PoolLine) -> str:
    why = line.pool.because
    if not line.has_own:
        why += "; no pool for calls here"
    if line.failures:
        why += f"; {line.failures} starts failed, next at {line.retry_at:%H:%M:%S}"
    if line.pace is not None:
        why += f"; {line.pace.slots} calls at once: {line.pace.because}"
    if line.gpu:
        why += f"; on card {line.gpu}"
    if line.gpu and line.gpu_users:
        why += f", now used by {', '.join(line.gpu_users)}"
    return why
