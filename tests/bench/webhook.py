"""How long the carrier waits for its TwiML: `python -m tests.bench.webhook [calls a second]
[seconds]`.

The web process is held on one core; Postgres (durable), Valkey and the carrier have the others.
Every call is a new one to a number with a live agent: signature, tenant, row-level security, route,
three leases, plan, row, answer. Calls come at their own times whether or not earlier ones are
answered, so waiting in line is counted.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import django
import psutil

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

import aiohttp
from django.core.management import call_command

from telephony.carriers.twilio.account import account
from tenants.actions import create_tenant
from tests.telephony.conftest import PLUMBER, give_number, ringing, sign, warm
from warmline.embedded.planes import web_command
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running
from warmline.embedded.stores import postgres, valkey

WARM_UP_S = 3
BOUND_P95_MS = 15.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One webhook: how long it took, and whether an agent took the call."""

    took_ms: float
    by_agent: bool


@dataclass(frozen=True, slots=True)
class Web:
    """The web process under test."""

    url: str
    pid: int


@contextmanager
def platform() -> Iterator[Web]:
    """Postgres, Valkey and one web process."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with (
        running(valkey.program(services.home), home=services.home),
        running(postgres.program(services.home, superuser_password=password), home=services.home),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        tenant = create_tenant(
            "rivertown",
            name="Rivertown Plumbing",
            vertical="homeservices",
            max_concurrent_calls=1_000_000,
        )
        warm(slots=1_000_000)
        give_number(tenant.tenant_id, PLUMBER)
        taken: set[int] = set()
        port, internal_port = (choose_port("WARMLINE_BENCH_PORT", taken=taken) for _ in range(2))
        with running(_web(port, internal_port), home=services.home) as process:
            yield Web(f"http://{HOST}:{port}", process.pid)


def _web(port: int, internal_port: int) -> Program:
    ready = answers_http(f"http://{HOST}:{internal_port}/healthz/ready")
    return Program("web", web_command(port, internal_port), ready)


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _hold_on_one_core(pid: int) -> None:
    core = max(os.sched_getaffinity(0))
    for process in _family(pid):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, {core})


def _processor_s(pid: int) -> float:
    """Processor time that the web process has had;
    unlike the waiting, other load on the machine hardly moves it.
    """
    return sum(process.cpu_times().user + process.cpu_times().system for process in _family(pid))


async def drive(url: str, *, a_second: int, seconds: int) -> list[Answered]:
    """Send calls at their times; every answer."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        start = time.monotonic()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number in range(a_second * seconds):
                await asyncio.sleep(max(0.0, start + number / a_second - time.monotonic()))
                tasks.append(group.create_task(_ring(session, url, number)))
        return [task.result() for task in tasks]


async def _ring(session: aiohttp.ClientSession, url: str, number: int) -> Answered:
    form = ringing(str(time.time_ns() + number))
    headers = {
        "X-Twilio-Signature": sign("/twilio/voice", form),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    began = time.perf_counter()
    async with session.post(
        f"{url}/twilio/voice", data=urlencode(form), headers=headers
    ) as response:
        body = await response.text()
        return Answered(
            (time.perf_counter() - began) * 1000, response.status == 200 and "<Connect>" in body
        )


def held(answers: list[Answered]) -> bool:
    """Whether an agent took every call,
    and 95 of a hundred carriers waited no longer than the bound.
    """
    return all(answer.by_agent for answer in answers) and p95_ms(answers) <= BOUND_P95_MS


def p95_ms(answers: list[Answered]) -> float:
    """So long, or less, took 95 of a hundred."""
    took = sorted(answer.took_ms for answer in answers)
    return took[int(len(took) * 0.95)]


def main() -> int:
    """Run it and print the table; 0 when the bound was held."""
    a_second, seconds = (int(each) for each in (*sys.argv[1:], "100", "20")[:2])
    assert account().auth_tokens
    with platform() as web:
        _hold_on_one_core(web.pid)
        asyncio.run(drive(web.url, a_second=min(a_second, 50), seconds=WARM_UP_S))
        before_s = _processor_s(web.pid)
        answers = asyncio.run(drive(web.url, a_second=a_second, seconds=seconds))
        processor_ms = (_processor_s(web.pid) - before_s) * 1000 / len(answers)
    took = sorted(answer.took_ms for answer in answers)
    print(f"webhook -> TwiML, {a_second} a second on one core, {len(took)} calls, "
          f"{sum(answer.by_agent for answer in answers)} taken by an agent")  # fmt: skip
    print(
        f"  p50 {statistics.median(took):.1f} ms   p95 {p95_ms(answers):.1f} ms   "
        f"p99 {took[int(len(took) * 0.99)]:.1f} ms   (bound: p95 {BOUND_P95_MS:.0f} ms)"
    )
    print(
        f"  web processor time {processor_ms:.2f} ms a call; "
        f"1, 5, 15 minutes' load {os.getloadavg()}"
    )
    return 0 if held(answers) else 1


if __name__ == "__main__":
    sys.exit(main())
