"""`manage.py add_pool us-east/think/small --purpose stand_in`: one more pool of a region."""

from argparse import ArgumentParser
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError

from inference.errors import PolicyError
from inference.fleet import actions
from inference.management.flags import add_flags, columns_of, summary
from warmline.kernel.errors import BadInput
from warmline.kernel.roles import Role


class Command(BaseCommand):
    """Makes a pool; the warmer's next turn begins to keep it warm."""

    help = (
        "Add a pool: another model for calls, a smaller one that stands in, "
        "or a hosted provider's address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The pool's name, and a flag for each column."""
        parser.add_argument("pool", help="region/role/model, such as us-east/think/small")
        add_flags(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and make."""
        region, _, rest = options["pool"].partition("/")
        role, _, model = rest.partition("/")
        columns = columns_of(options)
        try:
            pool = actions.add_pool(region, cast("Role", role), model, **columns)
        except (PolicyError, BadInput) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary(pool, {"purpose": pool.purpose, **columns}))
