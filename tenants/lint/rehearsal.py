"""What the migrations declare: they are run once more, in schemas of their own, and rolled back.

So every app that is installed is in it, a new vertical by its folder, and nothing is written down
twice. Nothing of the real schemas is read or locked, nothing stays.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from tenants.lint.bootstrapped import bootstrapped, is_bootstrapped
from tenants.lint.catalogue import read_catalogue
from tenants.lint.declarations import flaws
from tenants.lint.types import Catalogue, Violation
from tenants.names import DEFINER_ROLES, SCHEMA
from tenants.postgres.base import DatabaseWrapper

_ALIAS = "owner"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The catalogue that the migrations declare, and what is wrong with what they declare."""

    catalogue: Catalogue
    flaws: tuple[Violation, ...]


class _Rehearsal(DatabaseWrapper):
    """The owner's connection for one rehearsal: all is made in its one transaction."""

    def ensure_connection(self) -> None:
        """Connected once; a connection that was lost took the rehearsal with it."""
        if self.connection is None:
            with self.wrap_database_errors:
                self.connect()


@cache
def expectation() -> Expectation:
    """Rehearsed once a process, in some seconds: migrations do not change while it runs.

    Needs the owner's credential (`DATABASE_OWNER_URL`).
    """
    prefix = f"rehearsed_{secrets.token_hex(4)}_"
    path = ("public", *settings.VERTICAL_SCHEMAS)
    with _owner_connection(prefix, schemas=(*path, SCHEMA)) as owner, owner.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {prefix}public")
        cursor.execute(f"GRANT USAGE ON SCHEMA {prefix}public TO {', '.join(DEFINER_ROLES)}")
        cursor.execute(f"SET LOCAL search_path = {', '.join(prefix + name for name in path)}")
        executor = MigrationExecutor(owner)
        executor.migrate(executor.loader.graph.leaf_nodes())
        made = read_catalogue(cursor, prefix=prefix)
        wrong = flaws(cursor, prefix=prefix)
    declared = {key: facts for key, facts in made.items() if not is_bootstrapped(key)}
    return Expectation({**declared, **bootstrapped(settings.VERTICAL_SCHEMAS)}, wrong)


@contextmanager
def _owner_connection(prefix: str, *, schemas: tuple[str, ...]) -> Iterator[_Rehearsal]:
    """In place of Django's own inside, in a transaction that is rolled back; names get the prefix.

    Migrations that ask for the alias's connection, for rows or transactions, are given this one.
    """
    regular = connections[_ALIAS]
    options = {
        name: value for name, value in regular.settings_dict["OPTIONS"].items() if name != "pool"
    }
    rehearsal = _Rehearsal({**regular.settings_dict, "OPTIONS": options}, _ALIAS)
    named = re.compile(rf"\b({'|'.join(schemas)})\b")

    def renamed(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        return execute(named.sub(rf"{prefix}\1", sql), *rest)

    connections[_ALIAS] = rehearsal
    try:
        with transaction.atomic(using=_ALIAS):
            rehearsal.execute_wrappers.append(renamed)
            yield rehearsal
            transaction.set_rollback(True, using=_ALIAS)
    finally:
        connections[_ALIAS] = regular
        rehearsal.close()
