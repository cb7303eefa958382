"""One row for each of two tenants in every table that has tenants, whatever its columns are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from tests import services
from warmline.kernel.ids import TenantId

# A value for every type of column that a table of ours has; a new type is added here.
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "substr(gen_random_uuid()::text, 1, 4)",
    "varchar": "substr(gen_random_uuid()::text, 1, 4)",
    "bytea": "'\\x00'::bytea",
    "jsonb": "'{}'::jsonb",
    "bool": "false",
    "int2": "1",
    "int4": "1",
    "int8": "1",
    "float8": "1",
    "numeric": "1",
    "date": "current_date",
    "time": "localtime",
    "timestamptz": "now()",
    "interval": "interval '1 second'",
    "_text": "'{}'",
    "_varchar": "'{}'",
    "inet": "'127.0.0.1'",
}
_TABLES = """
SELECT n.nspname, c.relname
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p')
AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 1, 2
"""
_COLUMNS = """
SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
AND a.attname NOT IN ('id', 'tenant_id') AND a.attidentity = '' AND a.attgenerated = ''
"""
_CHECKS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'c' AND conrelid <> 0 AND connamespace <> 'pg_catalog'::regnamespace
AND connamespace <> 'information_schema'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class TenantTable:
    """A table with a `tenant_id`, by schema and name."""

    schema: str
    table: str

    @property
    def name(self) -> sql.Identifier:
        """For use in a statement."""
        return sql.Identifier(self.schema, self.table)


def tenant_tables(superuser: psycopg.Connection) -> list[TenantTable]:
    """Every table of the database that has tenants, from the catalog."""
    return [TenantTable(schema, table) for schema, table in superuser.execute(_TABLES)]


@contextmanager
def checks_set_aside(superuser: psycopg.Connection) -> Iterator[None]:
    """Rows that no action would make may be written inside; at the end no tenant's row is left.

    Keys and checks between columns are set aside meanwhile: the policies are what is looked at.
    """
    checks = superuser.execute(_CHECKS).fetchall()
    superuser.execute("SET session_replication_role = replica")
    for checked, name, _ in checks:
        superuser.execute(f'ALTER TABLE {checked} DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        # The rows break the checks, which come back as they were: valid.
        for table in tenant_tables(superuser):
            superuser.execute(sql.SQL("DELETE FROM {}").format(table.name))
        for checked, name, definition in checks:
            superuser.execute(f'ALTER TABLE {checked} ADD CONSTRAINT "{name}" {definition}')


@contextmanager
def planted(tenants: tuple[TenantId, TenantId]) -> Iterator[dict[str, dict[TenantId, UUID]]]:
    """A committed row of each tenant in every tenant table, until the test ends; ids by table."""
    with (
        psycopg.connect(
            services.superuser_dsn, dbname=services.DATABASE, autocommit=True
        ) as superuser,
        checks_set_aside(superuser),
    ):
        yield {table.table: _plant(superuser, table, tenants) for table in tenant_tables(superuser)}


def _plant(
    superuser: psycopg.Connection, table: TenantTable, tenants: tuple[TenantId, TenantId]
) -> dict[TenantId, UUID]:
    columns = superuser.execute(_COLUMNS, (f'"{table.schema}"."{table.table}"',)).fetchall()
    names = sql.SQL(", ").join(
        sql.Identifier(name) for name in ("id", "tenant_id", *(name for name, _ in columns))
    )
    values = sql.SQL("".join(f", {VALUES[kind]}" for _, kind in columns))
    ids = {}
    for tenant_id in tenants:
        ids[tenant_id] = uuid4()
        statement = sql.SQL("INSERT INTO {} ({}) VALUES (%s, %s{})").format(
            table.name, names, values
        )
        superuser.execute(statement, (ids[tenant_id], tenant_id))
    return ids
