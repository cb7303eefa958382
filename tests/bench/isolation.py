"""What row-level security costs: `python -m tests.bench.isolation [--calls 1000000] [--rounds 60]`.

The product's own tables and policies, as migrated: a million calls of 1,000 tenants, one of whom
has a tenth of them, with an event each. Every statement runs as the app role with its tenant bound,
and as a role that no policy holds with the same tenant named in the statement, which is what an
application that filters for itself would send. The two take turns on connections of their own; a
ratio is of their medians. What binding the tenant costs is a figure apart.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import django

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

import psycopg
from django.core.management import call_command
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tenants.actions import create_tenant
from tenants.names import TENANT_SETTING
from warmline.embedded.running import running
from warmline.embedded.stores import postgres

BOUND = 1.25
TENANTS = 1000
BIG_SHARE = 0.1
CHUNKS = 20

# As calls come: one every half minute, each of any tenant, the latest just now.
CALLS = """
INSERT INTO telephony_call (id, tenant_id, carrier, carrier_call_id, direction, from_number,
    to_number, region, vertical, agent_version_id, audience, human_number, verstat, state, facts,
    routing, leases, started_at, answered_at, ended_at, end_reason,
    turns, first_audio_p50_ms, first_audio_p95_ms)
SELECT uuidv7(),
    (%(tenants)s::uuid[])[
        CASE WHEN random() < %(big)s THEN 1 ELSE 2 + floor(random() * %(others)s)::int END],
    'twilio', 'CA' || gen_random_uuid(), 'inbound', '+15550100' || n %% 100,
    '+15550199', 'us-east', 'homeservices',
    '', 'caller', '', '', CASE WHEN n %% 50 = 0 THEN 'live' ELSE 'ended' END,
    '{"ended": {"reason": "caller_hung_up"}}', '{"because": "nearest"}', '[]',
    started, started, started + interval '3 minutes', 'caller_hung_up', n %% 12, 300 + n %% 200, 700
FROM generate_series(%(first)s::int, %(last)s::int) n,
    LATERAL (SELECT now() - n * interval '30 s' AS started) t
ORDER BY n DESC
"""
EVENTS = """
INSERT INTO telephony_calleventrow
    (id, tenant_id, call_id, epoch, number, kind, region, at, at_ms, payload)
SELECT uuidv7(), tenant_id, id, 1, 1, 'turn_timed', region, started_at, 1000,
    '{"first_audio_ms": 400}'
FROM telephony_call
"""
STATEMENTS = {
    "lookup": "SELECT * FROM telephony_call c WHERE c.id = %(call)s",
    "list": """
        SELECT * FROM telephony_call c
        WHERE true ORDER BY c.started_at DESC, c.id DESC LIMIT 50""",
    "count": "SELECT count(*) FROM telephony_call c WHERE c.state = 'ended'",
    "aggregate": """
        SELECT date_trunc('day', c.started_at), count(*), avg(c.first_audio_p50_ms)
        FROM telephony_call c
        WHERE c.started_at > now() - interval '7 days' GROUP BY 1""",
    "join": """
        SELECT c.id, e.payload FROM telephony_call c
        JOIN telephony_calleventrow e ON e.call_id = c.id
        WHERE c.started_at > now() - interval '1 day'""",
    "insert": CALLS,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A tenant whose rows are read."""

    name: str
    tenant_id: UUID
    call_id: UUID


def named(statement: str) -> str:
    """The statement with its tenant named in every table,
    as an application without policies must write it.
    """
    ours = "c.tenant_id = %(tenant)s" + (
        " AND e.tenant_id = %(tenant)s" if " e " in statement else ""
    )
    return statement.replace("WHERE ", f"WHERE {ours} AND ", 1)


def fill(superuser: psycopg.Connection, *, calls: int) -> tuple[Subject, ...]:
    """The tenants and their calls; the big one, and one of the many."""
    tenants = [
        UUID(str(create_tenant(f"t{n}", name=f"T{n}", vertical="homeservices").pk))
        for n in range(TENANTS)
    ]
    values = {"tenants": tenants, "big": BIG_SHARE, "others": TENANTS - 1}
    superuser.execute(
        "SET session_replication_role = replica"
    )  # keys are checked by nobody here, and cost half
    for chunk in track(range(CHUNKS, 0, -1), "calls", console=Console(stderr=True)):
        first, last = calls * (chunk - 1) // CHUNKS + 1, calls * chunk // CHUNKS
        superuser.execute(CALLS, {**values, "first": first, "last": last})
    superuser.execute(EVENTS)
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM ANALYZE telephony_call, telephony_calleventrow")
    return tuple(
        _subject(superuser, name, tenants[at]) for name, at in (("large", 0), ("small", 1))
    )


def _subject(superuser: psycopg.Connection, name: str, tenant_id: UUID) -> Subject:
    asked = "SELECT id FROM telephony_call WHERE tenant_id = %s ORDER BY id OFFSET 5 LIMIT 1"
    row = superuser.execute(asked, [tenant_id]).fetchone()
    assert row is not None
    return Subject(name, tenant_id, row[0])


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds that it took."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


class Side:
    """One of the two ways: a connection, and whether its tenant is bound or named."""

    def __init__(self, connection: psycopg.Connection, *, bound: bool) -> None:
        self.connection, self.bound = connection, bound

    def run(self, what: str, subject: Subject) -> float:
        """Milliseconds of one statement in a transaction of its own, which is rolled back;
        binding is not counted.
        """
        statement = STATEMENTS[what] if self.bound or what == "insert" else named(STATEMENTS[what])
        one = {"tenants": [subject.tenant_id], "big": 1, "others": 0, "first": 1, "last": 1}
        values = one if what == "insert" else {"tenant": subject.tenant_id, "call": subject.call_id}
        with self.connection.transaction(force_rollback=True):
            if self.bound:
                self.bind(subject)
            else:
                self.connection.execute("SELECT 1")  # the same round trips
            cursor = self.connection.cursor()
            return timed(lambda: _ask(cursor, statement, values, rows=what != "insert"))

    def bind(self, subject: Subject) -> None:
        """What `as_tenant` sends first."""
        self.connection.execute(
            "SELECT set_config(%s, %s, true)", [TENANT_SETTING, str(subject.tenant_id)]
        )


def _ask(
    cursor: psycopg.Cursor, statement: str, values: Mapping[str, object], *, rows: bool
) -> None:
    cursor.execute(statement, values)
    if rows:
        cursor.fetchall()


def binding_us(app: Side, subject: Subject, *, rounds: int) -> float:
    """What binding adds to a transaction, in microseconds."""
    took = []
    for _ in range(rounds):
        with app.connection.transaction():
            took.append(timed(lambda: app.bind(subject)))
    return statistics.median(took) * 1000


def main() -> int:
    """Print the table; 1 when a ratio passes the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    wanted = parser.parse_args()
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with running(
        postgres.program(services.home, superuser_password=password, durable=False),
        home=services.home,
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with (
            psycopg.connect(
                services.superuser_dsn, dbname=services.DATABASE, autocommit=True
            ) as superuser,
            psycopg.connect(services.urls.app, autocommit=True) as app,
        ):
            subjects = fill(superuser, calls=wanted.calls)
            return report(
                Side(app, bound=True), Side(superuser, bound=False), subjects, rounds=wanted.rounds
            )


def report(app: Side, plain: Side, subjects: tuple[Subject, ...], *, rounds: int) -> int:
    """Measure both sides in turns and print."""
    table = Table(
        "statement", "tenant", "plain ms", "isolated ms", "ratio", title="row-level security"
    )
    worst = 0.0
    for what in STATEMENTS:
        for subject in subjects:
            pairs = [(plain.run(what, subject), app.run(what, subject)) for _ in range(rounds + 5)][
                5:
            ]
            without, under = (statistics.median(side) for side in zip(*pairs, strict=True))
            worst = max(worst, under / without)
            table.add_row(
                what, subject.name, f"{without:.3f}", f"{under:.3f}", f"{under / without:.2f}"
            )
    Console().print(table)
    print(
        "binding the tenant: "
        f"{binding_us(app, subjects[0], rounds=rounds * 5):.0f} µs a transaction"
    )
    print(f"worst ratio: {worst:.2f} (bound {BOUND})")
    return 0 if worst <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
