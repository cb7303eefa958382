"""`python -m tests.bench.probes [--requests 100000] [--statements 1000000] [--seed 1]`.

One company tries for another's: by requests of the API, with keys of other companies and of lesser
roles and the other's ids in path, query and body, however deep; and by statements of the app role
bound to it, at every table that has tenants. Every value of the other's rows is a canary, known in
any answer, header or error; at the end its rows are compared with what they were. Before, each kind
that should show a row is shown to see it as its own tenant, since a probe that sees nothing proves
nothing. One leak is a failure.

That the app role may bind any tenant is how it serves them all: setting `warmline.tenant_id` to
another's id is no probe here (decision 0011).
"""

import argparse
import logging
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

import psycopg
from django.conf import settings
from django.core.management import call_command

from tenants.actions import create_api_key, create_tenant
from tenants.context import as_tenant
from tests.bench.probes import requests, statements
from tests.bench.probes.kinds import Side, Sides, targets
from tests.database import empty_tables
from tests.house.test_query_budgets import FEW, Installation
from tests.isolation.canaries import digests, plant
from tests.tenants.postgres.planting import checks_set_aside
from warmline.embedded.running import running
from warmline.embedded.stores import chroma, postgres, valkey

KNOWN, HIDDEN = 5, 3
# Of the statements: COPY takes no pipeline, and is slower for it.
COPIES = 0.02
LONGEST_REPORT = 20


def main() -> int:
    """Print both tables; 1 when anything leaked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    leaks = 0
    with served() as superuser:
        if wanted.requests:
            leaks += try_requests(superuser, most=wanted.requests, seed=wanted.seed)
            empty_tables()
        if wanted.statements:
            leaks += try_statements(superuser, most=wanted.statements, seed=wanted.seed)
    print(f"leaks: {leaks} (bound 0)")
    return 1 if leaks else 0


@contextmanager
def served() -> Iterator[psycopg.Connection]:
    """The services that answer needs, of this bench's own; the database as its superuser."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with (
        running(valkey.program(services.home), home=services.home),
        running(chroma.program(services.home, port=services.chroma_port), home=services.home),
        running(
            postgres.program(services.home, superuser_password=password, durable=False),
            home=services.home,
        ),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with psycopg.connect(
            services.superuser_dsn, dbname=services.DATABASE, autocommit=True
        ) as superuser:
            yield superuser


def try_requests(superuser: psycopg.Connection, *, most: int, seed: int) -> int:
    """The requests, after those that show that they would see; how many leaked."""
    settings.API_LIMITS = False
    logging.disable(logging.CRITICAL)
    one, two, three = (
        create_tenant(slug, name=slug.title(), vertical="homeservices").tenant_id
        for slug in ("rivertown", "lakeside", "hillside")
    )
    installation = Installation(one)
    installation.grow(FEW)
    own = {name: str(value) for name, value in installation.ids.items()}
    with checks_set_aside(superuser):
        ids = plant(superuser, two, known=KNOWN, hidden=HIDDEN)
        theirs, before = requests.parts_of(ids, two), digests(superuser, two)
        with as_tenant(two):
            secret = create_api_key("their own").secret
        shown, blind = requests.sight(secret=secret, theirs=theirs, draw=random.Random(seed))
        print(
            f"{len(shown)} of {len(shown | blind)} operations that read show the rows to their own"
        )
        before = digests(superuser, two)
        tally = requests.reach(
            (one, three),
            own=own,
            theirs=theirs,
            all_ids=requests.ids_of(superuser, two),
            requests=most,
            seed=seed,
        )
        after = digests(superuser, two)
    changed = [name for name, digest in after.items() if digest != before[name]]
    shares = ", ".join(f"{status} {n:,}" for status, n in tally.states.most_common())
    print(
        f"requests: {tally.asked:,} in {tally.seconds:.0f} s, {len(tally.operations)} operations "
        f"(each at least {min(tally.operations.values()):,} times), {len(tally.leaks)} leaks; "
        f"{shares}; {', '.join(f'{place} {n:,}' for place, n in tally.places.items())}"
    )
    print(f"the other's rows: {len(before)} tables compared, {len(changed)} changed")
    return told(tally.leaks, changed)


def told(leaks: list[str], changed: list[str]) -> int:
    """Print the first of them; how many there are."""
    for leak in (*leaks[:LONGEST_REPORT], *(f"changed: {name}" for name in changed)):
        print(f"LEAK {leak[:600]}")
    return len(leaks) + len(changed)


def try_statements(superuser: psycopg.Connection, *, most: int, seed: int) -> int:
    """The statements, after those that show that they would see; how many leaked."""
    one, two = (
        create_tenant(slug, name=slug.title(), vertical="homeservices").tenant_id
        for slug in ("rivertown", "lakeside")
    )
    with checks_set_aside(superuser):
        own = Side(one, plant(superuser, one, known=KNOWN, hidden=HIDDEN, canaries=False))
        wanted = Side(two, plant(superuser, two, known=KNOWN, hidden=HIDDEN))
        superuser.execute("ANALYZE")
        app, where = services.urls.app, targets(superuser)
        before = digests(superuser, two)
        showing, blind = statements.check_sight(app, where, wanted=wanted)
        deaf = statements.check_keys(app, where, own=own)
        print(
            f"{len(where)} tables; {showing - len(blind)} of {showing} kinds that should show a "
            "row show it to its own tenant; keys are tried in all tables but "
            f"{', '.join(deaf) or 'none'}",
            flush=True,
        )
        copies = int(most * COPIES)
        sides = Sides(own, wanted)
        tallies = {
            "statements": statements.reach(app, where, sides, statements=most - copies, seed=seed),
            "COPY": statements.copy(app, where, sides, statements=copies, seed=seed),
        }
        after = digests(superuser, two)
        changed = [name for name, digest in after.items() if digest != before[name]]
    for name, tally in tallies.items():
        shares = ", ".join(f"{state} {n:,}" for state, n in tally.states.most_common(8))
        print(
            f"{name}: {tally.asked:,} in {tally.seconds:.0f} s ({tally.a_second:,.0f} a second), "
            f"{len(tally.leaks)} leaks; {shares}"
        )
    print(f"the other's rows: {len(before)} tables compared, {len(changed)} changed")
    for kind in blind:
        print(f"BLIND {kind[:300]}")
    return len(blind) + told([leak for tally in tallies.values() for leak in tally.leaks], changed)


if __name__ == "__main__":
    sys.exit(main())
