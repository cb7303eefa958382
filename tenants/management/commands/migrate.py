"""`manage.py migrate`: as the owner, whatever the other roles are."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate

from tenants.names import OWNER_ROLE


class Command(migrate.Command):
    """Django's own command by the owner, the only role that may change the schema."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments; `--database` is the owner's."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or say why not."""
        if options["database"] != "owner":
            raise CommandError(f"--database {options['database']}: only `owner` may migrate")
        if settings.DATABASES["owner"]["USER"] != OWNER_ROLE:
            raise CommandError(
                f"DATABASE_OWNER_URL: expected the user {OWNER_ROLE}, who alone may change tables"
            )
        super().handle(*args, **options)
