"""`manage.py backup /backups/2026-11-28`: all rows and recordings into a new folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import OperatorCommand
from warmline.backup.actions import back_up


class Command(OperatorCommand):
    """Writes a backup; calls may go on meanwhile."""

    help = (
        "Write all rows, of one moment, and their recordings into a new folder, with checksums. "
        "Needs DATABASE_OWNER_URL, as `migrate` does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        super().add_arguments(parser)
        parser.add_argument("target", type=Path, help="a folder that is to be made")

    def handle_operator(self, **options: Any) -> object:
        """Write it; how much it was."""
        return back_up(options["target"])
