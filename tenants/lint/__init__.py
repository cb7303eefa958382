"""The catalogue lint: whether the database is what the migrations declare, and nothing else.

What is right is not written down here: the migrations are rehearsed, and every difference from what
they make is a finding. Declarations are held to rules of their own; what PostgreSQL brought along
is to be as it came. The database is only read, by any role; the rehearsal connects as the owner.
"""

from collections.abc import Collection
from typing import Any

from tenants.lint.catalogue import qualified_names, read_catalogue
from tenants.lint.comparison import differences
from tenants.lint.declarations import DECLARATION_RULES
from tenants.lint.rehearsal import expectation
from tenants.lint.system import SYSTEM_RULES
from tenants.lint.types import Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "violations"]

RULES = (*DECLARATION_RULES, *SYSTEM_RULES)


def violations(connection: Any, *, known_roles: Collection[str] = ()) -> tuple[Violation, ...]:
    """Every finding in the connected database; empty when it is as declared.

    `connection` is Django's or psycopg's. `known_roles` are an operator's own on the same server,
    superusers of a hosted one for example.
    """
    expected = expectation()
    reported = list(expected.flaws)
    with connection.cursor() as cursor:
        actual = read_catalogue(cursor)
        reported += differences(actual, expected.catalogue, known_roles=known_roles)
        with qualified_names(cursor):
            for rule in SYSTEM_RULES:
                cursor.execute(rule.violations)
                reported += [Violation(rule.holds, subject) for (subject,) in cursor.fetchall()]
    return tuple(sorted(reported, key=str))
