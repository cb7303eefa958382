"""The forms of statements.sql, and what each becomes for one table and one row."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from tests.isolation.canaries import Column, columns
from tests.tenants.postgres.planting import tenant_tables
from warmline.kernel.ids import TenantId, new_uuid

EXPECTED: Final = ("nothing", "refused", "silent")
_FORMS: Final = Path(__file__).with_name("statements.sql")
_HEADER: Final = re.compile(r"^-- (nothing|refused|silent)(\*?): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of one or more statements, of which the last one is judged by `expected`."""

    name: str
    statements: tuple[str, ...]
    expected: str
    shows_its_own: bool

    @property
    def needs_key(self) -> bool:
        """Whether it is about a table that points at another one."""
        return any("{key}" in text or "{values_to_other}" in text for text in self.statements)


@dataclass(frozen=True, slots=True)
class Side:
    """A tenant and its rows by table."""

    tenant_id: TenantId
    ids: Mapping[str, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Sides:
    """Whose session it is, and whose rows are wanted."""

    own: Side
    wanted: Side


@dataclass(frozen=True, slots=True)
class Target:
    """A table, what may be written of it, and the tables that it points at by column."""

    name: str
    bare: str
    written: tuple[Column, ...]
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """The statements of one try, as they are sent."""

    kind: Kind
    table: str
    statements: tuple[bytes, ...]


def kinds() -> list[Kind]:
    """Every form of statements.sql."""
    parts = _HEADER.split(_FORMS.read_text(encoding="utf-8"))[1:]
    return [
        Kind(name, tuple(_statements(body)), expected, star == "*")
        for expected, star, name, body in zip(*(parts[n::4] for n in range(4)), strict=True)
    ]


def _statements(body: str) -> Iterator[str]:
    for statement in body.split(";\n"):
        if text := " ".join(statement.split()):
            yield text.removesuffix(";")


def targets(superuser: psycopg.Connection) -> list[Target]:
    """Every table of tenants'."""
    tables = tenant_tables(superuser)
    names = {table.table for table in tables}
    found = []
    for table in tables:
        written = tuple(columns(superuser, table))
        keys = [
            (column.name, column.target.rpartition(".")[2])
            for column in written
            if column.target is not None and column.kind == "uuid"
        ]
        found.append(
            Target(
                f'"{table.schema}"."{table.table}"',
                table.table,
                written,
                tuple((name, target) for name, target in keys if target in names),
            )
        )
    return found


def probe(
    kind: Kind,
    target: Target,
    others: Sequence[Target],
    *,
    own: Side,
    wanted: Side,
    draw: random.Random,
) -> Probe | None:
    """One try of this kind at a row of this table; None where the table points at nothing."""
    if kind.needs_key and not target.keys:
        return None
    row_id, own_id = draw.choice(wanted.ids[target.bare]), draw.choice(own.ids[target.bare])
    parts = {
        "t": target.name,
        "name": target.bare,
        "id": row_id,
        "tenant": wanted.tenant_id,
        "own": own.tenant_id,
        "own_id": own_id,
        "other": draw.choice(others).name,
        "col": f'"{draw.choice(target.written).name}"',
        "new": new_uuid(),
        "n": draw.randrange(1, 10**9),
        "database": "warmline_test",
        **_rows(target, wanted, row_id, others, draw),
    }
    return Probe(kind, target.bare, tuple(s.format(**parts).encode() for s in kind.statements))


def _rows(
    target: Target, wanted: Side, row_id: UUID, others: Sequence[Target], draw: random.Random
) -> dict[str, str]:
    """A row of one's own as an insert takes it, and with something of another's put in it."""
    own = {"id": f"'{new_uuid()}'", "tenant_id": "tenant_id"}
    own |= {f'"{column.name}"': f'"{column.name}"' for column in target.written}
    parts = {
        "names": ", ".join(own),
        "values": ", ".join(own.values()),
        "values_of_other": ", ".join((own | {"tenant_id": f"'{wanted.tenant_id}'"}).values()),
        "values_over": ", ".join((own | {"id": f"'{row_id}'"}).values()),
    }
    if target.keys:
        key, pointed = draw.choice(target.keys)
        target_id = draw.choice(wanted.ids[pointed])
        to_other = own | {f'"{key}"': f"'{target_id}'"}
        parts |= {
            "key": f'"{key}"',
            "target": next(other.name for other in others if other.bare == pointed),
            "target_id": str(target_id),
            "values_to_other": ", ".join(to_other.values()),
        }
    return parts
