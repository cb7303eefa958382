"""`manage.py changepassword alice@example.com`: as control, which alone writes passwords."""

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandParser

from tenants.context import CONTROL


class Command(changepassword.Command):
    """Django's own command, by the role that may."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments; `--database` is control's."""
        super().add_arguments(parser)
        parser.set_defaults(database=CONTROL)
