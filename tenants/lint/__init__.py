"""The catalog lint: what the database itself says about keeping tenants apart.

Each rule is one query for its violations. It reads only the catalogs, so any role may run it.
"""

from typing import Any

from tenants.lint.catalog import VIEWS
from tenants.lint.roles import ROLE_RULES
from tenants.lint.routines import ROUTINE_RULES
from tenants.lint.tables import TABLE_RULES
from tenants.lint.types import Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "violations"]

RULES = (*TABLE_RULES, *ROUTINE_RULES, *ROLE_RULES)


def violations(connection: Any) -> tuple[Violation, ...]:
    """Every violation in the connected database; empty when tenants are apart.

    `connection` is Django's or psycopg's.
    """
    reported: list[Violation] = []
    with connection.cursor() as cursor:
        for rule in RULES:
            cursor.execute(VIEWS + rule.violations)
            reported += [Violation(rule=rule.holds, subject=row[0]) for row in cursor.fetchall()]
    return tuple(sorted(reported, key=str))
