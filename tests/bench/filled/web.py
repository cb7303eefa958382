"""The web process of an installation, held on one core, and who asks it from another."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.test import Client

from tenants.context import as_control
from tenants.models import User
from tenants.web import SESSION_TENANT
from tests import services
from tests.bench.webhook import _family, _processor_s, _web
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.running import running

WEB_CORE = max(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class WebProcess:
    """Where it listens, and its id."""

    url: str
    pid: int

    def processor_ms(self) -> float:
        """Processor time it has had; unlike waiting, other load on the machine hardly moves it."""
        return _processor_s(self.pid) * 1000


@contextmanager
def web_process() -> Iterator[WebProcess]:
    """One, as `make serve` starts it; the services it needs are running."""
    taken: set[int] = set()
    port, internal_port = (choose_port("WARMLINE_BENCH_PORT", taken=taken) for _ in range(2))
    with running(_web(port, internal_port), home=services.home) as process:
        time.sleep(1)  # threads that only start it are over
        _hold(process.pid, {WEB_CORE})
        yield WebProcess(f"http://{HOST}:{port}", process.pid)


def hold_off_the_webs_core(superuser: psycopg.Connection) -> None:
    """This process, Postgres and what both start from now on have all other cores."""
    others = os.sched_getaffinity(0) - {WEB_CORE}
    (pid,) = superuser.execute(
        "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
    ).fetchall()[0]
    for one in (os.getpid(), pid) if others else ():
        _hold(one, others)


def _hold(pid: int, cores: set[int]) -> None:
    for process in _family(pid):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, cores)


def session_cookies(email: str, *, tenant_id: str) -> dict[str, str]:
    """Cookies of a browser in which that person is signed in, in that company."""
    with as_control():
        user = User.objects.get(email=email)
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_TENANT] = tenant_id
    session.save()
    return {name: morsel.value for name, morsel in client.cookies.items()}
