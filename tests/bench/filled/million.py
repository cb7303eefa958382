"""A million calls of a thousand companies, of which one has everything else that there is too.

The large company has a tenth of all calls, or nearly all of them, and a few of each other thing
that its pages can show (`tests.house.test_query_budgets.Installation`).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from telephony.calls.listing.terms import tool_term, word_term
from tests.bench.filled.company import made_company
from tests.bench.filled.kept import Kept, kept_database

TENANTS = 1000
BIG_SHARE = 0.1
NEARLY_ALL = 0.999
WORDS = 10  # of each call
# The commonest word is in nearly every call, the rarest in a few.
VOCABULARY = [word_term(f"word{n}") for n in range(20_000)]
TOOLS = ("book_visit", "check_availability", "transfer_to_person")
OUTCOMES = ("answered",) * 12 + ("booked",) * 4 + ("handed_over", "missed", "voicemail", "failed")
AGENTS = [UUID(int=n) for n in range(1, 4)]
VERSIONS = [UUID(int=n) for n in range(101, 116)]
_COMPANIES = """
INSERT INTO tenants_tenant (id, slug, name, vertical, plan, residency, time_zone, human_number,
    max_concurrent_calls)
SELECT gen_random_uuid(), 'company-' || n, 'Company ' || n, 'homeservices', 'scale', 'anywhere',
    'UTC', '', 20
FROM generate_series(1, %s) n RETURNING id
"""
_CALLS = """
INSERT INTO telephony_call (id, tenant_id, carrier, carrier_call_id, direction, from_number,
    to_number, region, vertical, agent_id, agent_version_id, audience, human_number, verstat, state,
    facts, routing, leases, started_at, answered_at, ended_at, end_reason, outcome, talked_ms,
    indexed_at, turns, first_audio_p50_ms, first_audio_p95_ms)
SELECT uuidv7(started - now()),
    (%(tenants)s::uuid[])[
        CASE WHEN random() < %(big)s THEN 1 ELSE 2 + floor(random() * %(others)s)::int END],
    'twilio', 'CA' || n, 'inbound', '+1555' || lpad((random() * 9999)::int::text, 7, '0'),
    '+1555019' || n %% 5, 'us-east', 'homeservices',
    (%(agents)s::uuid[])[1 + n %% 3], (%(versions)s::uuid[])[1 + n %% 15],
    CASE WHEN n %% 20 = 7 THEN 'screen' ELSE 'caller' END, '', '', 'ended',
    '{"finished": {"at": "2026-01-01T00:00:00Z", "reason": "caller_hung_up"}}',
    '{"because": "nearest"}', '[]', started, started,
    started + length * interval '1 ms',
    CASE WHEN n %% 50 = 3 THEN 'too_long' ELSE 'caller_hung_up' END,
    (%(outcomes)s::text[])[1 + floor(random() * array_length(%(outcomes)s::text[], 1))::int],
    length, started, n %% 12, 300 + n %% 200, 700
FROM generate_series(1, %(calls)s::int) n,
    LATERAL (SELECT now() - n * interval '30 s' AS started, (random() * 600000)::int AS length) t
"""
# UNION leaves each term of a call once.
_TERMS = """
INSERT INTO telephony_callterm (tenant_id, term, started_at, id)
SELECT tenant_id, term, started_at, id FROM telephony_call,
    LATERAL (SELECT (%(words)s::bigint[])[
        1 + floor(%(vocabulary)s * power(random(), 4) + 0 * talked_ms)::int] AS term
        FROM generate_series(1, %(each)s) UNION
        SELECT (%(tools)s::bigint[])[1 + floor(random() * 3 + 0 * talked_ms)::int]) t
WHERE carrier_call_id ~ '^CA[0-9]+$'
"""


def million_calls(*, calls: int, words: int, one_tenant: bool) -> AbstractContextManager[Kept]:
    """The database, running; its facts: `tenants` by name, `ids` and `users` of the large one."""
    fill = partial(_fill, calls=calls, words=words, one_tenant=one_tenant)
    name = f"calls-{calls}-{words}" + ("-one" if one_tenant else "")
    here = Path(__file__)
    return kept_database(name, fill, sources=(here, here.with_name("company.py")))


def _fill(
    superuser: psycopg.Connection, *, calls: int, words: int, one_tenant: bool
) -> dict[str, Any]:
    company = made_company()
    others = 1 if one_tenant else TENANTS - 1
    rows = superuser.execute(_COMPANIES, [others]).fetchall()
    tenants = [UUID(company.tenant_id), *(tenant_id for (tenant_id,) in rows)]
    # Keys are checked by nobody here, and cost half.
    superuser.execute("SET session_replication_role = replica")
    with without_indexes(superuser, "telephony_call", "telephony_callterm"):
        superuser.execute(
            _CALLS,
            {
                "tenants": tenants,
                "big": NEARLY_ALL if one_tenant else BIG_SHARE,
                "others": others,
                "agents": AGENTS,
                "versions": VERSIONS,
                "outcomes": list(OUTCOMES),
                "calls": calls,
            },
        )
        superuser.execute(
            _TERMS,
            {
                "words": VOCABULARY,
                "vocabulary": len(VOCABULARY),
                "tools": [tool_term(name) for name in TOOLS],
                "each": words,
            },
        )
    superuser.execute("SET session_replication_role = origin")
    return {
        "tenants": {"large": company.tenant_id, "small": str(tenants[1])},
        "ids": company.ids,
        "users": company.users,
    }


@contextmanager
def without_indexes(superuser: psycopg.Connection, *tables: str) -> Iterator[None]:
    """Load these tables without their indexes and keys, which are made again in the end."""
    keys, indexes = [], []
    for table in tables:
        keys += superuser.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'"
            " AND conname LIKE '%%callterm%%'",
            [table],
        ).fetchall()
        indexes += superuser.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [table],
        ).fetchall()
    for table, name, _ in keys:
        superuser.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        superuser.execute(f'DROP INDEX "{name}"')
    yield
    superuser.execute("SET maintenance_work_mem = '1GB'")
    for _, definition in indexes:
        superuser.execute(definition)
    for table, name, definition in keys:
        superuser.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
