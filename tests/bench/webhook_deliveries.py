"""Whether each webhook arrives, and what finding them costs:
`python -m tests.bench.webhook_deliveries [events]`.

Ten companies with an endpoint each at a receiver that fails three requests of ten, now and then
after it has taken the event; the sender, a process as an installation has it, is killed twice. What
waits for its next try is given it at once, so that nobody waits for 22 hours. Then the sweep across
companies, with ten of them and with ten thousand, of which ten have something to be sent.
"""

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import django
import psycopg

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
os.environ["WARMLINE_OUTBOUND_NETWORKS"] = "127.0.0.0/8"
django.setup()

from django.core.management import call_command

from tenants.actions import create_tenant
from tenants.context import as_tenant
from tenants.webhooks.actions import make_endpoint
from tenants.webhooks.announcing import announce
from tenants.webhooks.models import Endpoint
from tenants.webhooks.sending.due_work import due_endpoints, tenants_with_events
from tenants.webhooks.sending.sender import MOST_FOUND
from tenants.webhooks.types import EventType
from tests.tenants.webhooks.conftest import pass_time
from tests.tenants.webhooks.receiver import receiving
from tests.tenants.webhooks.test_sender import Failing, pending, start_sender
from warmline.embedded.running import running
from warmline.embedded.stores import postgres, valkey
from warmline.kernel.ids import TenantId

COMPANIES, MANY = 10, 10_000
EVENTS = 1000
KILLS = 2
LONGEST_S = 600
SWEEPS = 200
# A sweep with ten thousand companies may take so many times that with ten; the clock's noise.
BOUND_RATIO = 1.5
_MANY_COMPANIES = """
WITH made AS (
    INSERT INTO tenants_tenant (id, slug, name, vertical, plan, residency, time_zone, human_number,
        max_concurrent_calls)
    SELECT gen_random_uuid(), 'many-' || n, 'Many', 'salon', 'trial', 'anywhere', 'UTC', '', 20
    FROM generate_series(1, %(many)s) n RETURNING id)
INSERT INTO webhooks_endpoint (id, tenant_id, url, description, event_types, enabled,
    disabled_because, secret, previous_secret, last_sequence, consecutive_failures)
SELECT gen_random_uuid(), id, 'https://hooks.example.com/', '', '[]', true, '', '', '', 0, 0
FROM made, generate_series(1, 2)
"""


@contextmanager
def database() -> Iterator[psycopg.Connection]:
    """Postgres as it keeps what it was told, and Valkey; a superuser's connection."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with (
        running(valkey.program(services.home), home=services.home),
        running(postgres.program(services.home, superuser_password=password), home=services.home),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with psycopg.connect(
            services.superuser_dsn, dbname=services.DATABASE, autocommit=True
        ) as superuser:
            yield superuser


def deliver(companies: dict[TenantId, UUID], receiver: Failing, *, events: int) -> bool:
    """Tell each company's endpoint its events over two kills; whether each arrived."""
    announced: set[str] = set()
    for number, tenant_id in zip(range(events), itertools.cycle(companies), strict=False):
        with as_tenant(tenant_id):
            announced.add(str(announce(EventType.CALL_ENDED, {"n": number})))
    log = Path(tempfile.mkdtemp(dir=services.home.root)) / "sender.log"
    began = time.monotonic()
    for kill in range(1, KILLS + 1):
        sender = start_sender(log)
        _wait(partial(_has_come, receiver, events * kill // (KILLS + 1)))
        sender.kill()
        sender.wait(10)
    sender = start_sender(log)
    try:
        _wait(partial(_are_all_delivered, companies))
    finally:
        sender.terminate()
        sender.wait(30)
    took_s = time.monotonic() - began
    came = Counter(request.id for request in receiver.received)
    lost = announced - set(receiver.taken)
    print(
        f"{events} events of {len(companies)} companies, receiver failing 30 %, sender killed "
        f"{KILLS} times: {len(lost)} lost, {len(set(came) - announced)} under another id, "
        f"{len(receiver.received)} requests, {len(receiver.taken) - events} taken twice, "
        f"{took_s:.0f} s"
    )
    return not lost and set(came) == announced


def _has_come(receiver: Failing, count: int) -> bool:
    return len(receiver.received) >= count


def _are_all_delivered(companies: dict[TenantId, UUID]) -> bool:
    waiting = 0
    for tenant_id, endpoint_id in companies.items():
        if pending(tenant_id):
            waiting += 1
            pass_time(tenant_id, endpoint_id, timedelta(hours=15))
    time.sleep(1)
    return waiting == 0


def _wait(look: partial[bool]) -> None:
    until = time.monotonic() + LONGEST_S
    while not look():
        if time.monotonic() > until:
            raise SystemExit(f"not all had come after {LONGEST_S} s")
        time.sleep(0.05)


def sweep_ms() -> float:
    """What one look for work takes, in the middle of many."""
    took = []
    for _ in range(SWEEPS):
        began = time.perf_counter()
        tenants_with_events(limit=MOST_FOUND)
        assert len(due_endpoints(limit=MOST_FOUND)) == COMPANIES
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def sweeps(companies: dict[TenantId, UUID], superuser: psycopg.Connection) -> bool:
    """Measure with few companies, then with many; whether that makes no difference."""
    for tenant_id in companies:
        with as_tenant(tenant_id):
            Endpoint.objects.update(next_due_at="2026-01-01T00:00:00Z")
    few_ms = sweep_ms()
    superuser.execute(_MANY_COMPANIES, {"many": MANY})
    superuser.execute("ANALYZE webhooks_endpoint")
    many_ms = sweep_ms()
    print(
        f"a sweep that finds {COMPANIES} endpoints: {few_ms:.2f} ms with {COMPANIES} companies, "
        f"{many_ms:.2f} ms with {MANY + COMPANIES:,}: {many_ms / few_ms:.2f} times "
        f"(bound: {BOUND_RATIO})"
    )
    return many_ms <= BOUND_RATIO * few_ms


def main() -> int:
    """Print both figures; 0 when both bounds were held."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with database() as superuser, receiving(Failing()) as receiver:
        assert isinstance(receiver, Failing)
        companies: dict[TenantId, UUID] = {}
        for number in range(COMPANIES):
            tenant = create_tenant(f"company-{number}", name=f"No. {number}", vertical="salon")
            with as_tenant(tenant.tenant_id):
                companies[tenant.tenant_id] = make_endpoint(receiver.url).id
        arrived = deliver(companies, receiver, events=events)
        alike = sweeps(companies, superuser)
    return 0 if arrived and alike else 1


if __name__ == "__main__":
    sys.exit(main())
