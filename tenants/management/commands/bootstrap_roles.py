"""`manage.py bootstrap_roles`: the login roles and the database, on a server of your own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import OperationalError

from tenants.names import APP_ROLE, CONTROL_ROLE, OWNER_ROLE
from tenants.postgres.roles import bootstrap_roles
from warmline.kernel import configuration

_ALIASES = {OWNER_ROLE: "owner", APP_ROLE: "default", CONTROL_ROLE: "control"}


class Command(BaseCommand):
    """Creates what DATABASE_URL, DATABASE_OWNER_URL and DATABASE_CONTROL_URL name."""

    help = (
        "Create the login roles and the database that the DATABASE_*_URL variables name; "
        "safe to run again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The superuser's connection, by the environment unless given."""
        parser.add_argument("--superuser-dsn", default=None, help="default: WARMLINE_SUPERUSER_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check that the three URLs are of one database, then create it."""
        passwords = {}
        for role, alias in _ALIASES.items():
            database = settings.DATABASES[alias]
            if (
                database["USER"] != role
                or database["NAME"] != settings.DATABASES["default"]["NAME"]
            ):
                raise CommandError(
                    f"database {alias!r}: expected user {role} and the same database "
                    "in all three URLs"
                )
            passwords[role] = database["PASSWORD"]
        name = settings.DATABASES["default"]["NAME"]
        dsn = options["superuser_dsn"] or configuration.SUPERUSER_URL.value()
        try:
            bootstrap_roles(
                dsn,
                database=name,
                passwords=passwords,
                schemas=settings.VERTICAL_SCHEMAS,
            )
        except OperationalError as error:
            raise CommandError(f"the server did not answer: {error}") from error
        self.stdout.write(
            f"roles and database {name} are in place; `manage.py migrate` makes the tables"
        )
