"""Whether ten thousand companies are served as ten are: `python -m tests.bench.tenants`.

Two installations side by side, in two processes with their own Postgres: one company that has a few
of everything, in the one with nine like it, in the other with 9,999. What people, programs and
carriers do with it is done in turns, here and there, so that other load on the machine falls on
both; so are the jobs that look through all companies for work. For each: its median time with ten,
with ten thousand, and the ratio; and the ratio of the processor time, Postgres' own included.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

import psutil

from tests.bench import filled

filled.set_up()  # first: it names the services before Django reads its settings

from django.conf import settings
from django.test import Client

from tenants.actions import create_api_key
from tenants.context import as_tenant
from tenants.webhooks.sending.due_work import due_endpoints, tenants_with_events
from tenants.webhooks.sending.sender import MOST_FOUND
from tests.bench.filled.companies import many_companies
from tests.bench.filled.kept import Kept
from tests.bench.filled.web import session_cookies
from tests.house.test_query_budgets import PASSWORD
from tests.telephony.conftest import PLUMBER, Carrier, give_number, ringing, warm
from warmline.celery import app as celery

FEW, MANY = 10, 10_000
ROUNDS = 12
TRIES = 6
# The clock's noise; a page takes ten milliseconds.
BOUND_RATIO = 1.1
# Nobody waits for a job, and it looks for work among all companies: a tenth of the minute after
# which the most frequent ones come again.
JOB_BOUND_MS = 6_000
PAGES = {
    "home": "/home/",
    "calls": "/calls/",
    "call": "/calls/{call_id}",
    "bookings": "/bookings/",
    "agents": "/agents/",
    "agent": "/agents/{agent_id}",
    "knowledge": "/knowledge/",
    "numbers": "/numbers/",
    "shadow review": "/shadow/",
    "usage": "/usage/",
    "members": "/members/",
    "audit log": "/audit/",
    "keys": "/keys/",
    "webhooks": "/webhooks/",
    "companies of a person": "/companies/",
}
# They look at pools, or ask Chroma or a carrier, whatever companies there are.
NOT_OF_COMPANIES = ("inference.", "rag.tasks.sweep_orphans")

_TOLD = "told: "

Work = Callable[[], None]


class Installation:
    """One of the two: what is done with its first company, by name."""

    def __init__(self, kept: Kept) -> None:
        tenant_id, ids = kept.facts["tenant"], kept.facts["ids"]
        self._postgres = psutil.Process(
            kept.superuser.execute(
                "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
            ).fetchall()[0][0]
        )
        self._calls = count(time.time_ns())
        warm(slots=1_000_000)
        give_number(tenant_id, PLUMBER)
        with as_tenant(tenant_id):
            key = create_api_key("bench").secret
        program = Client(headers={"authorization": f"Bearer {key}"})
        owner = Client()
        email = kept.facts["users"]["owner"]
        for name, value in session_cookies(email, tenant_id=tenant_id).items():
            owner.cookies[name] = value
        self.work: dict[str, Work] = {
            "sign-in": partial(_sign_in, email),
            "key and company by API": partial(_get, program, "/api/v1/company"),
            "calls by API": partial(_get, program, "/api/v1/calls"),
            "webhook of a call": self._ring,
            "events to be announced": _find_events,
            **{
                f"page: {name}": partial(_get, owner, at.format(**ids))
                for name, at in PAGES.items()
            },
            **{f"job: {name}": partial(_run, name) for name in jobs()},
        }

    def timed(self, name: str, times: int) -> dict[str, float]:
        """How long it took, median, and the processor time for each, of Postgres too."""
        took_ms, before_ms = [], self._processor_ms()
        for _ in range(times):
            if name == "webhook of a call":
                warm(slots=1_000_000)  # a heartbeat lasts for seconds
            began = time.perf_counter()
            self.work[name]()
            took_ms.append((time.perf_counter() - began) * 1000)
        processor_ms = (self._processor_ms() - before_ms) / times
        return {"took_ms": statistics.median(took_ms), "processor_ms": processor_ms}

    def _ring(self) -> None:
        """Whoever takes the call: on a busy machine a person, where an agent is not had in time."""
        status, body = Carrier().post("/twilio/voice", ringing(str(next(self._calls))))
        assert status == 200, status
        assert "<Response>" in body, body

    def _processor_ms(self) -> float:
        backends = (self._postgres, *self._postgres.children())
        times = [process.cpu_times() for process in backends]
        return (time.process_time() + sum(one.user + one.system for one in times)) * 1000


def jobs() -> Iterator[str]:
    """The jobs at a fixed beat that look through all companies."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if not entry["task"].startswith(NOT_OF_COMPANIES):
            yield entry["task"]


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)


def _sign_in(email: str) -> None:
    """Once more where the line does not move: who checks passwords may have to be started."""
    form = {"username": email, "password": PASSWORD}
    answers = (Client().post("/sign-in", form) for _ in range(TRIES))
    answer = next((answer for answer in answers if answer.status_code != 429), None)
    assert answer is not None, TRIES
    assert answer.status_code == 302, answer


def _find_events() -> None:
    tenants_with_events(limit=MOST_FOUND)
    due_endpoints(limit=MOST_FOUND)


def _run(name: str) -> None:
    celery.tasks[name].apply(throw=True)


def serve(companies: int) -> None:
    """Do what is told on standard input, a line of JSON each, and tell how long it took."""
    with many_companies(companies) as kept:
        celery.loader.import_default_modules()
        installation = Installation(kept)
        for name in installation.work:
            installation.timed(name, 2)
        _tell(list(installation.work))
        for line in sys.stdin:
            _tell(installation.timed(*json.loads(line)))


def _tell(what: Any) -> None:
    print(_TOLD + json.dumps(what), flush=True)


def _started(companies: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        (sys.executable, "-m", "tests.bench.tenants", "--serve", str(companies)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        # Its own services name their own addresses; what is kept lies in the installation's home.
        env={**os.environ, "WARMLINE_HOME": str(filled.FOLDER.parent)},
    )


def _heard(process: "subprocess.Popen[str]") -> Any:
    """What it tells next; logs of its platform are among its lines."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(_TOLD):
            return json.loads(line.removeprefix(_TOLD))
    raise SystemExit(f"an installation ended with code {process.wait()}")


def _asked(process: "subprocess.Popen[str]", name: str, times: int) -> dict[str, float]:
    assert process.stdin is not None
    process.stdin.write(json.dumps([name, times]) + "\n")
    process.stdin.flush()
    told: dict[str, float] = _heard(process)
    return told


Rounds = Mapping[str, tuple[list[dict[str, float]], list[dict[str, float]]]]


def in_turns(few: "subprocess.Popen[str]", many: "subprocess.Popen[str]", rounds: int) -> Rounds:
    """Each thing with few and with many companies, in turns."""
    names, same = _heard(few), _heard(many)
    assert names == same
    told: Rounds = {name: ([], []) for name in names}
    for number in range(rounds):
        for name in names:
            times = 2 if name == "sign-in" else 5
            for of, process in sorted(enumerate((few, many)), reverse=bool(number % 2)):
                told[name][of].append(_asked(process, name, times))
    return told


def report(told: Rounds, *, companies: int) -> bool:
    """Print the figures, the worst first; whether each is within its bound."""
    lines, held = [], True
    for name, (few, many) in told.items():
        took = [statistics.median(one["took_ms"] for one in side) for side in (few, many)]
        # Of what was measured one after the other, so that the machine was as busy for both.
        ratio = statistics.median(
            b["took_ms"] / a["took_ms"] for a, b in zip(few, many, strict=True)
        )
        worked = [statistics.fmean(one["processor_ms"] for one in side) for side in (few, many)]
        within = took[1] <= JOB_BOUND_MS if name.startswith("job: ") else ratio <= BOUND_RATIO
        held &= within
        lines.append((ratio, name, took, worked, within))
    print(f"with {FEW} companies and with {companies:,}")
    print(f"bounds: {BOUND_RATIO} times; a job {JOB_BOUND_MS:,} ms")
    print("   times   ms with few, with many   processor: times, ms with many")
    for ratio, name, took, worked, within in sorted(lines, reverse=True):
        print(
            f"  {ratio:6.2f}   {took[0]:9.2f}   {took[1]:9.2f}   {worked[1] / worked[0]:6.2f}"
            f"   {worked[1]:7.2f}   {name}{'' if within else '   beyond its bound'}"
        )
    return held


def main() -> int:
    """Run it and print the figures; 0 when nothing takes longer with many companies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
        return 0
    with ExitStack() as stack:
        few, many = (stack.enter_context(_started(size)) for size in (FEW, options.many))
        told = in_turns(few, many, options.rounds)
        for process in (few, many):
            assert process.stdin is not None
            process.stdin.close()
    return 0 if report(told, companies=options.many) else 1


if __name__ == "__main__":
    sys.exit(main())
