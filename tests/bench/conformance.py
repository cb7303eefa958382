"""Every operation of the API held to its document by schemathesis:
`python -m tests.bench.conformance [--cases 1000] [--processes 2] [--only calls] [--seed 0]`.

Half of the requests are as described and half not; half name the company's own things, and what
one has done is undone before the next. No answer may be off the document, a 500 least of all, and
each operation must have done what it is for at least once. Each process has services of its own.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue

import django

from tests import services  # first: it names the services before Django reads its settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
django.setup()

from django.core.management import call_command
from django.test.utils import override_settings
from rich.console import Console
from rich.table import Table

from tests.shadow.conftest import open_plumber
from tests.telephony.numbers.conftest import twilio_with_accounts
from tests.tenants.api.conformance import Company, Held, hold, operations
from warmline.embedded.running import running
from warmline.embedded.stores import chroma, postgres, valkey

# What a machine without models can't do: the rest of such an operation is held to its document.
NEVER_DONE = frozenset({f"POST /api/v1/agents/{{agent_id}}/{doing}" for doing in ("try", "talk")})


def main() -> int:
    """Print what came of each operation; 1 when an answer was off, or an operation never done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", default="", help="a part of an operation's name")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.answer:
        answer(cases=wanted.cases, number=wanted.seed)
        return 0
    labels = [one.label for one in operations() if wanted.only in one.label]
    queue: SimpleQueue[str] = SimpleQueue()
    for label in sorted(labels, key=lambda label: label.startswith("GET ")):
        queue.put(label)
    command = (
        *(sys.executable, "-m", "tests.bench.conformance", "--answer"),
        *(f"--cases={wanted.cases}", f"--seed={wanted.seed}"),
    )
    with ThreadPoolExecutor(wanted.processes) as pool:
        parts = [pool.submit(ask, command, queue) for _ in range(wanted.processes)]
        held = [one for part in parts for one in part.result()]
    return report(held, expected=len(labels))


def ask(command: tuple[str, ...], queue: SimpleQueue[str]) -> list[Held]:
    """One process after another's operations, until none is left."""
    held = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            while True:
                print(queue.get_nowait(), file=process.stdin, flush=True)
                label, statuses, failures = json.loads(process.stdout.readline())
                one = Held(label, Counter({int(n): times for n, times in statuses}), failures)
                print(label, dict(sorted(one.statuses.items())), *failures, flush=True)
                held.append(one)
        except Empty:
            process.stdin.close()
    return held


def report(held: list[Held], *, expected: int) -> int:
    """The table, and what did not hold."""
    table = Table("operation", "cases", "done", "refused", "unavailable", title="conformance")
    for one in sorted(held, key=lambda one: one.label):
        refused = sum(times for status, times in one.statuses.items() if 400 <= status < 500)
        cases = one.statuses.total()
        table.add_row(
            one.label,
            str(cases),
            f"{one.done / cases:.0%}",
            f"{refused / cases:.0%}",
            f"{one.statuses[503] / cases:.0%}",
        )
    Console(width=120).print(table)
    failures = [failure for one in held for failure in one.failures]
    never = sorted(one.label for one in held if not one.done and one.label not in NEVER_DONE)
    cases = sum(one.statuses.total() for one in held)
    done = sum(one.done for one in held)
    print(*failures, sep="\n\n")
    print(
        f"{len(held)} of {expected} operations, {cases:,} cases, {done:,} done; "
        f"{len(failures)} answers off the document"
    )
    print(f"never done: {', '.join(never) or 'none'}")
    return 1 if failures or never or len(held) < expected else 0


def answer(*, cases: int, number: int) -> None:
    """A process's part: an operation's name on each line, and on each what came of it."""
    logging.disable()
    # What is logged inside is nobody's answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    home = services.home
    password = services.superuser_password
    postgres.ensure_cluster(home, superuser_password=password)
    with ExitStack() as stack:
        for program in (
            valkey.program(home),
            postgres.program(home, superuser_password=password, durable=False),
            chroma.program(home, port=services.chroma_port),
        ):
            stack.enter_context(running(program, home=home))
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        twilio = stack.enter_context(twilio_with_accounts())
        os.environ["TWILIO_API_GATEWAY"] = twilio.url
        stack.enter_context(override_settings(API_LIMITS=False, SENDS_MAIL=True))
        company = Company(open_plumber(), twilio)
        by_label = {one.label: one for one in operations()}
        for line in sys.stdin:
            held = hold(by_label[line.strip()], company, cases=cases, number=number)
            told = (held.label, list(held.statuses.items()), held.failures)
            print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    sys.exit(main())
