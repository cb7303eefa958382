"""Many companies, each like the first: its rows copied by SQL, every id another one."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from tests.bench.filled.company import made_company
from tests.bench.filled.kept import Kept, kept_database

ROWS_OF_A_TABLE: Final = 6  # at most so many of each company's are copied
# What waits for a job would be ten thousand times as much work; a company's finished work is kept.
NOT_COPIED: Final = (
    "tenants_webhookevent",
    "telephony_erasure",
    "telephony_recording",
    "rag_revision",
    "rag_document",
    "rag_wordindex",
)
# Columns that are not copied as they are: a number is one company's, and no work is left over.
OTHERWISE: Final[Mapping[tuple[str, str], str]] = {
    ("telephony_number", "e164"): "'+1646' || lpad((2 * n + row)::text, 7, '0')",
    ("telephony_call", "indexed_at"): "now()",
    ("webhooks_endpoint", "next_due_at"): "NULL",
    ("webhooks_delivery", "state"): "'delivered'",
    ("shadow_shadowrun", "state"): "'scored'",
}
_ID: Final = "CREATE FUNCTION pg_temp.other(id uuid, n int) RETURNS uuid IMMUTABLE LANGUAGE sql"
_TABLES: Final = """
SELECT c.oid::regclass::text, c.relname, array_agg(a.attname::text ORDER BY a.attnum),
    array_agg(a.atttypid = 'uuid'::regtype ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
WHERE c.relkind = 'r' AND (c.relname = 'tenants_tenant' OR EXISTS (
    SELECT 1 FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id'))
GROUP BY c.oid, c.relname
"""
_MEMBERS: Final = (
    "SELECT user_id FROM tenants_member WHERE tenant_id = %(first)s ORDER BY id LIMIT 6"
)
_USERS: Final = f"""
INSERT INTO tenants_user (id, email, password, is_superuser, name, is_active, is_staff)
SELECT pg_temp.other(u.id, n), n || '-' || u.email, u.password, false, u.name, true, false
FROM generate_series(1, %(more)s) n, tenants_user u WHERE u.id IN ({_MEMBERS})
"""
_ADDRESSES: Final = f"""
INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT n || '-' || e.email, e.verified, e."primary", pg_temp.other(e.user_id, n)
FROM generate_series(1, %(more)s) n, account_emailaddress e WHERE e.user_id IN ({_MEMBERS})
"""


def many_companies(count: int) -> AbstractContextManager[Kept]:
    """The database, running; its facts: `tenant`, `ids` and `users` of the first company."""
    here = Path(__file__)
    sources = (here, here.with_name("company.py"))
    return kept_database(f"companies-{count}", partial(_fill, count=count), sources=sources)


def _fill(superuser: psycopg.Connection, *, count: int) -> dict[str, Any]:
    company = made_company()
    superuser.execute(f"{_ID} RETURN md5(id::text || n)::uuid")
    values = {"more": count - 1, "first": company.tenant_id}
    # Keys are checked by nobody here, and cost half.
    superuser.execute("SET session_replication_role = replica")
    for table, name, columns, is_id in superuser.execute(_TABLES).fetchall():
        if name not in NOT_COPIED:
            superuser.execute(_copy(table, name, dict(zip(columns, is_id, strict=True))), values)
    superuser.execute(_USERS, values)
    superuser.execute(_ADDRESSES, values)
    superuser.execute("SET session_replication_role = origin")
    return {"tenant": company.tenant_id, "ids": company.ids, "users": company.users}


def _copy(table: str, name: str, columns: Mapping[str, bool]) -> sql.Composed:
    """Some rows of the first company's, once for each other company."""
    key = "id" if name == "tenants_tenant" else "tenant_id"
    given = [_value(name, column, is_id=is_id) for column, is_id in columns.items()]
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, %(more)s) n,"
        " (SELECT *, row_number() OVER () AS row FROM {table} WHERE {key} = %(first)s LIMIT {most})"
        " first"
    ).format(
        table=sql.SQL(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(given),
        key=sql.Identifier(key),
        most=sql.Literal(ROWS_OF_A_TABLE),
    )


def _value(name: str, column: str, *, is_id: bool) -> sql.Composable:
    if (name, column) in OTHERWISE:
        return sql.SQL(OTHERWISE[name, column])
    if (name, column) == ("tenants_tenant", "slug"):
        return sql.SQL("'company-' || n")
    if is_id:
        return sql.SQL("pg_temp.other({}, n)").format(sql.Identifier(column))
    return sql.Identifier(column)
