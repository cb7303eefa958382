"""So many statements as the app role bound to one tenant, at another's rows in every table."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.bench.probes.kinds import Kind, Probe, Side, Sides, Target, kinds, probe
from tests.bench.probes.session import Outcome, Session
from tests.isolation.canaries import canary_in
from warmline.kernel.ids import TenantId

BATCH = 50
PROGRESS = 100_000
# Errors by which a statement that finds nothing would still tell: a value that divides by zero, a
# key that is taken. A primary key is 74 random bits, and the one unique thing without a tenant.
TELLING = {"22012": "a predicate saw the row", "23505": "a key is taken"}

_NOBODY = TenantId("00000000-0000-7000-8000-000000000001")


@dataclass(slots=True)
class Tally:
    """What was asked, and what came of it."""

    asked: int = 0
    refused: int = 0
    seconds: float = 0.0
    leaks: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def a_second(self) -> float:
        """Statements."""
        return self.asked / self.seconds if self.seconds else 0.0


def leak_in(tried: Probe, outcome: Outcome) -> str | None:
    """What an outcome gives away, in words; None for nothing."""
    kind = tried.kind
    if (seen := canary_in(outcome.told)) is not None:
        return f"it shows {seen!r}"
    if kind.expected == "refused" and outcome.sqlstate is None:
        return "it is not refused"
    if kind.expected == "nothing":
        if outcome.sqlstate in TELLING:
            return TELLING[outcome.sqlstate]
        if outcome.rows or outcome.changed:
            return f"{outcome.rows or outcome.changed} rows"
    return None


def told(tried: Probe, why: str, outcome: Outcome) -> str:
    """A leak as the report names it."""
    statement = b"; ".join(tried.statements).decode()
    return (
        f"{tried.kind.name}, {tried.table}: {why} ({outcome.sqlstate or 'no error'}): {statement}"
    )


def check_sight(
    address: str, where: Sequence[Target], *, wanted: Side, seed: int = 1
) -> tuple[int, list[str]]:
    """How many kinds show the rows to their own tenant, and which of those that should do not."""
    draw = random.Random(seed)
    session = Session(address, wanted.tenant_id)
    blind = []
    showing = [kind for kind in kinds() if kind.shows_its_own]
    try:
        for kind in showing:
            # Whoever asks is some other tenant here, so that "not one's own" is the wanted one.
            nobody = Side(_NOBODY, wanted.ids)
            tries = [
                tried
                for target in where
                if (tried := probe(kind, target, where, own=nobody, wanted=wanted, draw=draw))
            ]
            outcomes = [session.ask([tried.statements])[0] for tried in tries]
            if not any(canary_in(outcome.told) for outcome in outcomes):
                blind.append(f"{kind.name}: {outcomes[0]}")
    finally:
        session.close()
    return len(showing), blind


def check_keys(address: str, where: Sequence[Target], *, own: Side, seed: int = 1) -> list[str]:
    """Tables in which a row that points at one's own is refused as well: there nothing is shown."""
    draw = random.Random(seed)
    session = Session(address, own.tenant_id)
    [kind] = [kind for kind in kinds() if kind.name == "one's own row turned to another's"]
    refused = []
    try:
        for target in where:
            tried = probe(kind, target, where, own=own, wanted=own, draw=draw)
            if tried and (outcome := session.ask([tried.statements])[0]).sqlstate:
                refused.append(f"{target.bare} ({outcome.sqlstate})")
    finally:
        session.close()
    return refused


def reach(
    address: str, where: Sequence[Target], sides: Sides, *, statements: int, seed: int
) -> Tally:
    """Try until so many statements were sent: every kind at every table, in a drawn order."""
    draw, tally = random.Random(seed), Tally()
    session = Session(address, sides.own.tenant_id)
    began = time.monotonic()
    pairs: list[tuple[Kind, Target]] = []
    try:
        while tally.asked < statements:
            batch: list[Probe] = []
            while len(batch) < BATCH:
                if not pairs:
                    pairs = [(kind, target) for kind in kinds() for target in where]
                    draw.shuffle(pairs)
                kind, target = pairs.pop()
                tried = probe(kind, target, where, own=sides.own, wanted=sides.wanted, draw=draw)
                if tried is not None:
                    batch.append(tried)
            so_far = tally.asked
            outcomes = session.ask([tried.statements for tried in batch])
            for tried, outcome in zip(batch, outcomes, strict=True):
                tally.asked += len(tried.statements)
                tally.refused += outcome.sqlstate is not None
                tally.states[outcome.sqlstate or "answered"] += 1
                if (why := leak_in(tried, outcome)) is not None:
                    tally.leaks.append(told(tried, why, outcome))
            if tally.asked // PROGRESS > so_far // PROGRESS:
                print(f"{tally.asked:,} statements, {len(tally.leaks)} leaks", flush=True)
    finally:
        tally.seconds = time.monotonic() - began
        session.close()
    return tally


_COPIES = (
    "COPY {t} TO STDOUT",
    "COPY (SELECT * FROM {t} WHERE tenant_id = '{tenant}') TO STDOUT",
    "COPY (SELECT t::text FROM {t} t) TO STDOUT (FORMAT csv)",
    "COPY (DELETE FROM {t} WHERE id = '{id}' RETURNING *) TO STDOUT",
    "COPY {t} (id, tenant_id) FROM STDIN",
)


def copy(
    address: str, where: Sequence[Target], sides: Sides, *, statements: int, seed: int
) -> Tally:
    """The same by COPY, which no pipeline takes."""
    draw, tally, wanted = random.Random(seed), Tally(), sides.wanted
    began = time.monotonic()
    with psycopg.connect(address) as connection:
        while tally.asked < statements:
            target = draw.choice(where)
            form = draw.choice(_COPIES)
            parts = {"id": draw.choice(wanted.ids[target.bare]), "tenant": wanted.tenant_id}
            statement = form.format(t=target.name, **parts)
            try:
                connection.execute(
                    "SELECT set_config('warmline.tenant_id', %s, true)", (sides.own.tenant_id,)
                )
                answer = _copied(connection, statement, wanted)
            except psycopg.Error as error:
                answer = str(error).encode()
                tally.refused += 1
                tally.states[error.sqlstate or "?"] += 1
            else:
                tally.states["answered"] += 1
                if "FROM STDIN" in statement:
                    tally.leaks.append(f"{statement}: it is not refused")
            finally:
                connection.rollback()
            tally.asked += 1
            if (seen := canary_in(answer)) is not None:
                tally.leaks.append(f"{statement}: it shows {seen!r}")
    tally.seconds = time.monotonic() - began
    return tally


def _copied(connection: psycopg.Connection, statement: str, wanted: Side) -> bytes:
    with connection.cursor().copy(sql.SQL(statement)) as copied:  # ours
        if "FROM STDIN" in statement:
            copied.write_row(("00000000-0000-7000-8000-000000000002", wanted.tenant_id))
            return b""
        return b"".join(bytes(piece) for piece in copied)
