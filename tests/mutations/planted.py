"""Which holes are made, and which tests see them."""

from dataclasses import dataclass
from typing import Final

_POSTGRES: Final = "tests/tenants/postgres"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One place of one file in which `before` gives way to `after`, and the test that turns red."""

    name: str
    file: str
    before: str
    after: str
    test: str


MUTATIONS: Final = (
    Mutation(
        "a policy that shows all rows",
        "tenants/rls/isolation.py",
        " USING ({same_tenant}) WITH",
        " USING (true) WITH",
        f"{_POSTGRES}/test_isolation.py::test_no_table_shows_another_tenants_row_to_raw_sql",
    ),
    Mutation(
        "a policy that takes other tenants' rows",
        "tenants/rls/isolation.py",
        "WITH CHECK ({same_tenant})",
        "WITH CHECK (true)",
        f"{_POSTGRES}/test_isolation.py::test_no_table_takes_or_gives_away_a_row",
    ),
    Mutation(
        "an app role that passes policies by",
        "tenants/postgres/roles.py",
        '"NOSUPERUSER NOBYPASSRLS ',
        '"NOSUPERUSER BYPASSRLS ',
        f"{_POSTGRES}/test_isolation.py::test_no_table_shows_another_tenants_row_to_raw_sql",
    ),
    Mutation(
        "policies that the owner passes by",
        "tenants/rls/isolation.py",
        "TABLE {self.table} FORCE ROW",
        "TABLE {self.table} NO FORCE ROW",
        f"{_POSTGRES}/test_lint.py",
    ),
    Mutation(
        "a key between tables without the tenant",
        "tenants/rls/isolation.py",
        'KEY (tenant_id, {self.column})"\n            f" REFERENCES {self.target} (tenant_id, id)',
        'KEY ({self.column})"\n            f" REFERENCES {self.target} (id)',
        f"{_POSTGRES}/test_rls.py::test_a_key_between_tenant_tables_cannot_cross_tenants",
    ),
)
