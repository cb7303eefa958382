"""The end of a closed company: nothing of it stays in any table, index or store, and that is shown.

Every table with a tenant is found in the catalogue, not in a list that somebody keeps. Its rows go
as the company's own, by the app role under row-level security: another's cannot be reached. Last of
all goes the company's row, which Postgres refuses while any table still refers to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from tenants.actions import record_security_event
from tenants.company.types import Erasure
from tenants.context import CONTROL, as_tenant
from tenants.errors import NotErased
from tenants.models import Tenant
from tenants.names import TENANT_TABLE
from warmline.kernel import clock
from warmline.kernel.errors import Conflict
from warmline.kernel.ids import TenantId

log = structlog.get_logger()

# One statement's rows: a tenth of a second on two cores, far from the role's statement timeout.
BATCH_ROWS: Final = 5_000

# Every table that says whose its rows are, and those that a foreign key of it leads to.
_TABLES: Final = """
SELECT c.oid::int8, n.nspname, c.relname, ARRAY(
    SELECT k.confrelid::int8 FROM pg_constraint k
    WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false))
ORDER BY n.nspname, c.relname
"""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place outside the tenants' tables: `erase` answers how much went, `left` how much stays."""

    erase: Callable[[TenantId], int]
    left: Callable[[TenantId], int]


_elsewhere: Final[dict[str, Elsewhere]] = {}


def erases(
    place: str, *, erase: Callable[[TenantId], int], left: Callable[[TenantId], int]
) -> None:
    """Have a company's things erased in this place too: called by each app when it is ready."""
    _elsewhere[place] = Elsewhere(erase, left)


def erase_company(tenant_id: TenantId, *, seconds: float) -> Erasure:
    """Erase a closed company whose time is over; after so many seconds it stops, to be called on.

    `Conflict` for one that may still come back; of one that is gone nothing is left to erase. When
    all is gone a security event keeps that it was, under the id alone. Outside of any transaction:
    what is gone stays gone.
    """
    if not _is_due(tenant_id):
        return Erasure(rows=0, elsewhere=0, is_whole=True)
    elsewhere = sum(place.erase(tenant_id) for place in _elsewhere.values())
    deadline_ms = clock.monotonic_ms() + seconds * 1000
    rows = 0
    for table in tables_of_tenants():
        while deleted := _delete_some(table, tenant_id):
            rows += deleted
            if clock.monotonic_ms() > deadline_ms:
                return Erasure(rows=rows, elsewhere=elsewhere, is_whole=False)
    _finish(tenant_id)
    log.info("company erased", tenant=tenant_id, rows=rows, elsewhere=elsewhere)
    return Erasure(rows=rows, elsewhere=elsewhere, is_whole=True)


def remains(tenant_id: TenantId) -> dict[str, int]:
    """Where something of a company is left, and how much; empty when nothing is."""
    counted: dict[str, int] = {}
    with as_tenant(tenant_id), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        for table in tables_of_tenants():
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(table), [tenant_id]
            )
            counted[table.as_string(None)] = cursor.fetchone()[0]
    for place, store in _elsewhere.items():
        counted[place] = store.left(tenant_id)
    return {place: count for place, count in counted.items() if count}


def _is_due(tenant_id: TenantId) -> bool:
    """Whether the company is still there; `Conflict` while it may come back."""
    with as_tenant(tenant_id):
        row = Tenant.objects.filter(pk=tenant_id).first()
    if row is None:
        return False
    if row.closed_at is None or row.erase_at is None or row.erase_at > clock.now():
        raise Conflict(f"company {tenant_id} is not closed, or may still be opened again")
    return True


def _finish(tenant_id: TenantId) -> None:
    """Look everywhere once more, then let the company's own row go."""
    left = remains(tenant_id)
    if left:
        raise NotErased(f"company {tenant_id}: left in {', '.join(sorted(left))}")
    tables = len(tables_of_tenants())
    with as_tenant(tenant_id), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        delete = f"DELETE FROM {TENANT_TABLE} WHERE id = %s"  # noqa: S608  our own name
        cursor.execute(delete, [tenant_id])
    record_security_event(
        action="company.erased",
        source=tenant_id,
        detail={"tables": tables, "places": sorted(_elsewhere), "left": 0},
    )


def tables_of_tenants() -> list[sql.Identifier]:
    """All tables of tenants, each before those that its keys lead to."""
    with connections[CONTROL].cursor() as cursor:
        cursor.execute(_TABLES)
        rows = {oid: (schema, name, targets) for oid, schema, name, targets in cursor.fetchall()}
    graph: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(rows, ()))
    for oid, (_, _, targets) in rows.items():
        for target in targets:
            if target in rows:
                graph.add(target, oid)
    return [sql.Identifier(*rows[oid][:2]) for oid in graph.static_order()]


def _delete_some(table: sql.Identifier, tenant_id: TenantId) -> int:
    statement = sql.SQL(
        "DELETE FROM {table} WHERE tenant_id = %s AND ctid = ANY (ARRAY("
        "SELECT ctid FROM {table} WHERE tenant_id = %s LIMIT %s))"
    ).format(table=table)
    with as_tenant(tenant_id), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, [tenant_id, tenant_id, BATCH_ROWS])
        return int(cursor.rowcount)
