"""Rows of a tenant in every tenant table whose every value is recognised wherever it turns up."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from tenants.names import TENANT_TABLE
from tests import services
from tests.tenants.postgres.planting import TenantTable, checks_set_aside, tenant_tables
from warmline.kernel.ids import TenantId

WORD: Final = "zq7xk"
_HEX: Final = WORD.encode().hex()
# A value for each type of column that a table of ours has: what nobody else's row holds.
_VALUES: Final = {
    "text": "'zq7xk' || substr(md5(random()::text), 1, {rest})",
    "varchar": "left('zq7xk' || substr(md5(random()::text), 1, {rest}), {length})",
    "jsonb": """'{{"zq7xk": ["zq7xk", 918273645]}}'::jsonb""",
    "bytea": "'zq7xk'::bytea || decode(md5(random()::text), 'hex')",
    "uuid": "('ca9a71e5' || substr(gen_random_uuid()::text, 9))::uuid",
    "_text": "ARRAY['zq7xk']",
    "_varchar": "ARRAY['zq7xk']",
    "int4": "918273645 + floor(random() * 100)::int",
    "int8": "918273645 + floor(random() * 100)::int",
    "int2": "1 + {number}",
    "float8": "918273645.5",
    "numeric": "round(918273645.5, 0)",
    "date": "date '1907-03-07' + {number}",
    "time": "time '03:07:19.190703'",
    "timestamptz": "timestamptz '1907-03-07 03:07:19.190703+00' + random() * interval '1 day'",
    "interval": "interval '918273645 seconds'",
    "inet": "inet '203.0.113.77'",
    "bool": "true",
}
# The same for a tenant that asks: nothing of it looks like a canary.
_PLAIN: Final = {
    **_VALUES,
    "text": "'own-' || substr(md5(random()::text), 1, {rest})",
    "varchar": "left('own-' || substr(md5(random()::text), 1, {rest}), {length})",
    "jsonb": """'{{"own": ["own", 1]}}'::jsonb""",
    "bytea": "decode(md5(random()::text), 'hex')",
    "uuid": "('0a0a0a0a' || substr(gen_random_uuid()::text, 9))::uuid",
    "_text": "ARRAY['own']",
    "_varchar": "ARRAY['own']",
    "int4": "1 + {number}",
    "int8": "1 + {number}",
    "float8": "1.5",
    "numeric": "1",
    "date": "date '2026-03-07' + {number}",
    "time": "time '08:00'",
    "timestamptz": "now() - random() * interval '1 day'",
    "interval": "interval '1 second'",
    "inet": "inet '127.0.0.1'",
}
_SEEN: Final = re.compile(
    rb"zq7xk|" + _HEX.encode() + rb"|ca9a71e5|918273[67]|1907-03|190703|203\.0\.113\.77",
    re.IGNORECASE,
)
_COLUMNS: Final = """
SELECT a.attname, t.typname, a.atttypmod,
    (SELECT c.confrelid::regclass::text FROM pg_constraint c
     WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) LIMIT 1)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
AND a.attname NOT IN ('id', 'tenant_id') AND a.attidentity = '' AND a.attgenerated = ''
ORDER BY a.attnum
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tenant table, by its type, and the table that it points at."""

    name: str
    kind: str
    length: int | None
    target: str | None


def columns(superuser: psycopg.Connection, table: TenantTable) -> list[Column]:
    """What may be written of a table beside its id and its tenant."""
    rows = superuser.execute(_COLUMNS, (f'"{table.schema}"."{table.table}"',)).fetchall()
    return [
        Column(name, kind, typmod - 4 if kind == "varchar" and typmod > 4 else None, target)
        for name, kind, typmod, target in rows
    ]


def canary_in(told: bytes | str) -> str | None:
    """What of a planted row stands in an answer; None when nothing does."""
    found = _SEEN.search(told.encode(errors="replace") if isinstance(told, str) else told)
    return found[0].decode() if found else None


def plant(
    superuser: psycopg.Connection,
    tenant_id: TenantId,
    *,
    known: int = 1,
    hidden: int = 1,
    canaries: bool = True,
) -> dict[str, list[UUID]]:
    """So many rows in each tenant table, which point at one another; by table the known ids.

    Ids of the hidden ones are canaries themselves. Keys and checks must be set aside. Without
    canaries the rows are somebody's who asks.
    """
    tables = tenant_tables(superuser)
    ids = {
        table.table: [
            *(uuid4() for _ in range(known)),
            *(_hidden_id() if canaries else uuid4() for _ in range(hidden)),
        ]
        for table in tables
    }
    for table in tables:
        written = columns(superuser, table)
        for number, row_id in enumerate(ids[table.table]):
            values = [
                _value(column, number=number, ids=ids, values=_VALUES if canaries else _PLAIN)
                for column in written
            ]
            names = [sql.Identifier(column.name) for column in written]
            superuser.execute(
                sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
                    table.name,
                    sql.SQL(", ").join([sql.Identifier("id"), sql.Identifier("tenant_id"), *names]),
                    sql.SQL(", ").join([sql.Literal(row_id), sql.Literal(tenant_id), *values]),
                )
            )
    if canaries:
        superuser.execute("UPDATE tenants_tenant SET name = 'zq7xk' WHERE id = %s", (tenant_id,))
    return {table.table: _there(superuser, table, ids[table.table][:known]) for table in tables}


def _there(superuser: psycopg.Connection, table: TenantTable, wanted: list[UUID]) -> list[UUID]:
    """Those of them that are rows: of some things a tenant has one."""
    asked = sql.SQL("SELECT id FROM {} WHERE id = ANY (%s)").format(table.name)
    return [row_id for (row_id,) in superuser.execute(asked, (wanted,))]


def _value(
    column: Column, *, number: int, ids: Mapping[str, list[UUID]], values: Mapping[str, str]
) -> sql.Composable:
    """What the column of the row of that number holds; a key names a row of the same tenant."""
    pointed = ids.get((column.target or "").rpartition(".")[2])
    if column.kind == "uuid" and pointed:
        return sql.Literal(pointed[number % len(pointed)])
    length = column.length or 40
    text = values[column.kind].format(rest=max(length - len(WORD), 0), length=length, number=number)
    return sql.SQL(text)  # of the tables above


def _hidden_id() -> UUID:
    return UUID("ca9a71e5" + str(uuid4())[8:])


def digests(superuser: psycopg.Connection, tenant_id: TenantId) -> dict[str, tuple[int, str]]:
    """Of each tenant table, how many rows the tenant has and a hash of all that stands in them."""
    found = {
        table.table: _digest(superuser, table.name, "tenant_id", tenant_id)
        for table in tenant_tables(superuser)
    }
    own = _digest(superuser, sql.Identifier(TENANT_TABLE), "id", tenant_id)
    return {**found, TENANT_TABLE: own}


def _digest(
    superuser: psycopg.Connection, table: sql.Identifier, column: str, tenant_id: TenantId
) -> tuple[int, str]:
    asked = sql.SQL(
        "SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t.id::text)), '')"
        " FROM {} t WHERE {} = {}"
    ).format(table, sql.Identifier(column), sql.Literal(tenant_id))
    row = superuser.execute(asked).fetchone()
    assert row is not None
    return int(row[0]), str(row[1])


@contextmanager
def planted_canaries(
    tenant_id: TenantId, *, known: int = 1, hidden: int = 1
) -> Iterator[dict[str, list[UUID]]]:
    """The rows, committed, until the block ends; by table the ids of the known ones."""
    with (
        psycopg.connect(
            services.superuser_dsn, dbname=services.DATABASE, autocommit=True
        ) as superuser,
        checks_set_aside(superuser),
    ):
        yield plant(superuser, tenant_id, known=known, hidden=hidden)
