"""Every page of the dashboard with a million calls in the database: `python -m tests.bench.pages`.

Each address that answers a GET is asked for through the web process on one core, one after the
other, by an owner of the large company: an operator where only operators come in, nobody where one
is not signed in. For each page, the slowest first: how long it took, what the web process worked
for it, how often it asked the database, what its scripts weigh.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.bench import filled

filled.set_up()  # first: it names the services before Django reads its settings

from django.test import Client

from tests.bench.filled.million import WORDS, million_calls
from tests.bench.filled.web import (
    WebProcess,
    hold_off_the_webs_core,
    session_cookies,
    web_process,
)
from tests.house.test_query_budgets import BUDGETS, MACHINES, counted
from tests.tenants.test_doors import ROUTES
from tests.tenants.test_doors import filled as with_ids

BOUND_P95_MS = 100.0
BOUND_SCRIPT_BYTES = 200_000
ASKED_BEFORE = 2
# What programs read, files that are streamed, and what the password is asked for before.
NO_PAGES = (
    *MACHINES,
    "account/passkeys/<int:pk>/remove",
    *("api/v1/", "healthz/", "metrics", "calendar/", "recordings/"),
    *("calls/export/", "calls/<uuid:call_id>/audio"),
)
DOCS = "api/v1/docs"
# Parts of addresses that are no ids.
WORDS_OF_ADDRESSES = {"kind": "text", "tag": "calls"}
# Lists that read more than their first page, beside what the routes name.
LISTS = (
    "/calls/?outcome=booked",
    "/calls/?said=word30+word2",
    "/calls/?sort=-seconds",
    "/calls/?tool=book_visit&outcome=booked",
)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_SOURCE = re.compile(r'\bsrc="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """An address with what asking for it came to."""

    address: str
    p50_ms: float
    p95_ms: float
    processor_ms: float
    queries: int
    script_bytes: int

    @property
    def held(self) -> bool:
        """Whether it is within both bounds."""
        return self.p95_ms <= BOUND_P95_MS and self.script_bytes <= BOUND_SCRIPT_BYTES


def page_routes() -> Iterator[str]:
    """Every address that a browser may show."""
    for route in ROUTES:
        if route.startswith(DOCS) or not route.startswith(NO_PAGES):
            yield route


def is_no_page(route: str, status: int) -> bool:
    """Whether a GET is rightly answered so: the address takes forms, leads on, or is not there."""
    budget = BUDGETS[route]
    return status == budget.status or (status < 500 and budget.method != "get")


class Visitors:
    """An owner, an operator and nobody: each with a browser here, and one at the web process."""

    def __init__(self, web: WebProcess, facts: Mapping[str, Any]) -> None:
        tenant_id = facts["tenants"]["large"]
        signed_in = {
            who: session_cookies(facts["users"][who], tenant_id=tenant_id)
            for who in ("owner", "operator")
        }
        self.web = web
        self.asking = {
            who: httpx.Client(base_url=web.url, cookies=cookies)
            for who, cookies in {**signed_in, "nobody": {}}.items()
        }
        self.here = {who: _browser(cookies) for who, cookies in signed_in.items()}
        self.here["nobody"] = Client()

    def page(self, address: str, *, by: str, times: int) -> Page | int:
        """The page, asked for so often; another status than 200 as it is."""
        asking = self.asking[by]
        first = asking.get(address)
        if first.status_code != 200:
            return first.status_code
        for _ in range(ASKED_BEFORE):
            asking.get(address)
        before_ms, took_ms = self.web.processor_ms(), []
        for _ in range(times):
            began = time.perf_counter()
            answer = asking.get(address)
            took_ms.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (address, answer)
        processor_ms = (self.web.processor_ms() - before_ms) / times
        with counted() as statements:
            self.here[by].get(address)
        return Page(
            address,
            p50_ms=statistics.median(took_ms),
            p95_ms=sorted(took_ms)[int(times * 0.95)],
            processor_ms=processor_ms,
            queries=len(statements),
            script_bytes=self._script_bytes(first.text, at=address),
        )

    def _script_bytes(self, html: str, *, at: str) -> int:
        """What its scripts weigh, as the browser reads them, those in the page included."""
        total = 0
        for attributes, inside in _SCRIPT.findall(html):
            source = _SOURCE.search(attributes)
            total += len(inside.encode())
            if source is not None:
                script = self.asking["nobody"].get(urljoin(at, source[1]))
                total += len(script.raise_for_status().content)
        return total


def _browser(cookies: Mapping[str, str]) -> Client:
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def _visitor(route: str) -> str:
    return by if (by := BUDGETS[route].by) in ("operator", "nobody") else "owner"


def visited(
    visitors: Visitors, facts: Mapping[str, Any], *, times: int
) -> tuple[list[Page], list[str]]:
    """Each page; and what should have been one, with how it was answered."""
    ids = {**facts["ids"], **WORDS_OF_ADDRESSES}
    addresses = {with_ids(route, ids): route for route in page_routes()}
    pages, missing = [], []
    for address, route in {**addresses, **dict.fromkeys(LISTS, "calls/")}.items():
        page = visitors.page(address, by=_visitor(route), times=times)
        if isinstance(page, Page):
            pages.append(page)
        elif not is_no_page(route, page):
            missing.append(f"{route}: {page}")
    return pages, missing


def report(pages: list[Page], missing: list[str]) -> None:
    """Print the figures, the slowest page first."""
    p50s, p95s = [page.p50_ms for page in pages], [page.p95_ms for page in pages]
    print(
        f"{len(pages)} pages: p50 {statistics.median(p50s):.1f} ms; the slowest's p95 "
        f"{max(p95s):.1f} ms (bound: {BOUND_P95_MS:.0f} ms each); heaviest scripts "
        f"{max(page.script_bytes for page in pages):,} bytes (bound: {BOUND_SCRIPT_BYTES:,})"
    )
    print("   p50 ms   p95 ms   processor ms   queries   script bytes")
    for page in sorted(pages, key=lambda page: -page.p95_ms):
        print(
            f"  {page.p50_ms:7.1f}  {page.p95_ms:7.1f}  {page.processor_ms:13.1f}"
            f"  {page.queries:8}  {page.script_bytes:13,}   {page.address}"
            f"{'' if page.held else '   beyond its bound'}"
        )
    for what in missing:
        print(f"  no page: {what}")


def main() -> int:
    """Run it and print the figures; 0 when each page held both bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--one-tenant", action="store_true", help="one company has them all")
    parser.add_argument("--times", type=int, default=25, help="how often each page is asked for")
    options = parser.parse_args()
    with ExitStack() as stack:
        kept = stack.enter_context(
            million_calls(calls=options.calls, words=WORDS, one_tenant=options.one_tenant)
        )
        hold_off_the_webs_core(kept.superuser)
        web = stack.enter_context(web_process())
        pages, missing = visited(Visitors(web, kept.facts), kept.facts, times=options.times)
    report(pages, missing)
    return 0 if not missing and all(page.held for page in pages) else 1


if __name__ == "__main__":
    sys.exit(main())
