"""Rows out of every table and into it again, as the owner, in one transaction each way.

COPY in its text form, which every server's version reads. Row-level security refuses COPY FROM, so
the tables' owner rests its force while it fills them, within the transaction that fills them.
"""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

from django.db import connections, transaction
from psycopg import sql

from tenants.names import OWNER_ROLE
from warmline.backup.manifest import TableFile, sha256_of

OWNER: Final = "owner"
_PIECE_BYTES: Final = 1024 * 1024
# What `migrate` itself writes; restored with the rest, but no sign of anybody's data.
_MIGRATED: Final = ("django_migrations", "django_content_type", "auth_permission")
# A machine that has only been started has these: its regions and pools.
_FLEET: Final = "inference_"

# Ours, but the list of migrations: the schema is there already, made by the same ones.
_TABLES: Final = f"""
SELECT c.oid::int8, n.nspname, c.relname, c.relforcerowsecurity, ARRAY(
    SELECT a.attname FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relowner = '{OWNER_ROLE}'::regrole
AND c.relname <> 'django_migrations'
ORDER BY n.nspname, c.relname
"""  # noqa: S608  this project's own names
_KEYS: Final = """
SELECT conrelid::int8, confrelid::int8 FROM pg_constraint WHERE contype = 'f'
AND conrelid <> confrelid
"""
_COUNTERS: Final = """
SELECT pg_get_serial_sequence(c.oid::regclass::text, a.attname), c.oid::regclass::text,
    quote_ident(a.attname)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = ANY (%s)
AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
"""


class Table:
    """A table of ours: its name for statements, its columns that are stored."""

    def __init__(self, row: Sequence[Any]) -> None:
        self.oid, schema, name, self.is_forced, columns = row
        self.columns = tuple(columns)
        self.bare_name = name
        self.name = f"{schema}.{name}"
        self.quoted = sql.Identifier(schema, name)


@contextmanager
def snapshot() -> Iterator[Any]:
    """A cursor of the owner's that sees one moment of the whole database, and changes nothing."""
    with transaction.atomic(using=OWNER, durable=True), connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


@contextmanager
def filling() -> Iterator[Any]:
    """A cursor of the owner's whose work stands as a whole or not at all."""
    with transaction.atomic(using=OWNER, durable=True), connections[OWNER].cursor() as cursor:
        yield cursor


def tables(cursor: Any) -> list[Table]:
    """All of ours, each after those that its foreign keys lead to."""
    cursor.execute(_TABLES)
    by_oid = {table.oid: table for table in map(Table, cursor.fetchall())}
    graph: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(by_oid, ()))
    cursor.execute(_KEYS)
    for oid, target in cursor.fetchall():
        if oid in by_oid and target in by_oid:
            graph.add(oid, target)
    return [by_oid[oid] for oid in graph.static_order()]


def applied_migrations(cursor: Any) -> tuple[str, ...]:
    """What has made the schema: `app.name` of each, in order."""
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return tuple(name for (name,) in cursor.fetchall())


def first_rows_of_somebody(cursor: Any) -> str | None:
    """A table in which there is something that no start of an empty installation writes."""
    for table in tables(cursor):
        if table.bare_name in _MIGRATED or table.bare_name.startswith(_FLEET):
            continue
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table.quoted))
        if cursor.fetchone()[0]:
            return table.name
    return None


def copy_out(cursor: Any, table: Table, *, folder: Path) -> TableFile:
    """Write a table's rows into a compressed file below the folder."""
    name = f"tables/{table.name}.copy.gz"
    path = folder / name
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        _list(table.columns), table.quoted
    )
    with gzip.open(path, "wb", compresslevel=4) as file, cursor.copy(statement) as copy:
        for piece in copy:
            file.write(piece)
    return TableFile(
        table=table.name,
        columns=table.columns,
        rows=cursor.rowcount,
        file=name,
        sha256=sha256_of(path),
    )


def copy_in(cursor: Any, table: Table, *, kept: TableFile, folder: Path) -> int:
    """Fill a table with the rows of a backup's file; how many came."""
    with _unforced(cursor, table):
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.quoted, _list(kept.columns))
        with gzip.open(folder / kept.file, "rb") as file, cursor.copy(statement) as copy:
            while piece := file.read(_PIECE_BYTES):
                copy.write(piece)
        return int(cursor.rowcount)


def empty(cursor: Any, every: Sequence[Table]) -> None:
    """Remove what an installation's first start wrote."""
    names = sql.SQL(", ").join(table.quoted for table in every)
    cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def advance_counters(cursor: Any, every: Sequence[Table]) -> None:
    """Let each numbered column go on after its greatest number."""
    cursor.execute(_COUNTERS, [[table.oid for table in every]])
    for counter, table, column in cursor.fetchall():
        # Names out of the catalogue, quoted by it.
        greatest = f"(SELECT max({column}) AS n FROM {table}) AS g"  # noqa: S608
        advance = f"SELECT setval(%s, coalesce(n, 1), n IS NOT NULL) FROM {greatest}"  # noqa: S608
        cursor.execute(advance, [counter])


@contextmanager
def _unforced(cursor: Any, table: Table) -> Iterator[None]:
    """The owner itself is not held by the table's policies inside; nobody else is let in."""
    force = sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY")
    if not table.is_forced:
        yield
        return
    cursor.execute(force.format(table.quoted, sql.SQL("NO FORCE")))
    yield
    # A table with checks outstanding cannot be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(force.format(table.quoted, sql.SQL("FORCE")))


def _list(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
