"""`manage.py pools`: every pool and its replicas as a table."""

from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from inference.fleet import queries
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
        for line in queries.pool_lines():
            why = line.pool.because
            if not line.has_own:
                why += "; no pool for calls here"
            if line.failures:
                why += f"; {line.failures} starts failed, next at {line.retry_at:%H:%M:%S}"
            if line.card:
                why += f"; on card {line.card}"
                why += f", now used by {', '.join(line.card_users)}" if line.card_users else ""
            rows: list[tuple[str, ...]] = [
                (
                    str(replica.id)[-8:],
                    line.told(replica).replace("_", ", "),
                    f"{(now - replica.since).total_seconds():.0f} s",
                    f"{replica.busy}/{replica.slots}",
                    replica.base_url,
                )
                for replica in line.replicas
            ] or [("none", "", "", "", "")]
            for number, row in enumerate(rows):
                first = (
                    (line.pool.name, line.purpose, str(line.pool.want))
                    if number == 0
                    else ("", "", "")
                )
                table.add_row(*first, *row, why if number == 0 else "")
        Console(file=self.stdout, width=160).print(table)  # type: ignore[arg-type]
