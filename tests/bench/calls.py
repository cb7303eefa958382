"""A million calls, and any page of any list of them: `python -m tests.bench.calls [--one-tenant]`.

A thousand companies, one of them with a tenth of all calls; with `--one-tenant` one has them all.
The web process is held on one core; lists are asked for through the API at their own times, 50 a
second, each with filters, a sort and a place in the list that are drawn anew.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import django
import psycopg

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

import aiohttp
from django.core.management import call_command

from telephony.calls.listing import pages
from telephony.calls.listing.filters import CallFilters, Sort, parsed_filters
from telephony.calls.listing.terms import tool_term, word_term
from telephony.models import Call
from tenants.actions import create_api_key, create_tenant
from tenants.context import as_tenant, bound
from tests.bench.webhook import _hold_on_one_core, _processor_s, _web
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.running import running
from warmline.embedded.stores import postgres, valkey
from warmline.kernel.ids import new_uuid

BOUND_P95_MS = 40.0
TENANTS = 1000
BIG_SHARE = 0.1
YEAR = timedelta(days=347)
# The commonest word is in nearly every call, the rarest in a few.
VOCABULARY = [word_term(f"word{n}") for n in range(20_000)]
TOOLS = ("book_visit", "check_availability", "transfer_to_person")
OUTCOMES = ("answered",) * 12 + ("booked",) * 4 + ("handed_over", "missed", "voicemail", "failed")
WARM_UP_S = 3
PAGES_ALONE = 20

AGENTS = [UUID(int=n) for n in range(1, 4)]
VERSIONS = [UUID(int=n) for n in range(101, 116)]
CALLS = """
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
FROM generate_series(%(first)s::int, %(last)s::int) n,
    LATERAL (SELECT now() - n * interval '30 s' AS started, (random() * 600000)::int AS length) t
"""
TERMS = """
INSERT INTO telephony_callterm (tenant_id, term, started_at, id)
SELECT DISTINCT tenant_id, term, started_at, id FROM telephony_call,
    LATERAL (SELECT (%(words)s::bigint[])[
        1 + floor(%(vocabulary)s * power(random(), 4) + 0 * talked_ms)::int] AS term
        FROM generate_series(1, %(each)s) UNION
        SELECT (%(tools)s::bigint[])[1 + floor(random() * 3 + 0 * talked_ms)::int]) t
WHERE id >= %(from)s AND id < %(to)s
"""


@dataclass(frozen=True, slots=True)
class Company:
    """A company whose lists are asked for."""

    name: str
    tenant_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what kind of list, and how it went."""

    kind: str
    took_ms: float
    ok: bool


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


def fill(
    superuser: psycopg.Connection, *, calls: int, words: int, one_tenant: bool
) -> tuple[Company, ...]:
    """The companies and their calls; the large one, and one of the many."""
    tenants = [
        str(create_tenant(f"t{n}", name=f"T{n}", vertical="homeservices").pk)
        for n in range(2 if one_tenant else TENANTS)
    ]
    values = {
        "tenants": [UUID(tenant) for tenant in tenants],
        "big": 0.999 if one_tenant else BIG_SHARE,
        "others": len(tenants) - 1,
        "agents": AGENTS,
        "versions": VERSIONS,
        "outcomes": list(OUTCOMES),
    }
    # Keys are checked by nobody here, and cost half.
    superuser.execute("SET session_replication_role = replica")
    with without_indexes(superuser, "telephony_call", "telephony_callterm"):
        superuser.execute(CALLS, {**values, "first": 1, "last": calls})
        terms = {
            "words": VOCABULARY,
            "vocabulary": len(VOCABULARY),
            "tools": [tool_term(name) for name in TOOLS],
            "each": words,
            "from": UUID(int=0),
            "to": UUID(int=2**128 - 1),
        }
        superuser.execute(TERMS, terms)
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM ANALYZE telephony_call, telephony_callterm")
    names = ("large", "small")
    return tuple(_company(name, tenant) for name, tenant in zip(names, tenants, strict=False))


def _company(name: str, tenant_id: str) -> Company:
    with as_tenant(tenant_id):
        return Company(name, tenant_id, create_api_key("bench").secret)


def filters_of(kind: str, draw: random.Random) -> CallFilters:
    """Filters of that kind, drawn."""
    since = datetime.now(UTC) - draw.random() * YEAR
    word = draw.choice(("word1", "word30", "word400", "word9000"))
    texts = {
        "all": {},
        "outcome": {"outcome": draw.choice(OUTCOMES)},
        "caller": {"from_number": f"+1555{draw.randrange(9999):07d}"},
        "agent": {"agent": str(draw.choice(AGENTS)), "mode": draw.choice(("live", "shadow"))},
        "version": {"version": str(draw.choice(VERSIONS)), "outcome": draw.choice(OUTCOMES)},
        "reason": {"end_reason": draw.choice(("too_long", "caller_hung_up", "refused"))},
        "length": {"min_seconds": str(draw.randrange(590)), "mode": "shadow"},
        "days": {
            "since": since.isoformat(),
            "until": (since + timedelta(days=draw.randrange(1, 30))).isoformat(),
            "outcome": draw.choice(OUTCOMES),
        },
        "word": {"said": word},
        "words": {"said": f"{word} word2 word{draw.randrange(2000)}"},
        "tool": {"tool": draw.choice(TOOLS), "outcome": draw.choice(OUTCOMES)},
    }
    return parsed_filters(texts[kind])


KINDS = (
    "all outcome caller agent version reason length days word words tool".split()  # noqa: SIM905
)


def drawn(companies: Sequence[Company], draw: random.Random) -> tuple[str, Company, str]:
    """A list: its kind, whose it is, and its address with a place somewhere in it."""
    kind, company = draw.choice(KINDS), draw.choice(companies)
    filters = filters_of(kind, draw)
    sort = draw.choice(_sorts(filters))
    query = filters.given() | {"sort": sort, "limit": "50"}
    with bound(company.tenant_id):
        cursor = _somewhere(filters, sort, draw)
    if cursor is not None:
        query["cursor"] = cursor
    return f"{kind} {company.name}", company, f"/api/v1/calls?{urlencode(query)}"


async def drive(
    url: str, companies: Sequence[Company], *, a_second: int, seconds: int, draw: random.Random
) -> list[Asked]:
    """Ask at the requests' own times; every answer."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        start = time.monotonic()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number in range(a_second * seconds):
                kind, company, path = drawn(companies, draw)
                await asyncio.sleep(max(0.0, start + number / a_second - time.monotonic()))
                tasks.append(group.create_task(_ask(session, url + path, kind, company)))
        return [task.result() for task in tasks]


async def _ask(session: aiohttp.ClientSession, url: str, kind: str, company: Company) -> Asked:
    began = time.perf_counter()
    async with session.get(url, headers={"Authorization": f"Bearer {company.key}"}) as response:
        await response.read()
        return Asked(kind, (time.perf_counter() - began) * 1000, response.status == 200)


def p95_ms(asked: Sequence[Asked]) -> float:
    """So long, or less, took 95 of a hundred."""
    took = sorted(one.took_ms for one in asked)
    return took[int(len(took) * 0.95)]


def held(asked: Sequence[Asked]) -> bool:
    """Whether every list came, and 95 of a hundred within the bound."""
    return all(one.ok for one in asked) and p95_ms(asked) <= BOUND_P95_MS


def alone(companies: Sequence[Company], draw: random.Random) -> None:
    """Print what each kind of page takes when nothing else is asked: query and objects, in ms."""
    for company in companies:
        for kind in KINDS:
            took = [_page_ms(company, kind, draw) for _ in range(PAGES_ALONE)]
            print(
                f"  alone: {kind:8} {company.name:6} p50 {statistics.median(took):6.1f} ms"
                f"   longest {max(took):6.1f} ms"
            )


def _page_ms(company: Company, kind: str, draw: random.Random) -> float:
    filters = filters_of(kind, draw)
    sort = draw.choice(_sorts(filters))
    with as_tenant(company.tenant_id):
        cursor = _somewhere(filters, sort, draw)
        began = time.perf_counter()
        pages.calls_page(filters, sort=sort, cursor=cursor, limit=50)
        return (time.perf_counter() - began) * 1000


def _sorts(filters: CallFilters) -> tuple[Sort, ...]:
    by_start: tuple[Sort, ...] = ("-started_at", "started_at")
    return by_start if filters.by_words else (*by_start, "-seconds", "seconds")


def _somewhere(filters: CallFilters, sort: Sort, draw: random.Random) -> str | None:
    if draw.random() < 0.3:
        return None
    at = datetime.now(UTC) - draw.random() * YEAR
    place = Call(id=new_uuid(), started_at=at, talked_ms=draw.randrange(600_000))
    return pages.make_cursor(place, sort, filters)


def report(asked: Sequence[Asked], *, processor_ms: float) -> None:
    """Print the figures, the slowest kinds of list first."""
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_kind[one.kind].append(one)
    took = [one.took_ms for one in asked]
    print(
        f"lists of calls: {len(asked)} pages, {sum(not one.ok for one in asked)} refused;"
        f" p50 {statistics.median(took):.1f} ms, p95 {p95_ms(asked):.1f} ms,"
        f" longest {max(took):.1f} ms (bound: p95 {BOUND_P95_MS:.0f} ms);"
        f" {processor_ms:.1f} ms of the web's processor each; load {os.getloadavg()}"
    )
    for kind, ones in sorted(by_kind.items(), key=lambda item: -p95_ms(item[1])):
        median = statistics.median(one.took_ms for one in ones)
        print(f"  {kind:16} {len(ones):4}   p50 {median:6.1f} ms   p95 {p95_ms(ones):6.1f} ms")


@contextmanager
def platform(options: argparse.Namespace) -> Iterator[tuple[str, int, tuple[Company, ...]]]:
    """Postgres with its rows, Valkey and one web process: its address, its id, the companies."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    stores = postgres.program(services.home, superuser_password=password, durable=False)
    with (
        running(valkey.program(services.home), home=services.home),
        running(stores, home=services.home),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        superuser_url = services.superuser_dsn
        with psycopg.connect(superuser_url, dbname=services.DATABASE, autocommit=True) as superuser:
            began = time.monotonic()
            companies = fill(
                superuser,
                calls=options.calls,
                words=options.words,
                one_tenant=options.one_tenant,
            )
            sizes = superuser.execute(
                "SELECT pg_size_pretty(pg_total_relation_size('telephony_call')),"
                " pg_size_pretty(pg_total_relation_size('telephony_callterm'))"
            ).fetchone()
            print(f"{options.calls} calls in {time.monotonic() - began:.0f} s; sizes {sizes}")
        taken: set[int] = set()
        port, internal_port = (choose_port("WARMLINE_BENCH_PORT", taken=taken) for _ in range(2))
        with running(_web(port, internal_port), home=services.home) as process:
            time.sleep(1)  # threads that only start it are over
            yield f"http://{HOST}:{port}", process.pid, companies


def main() -> int:
    """Run it and print the figures; 0 when the bound was held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=20, help="words of each call")
    parser.add_argument("--one-tenant", action="store_true")
    parser.add_argument("--a-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    draw = random.Random(7)
    with platform(options) as (url, pid, companies):
        _hold_on_one_core(pid)
        alone(companies, draw)
        asyncio.run(drive(url, companies, a_second=20, seconds=WARM_UP_S, draw=draw))
        before_s = _processor_s(pid)
        asked = asyncio.run(
            drive(url, companies, a_second=options.a_second, seconds=options.seconds, draw=draw)
        )
        processor_ms = (_processor_s(pid) - before_s) * 1000 / len(asked)
    report(asked, processor_ms=processor_ms)
    return 0 if held(asked) else 1


if __name__ == "__main__":
    sys.exit(main())
