"""A million calls, and any page of any list of them: `python -m tests.bench.calls [--one-tenant]`.

A thousand companies, one of them with a tenth of all calls; with `--one-tenant` one has them all.
The web process is held on one core; who asks and Postgres have the others. Lists are asked for at
their own times, 50 a second, whether or not earlier ones are answered: each with filters, a sort
and a place in the list that are drawn anew. First all through the API, then all as pages of the
dashboard.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.bench import filled

filled.set_up()  # first: it names the services before Django reads its settings

import aiohttp

from telephony.calls.listing import pages
from telephony.calls.listing.filters import CallFilters, Sort, parsed_filters
from telephony.models import Call
from tenants.actions import create_api_key
from tenants.context import as_tenant, bound
from tests.bench.filled.million import (
    AGENTS,
    OUTCOMES,
    TOOLS,
    VERSIONS,
    WORDS,
    million_calls,
)
from tests.bench.filled.web import (
    WebProcess,
    hold_off_the_webs_core,
    session_cookies,
    web_process,
)
from warmline.kernel.ids import new_uuid

BOUND_P95_MS = 40.0
YEAR = timedelta(days=347)
WARM_UP_S = 3
PAGES_ALONE = 20


@dataclass(frozen=True, slots=True)
class Company:
    """A company whose lists are asked for."""

    name: str
    tenant_id: str
    key: str
    cookies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what kind of list, and how it went."""

    kind: str
    took_ms: float
    ok: bool


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


Drawn = Callable[[Sequence[Company], random.Random], tuple[str, Company, str]]
KINDS = (
    "all outcome caller agent version reason length days word words tool".split()  # noqa: SIM905
)
# Of the others the page offers what the company has: its own agents, whole days.
PAGE_KINDS = ("all", "outcome", "caller", "reason", "length", "word", "words")


def drawn_by_api(companies: Sequence[Company], draw: random.Random) -> tuple[str, Company, str]:
    """A list: its kind, whose it is, and its address with a place somewhere in it."""
    kind, company = draw.choice(KINDS), draw.choice(companies)
    query = {**_drawn_query(kind, company, draw), "limit": "50"}
    return f"{kind} {company.name}", company, f"/api/v1/calls?{urlencode(query)}"


def drawn_as_page(companies: Sequence[Company], draw: random.Random) -> tuple[str, Company, str]:
    """The same of the large company in the dashboard, always the whole page."""
    kind, company = draw.choice(PAGE_KINDS), companies[0]
    query = _drawn_query(kind, company, draw)
    return f"{kind} page", company, f"/calls/?{urlencode(query)}"


def _drawn_query(kind: str, company: Company, draw: random.Random) -> dict[str, str]:
    filters = filters_of(kind, draw)
    sort = draw.choice(_sorts(filters))
    query = {**filters.given(), "sort": sort}
    with bound(company.tenant_id):
        cursor = _somewhere(filters, sort, draw)
    return query if cursor is None else {**query, "cursor": cursor}


async def drive(
    url: str,
    companies: Sequence[Company],
    *,
    drawn: Drawn,
    a_second: int,
    seconds: int,
    draw: random.Random,
) -> list[Asked]:
    """Ask at the requests' own times; every answer.

    What is asked is drawn before: a place in a list costs a query, while answers would wait.
    """
    planned = [drawn(companies, draw) for _ in range(a_second * seconds)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        start = time.monotonic()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number, (kind, company, path) in enumerate(planned):
                await asyncio.sleep(max(0.0, start + number / a_second - time.monotonic()))
                tasks.append(group.create_task(_ask(session, url + path, kind, company)))
        return [task.result() for task in tasks]


async def _ask(session: aiohttp.ClientSession, url: str, kind: str, company: Company) -> Asked:
    began = time.perf_counter()
    headers = {"Authorization": f"Bearer {company.key}"} if "/api/" in url else None
    cookies = company.cookies if headers is None else None
    async with session.get(
        url, headers=headers, cookies=cookies, allow_redirects=False
    ) as response:
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


def report(what: str, asked: Sequence[Asked], *, processor_ms: float) -> None:
    """Print the figures, the slowest kinds of list first."""
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_kind[one.kind].append(one)
    took = [one.took_ms for one in asked]
    print(
        f"lists of calls {what}: {len(asked)} pages, {sum(not one.ok for one in asked)} refused;"
        f" p50 {statistics.median(took):.1f} ms, p95 {p95_ms(asked):.1f} ms,"
        f" longest {max(took):.1f} ms (bound: p95 {BOUND_P95_MS:.0f} ms);"
        f" {processor_ms:.1f} ms of the web's processor each; load {os.getloadavg()}"
    )
    for kind, ones in sorted(by_kind.items(), key=lambda item: -p95_ms(item[1])):
        median = statistics.median(one.took_ms for one in ones)
        print(f"  {kind:16} {len(ones):4}   p50 {median:6.1f} ms   p95 {p95_ms(ones):6.1f} ms")


def measured(
    what: str,
    drawn: Drawn,
    *,
    web: WebProcess,
    companies: Sequence[Company],
    options: argparse.Namespace,
) -> bool:
    """Ask for lists, first slowly; whether the bound was held."""
    draw = random.Random(7)
    # In a process of its own that is not on the web's core.
    warm_up = drive(web.url, companies, drawn=drawn, a_second=20, seconds=WARM_UP_S, draw=draw)
    asyncio.run(warm_up)
    before_ms = web.processor_ms()
    a_second, seconds = options.a_second, options.seconds
    asked = asyncio.run(
        drive(web.url, companies, drawn=drawn, a_second=a_second, seconds=seconds, draw=draw)
    )
    report(what, asked, processor_ms=(web.processor_ms() - before_ms) / len(asked))
    return held(asked)


def companies_of(facts: Mapping[str, Any]) -> tuple[Company, ...]:
    """The large one and one of the many, each with a key; the large one with a browser too."""
    companies = []
    for name, tenant_id in facts["tenants"].items():
        with as_tenant(tenant_id):
            key = create_api_key("bench").secret
        cookies = {}
        if name == "large":
            cookies = session_cookies(facts["users"]["owner"], tenant_id=tenant_id)
        companies.append(Company(name, tenant_id, key, cookies))
    return tuple(companies)


def main() -> int:
    """Run it and print the figures; 0 when the bound was held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=WORDS, help="words of each call")
    parser.add_argument("--one-tenant", action="store_true")
    parser.add_argument("--a-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    with ExitStack() as stack:
        kept = stack.enter_context(
            million_calls(calls=options.calls, words=options.words, one_tenant=options.one_tenant)
        )
        hold_off_the_webs_core(kept.superuser)
        companies = companies_of(kept.facts)
        alone(companies, random.Random(7))
        web = stack.enter_context(web_process())
        by_api = measured("by API", drawn_by_api, web=web, companies=companies, options=options)
        as_page = measured("as pages", drawn_as_page, web=web, companies=companies, options=options)
    return 0 if by_api and as_page else 1


if __name__ == "__main__":
    sys.exit(main())
