"""`manage.py restore /backups/2026-11-28`: a backup into an installation that is empty."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from tenants.management.tenant_command import OperatorCommand
from warmline.backup.actions import restore
from warmline.backup.sessions import check_nobody_connected


class Command(OperatorCommand):
    """Puts a backup back, whole or not at all."""

    help = (
        "Put a backup back into a newly migrated installation of the same version and secret key: "
        "every checksum is compared first, and knowledge is indexed anew. Nothing else may be "
        "connected to the database meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        super().add_arguments(parser)
        parser.add_argument("source", type=Path, help="the folder of a backup")
        parser.add_argument(
            "--while-connected",
            action="store_true",
            help="other sessions of the database write nothing, such as monitoring's",
        )

    def handle_operator(self, **options: Any) -> object:
        """Put it back; how much it was."""
        if not options["while_connected"]:
            check_nobody_connected()
        return restore(options["source"])
