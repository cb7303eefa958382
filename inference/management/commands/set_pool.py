"""`manage.py set_pool us-east/think/frontdesk --baseline 2 --maximum 6`: what a pool shall keep."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inference.errors import PolicyError
from inference.fleet import actions
from inference.management.flags import add_flags, columns_of, summary
from warmline.kernel.errors import BadInput


class Command(BaseCommand):
    """Changes the given columns of a pool and leaves the others; the warmer's next turn follows."""

    help = (
        "Change what a pool is and how warm it is kept. "
        "What contradicts itself is refused, and nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The pool, and a flag for each column."""
        parser.add_argument(
            "pool", help="its name as `manage.py pools` shows it, such as us-east/think/frontdesk"
        )
        add_flags(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and change."""
        columns = columns_of(options)
        if not columns:
            raise CommandError("nothing to change: expected at least one of the flags (see --help)")
        try:
            pool = actions.set_pool(options["pool"], **columns)
        except (PolicyError, BadInput) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary(pool, columns))
