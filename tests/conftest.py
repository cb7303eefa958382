"""Real services for every test:
each is started once, when the first test asks for it, and stopped at the end.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections
from hypothesis import HealthCheck, settings

from inference.fleet import snapshots
from inference.provisioners.local import llm_command
from inference.provisioners.types import Order
from tests import services
from tests.database import _django_db_helper  # noqa: F401  takes the place of pytest-django's
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.kernel import env, supervision
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode
from warmline.kernel.supervision import SupervisorUnavailable

# How fast this machine draws examples is no promise of ours. `make test` draws the same ones every
# time; `pytest --hypothesis-profile nightly` looks for new ones, for hours.
settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "nightly", settings.get_profile("ci"), derandomize=False, max_examples=20_000
)
settings.load_profile("ci")

# A tenth of a second of a core for each member of each test's company.
django_settings.PASSWORD_HASHERS = ["tests.passwords.QuickArgon2"]

ENGINE_START_S = 300
ATTEMPTS_DATABASE = 1  # Django's cache is in it
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session", autouse=True)
def valkey_server() -> Iterator[str]:
    """Valkey on its socket (REDIS_URL and each region's own database); its address.
    Up in a tenth of a second.
    """
    with running(valkey.program(services.home), home=services.home):
        yield valkey.url(services.home, database=0)


@pytest.fixture(autouse=True)
def _nobody_has_to_wait(valkey_server: str) -> None:
    """All tests come from one address: what an earlier one tried in vain must not count."""
    with redis.Redis.from_url(valkey.url(services.home, database=ATTEMPTS_DATABASE)) as client:
        client.flushdb()


@pytest.fixture
def empty_valkey(valkey_server: str) -> str:
    """Valkey with nothing in it, in any of its databases, nor in this process; its address."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
    snapshots.forget()
    return valkey_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Postgres with the three roles and an empty database; the superuser's address."""
    password = services.superuser_password
    postgres.ensure_cluster(services.home, superuser_password=password)
    with running(
        postgres.program(services.home, superuser_password=password, durable=False),
        home=services.home,
    ):
        services.bootstrap()
        yield services.superuser_dsn


@pytest.fixture(scope="session")
def django_db_setup(
    postgres_server: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Migrates as the owner, as every installation does; tests then connect as the app role."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


@pytest.fixture
def superuser(postgres_server: str) -> Iterator[psycopg.Connection]:
    """The test database as its superuser, in autocommit:
    for planting defects and looking behind policies.
    """
    with psycopg.connect(postgres_server, dbname=services.DATABASE, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def chroma_server() -> Iterator[str]:
    """Chroma on loopback (CHROMA_URL); its address.
    Takes some seconds, so only where knowledge is under test.
    """
    with running(chroma.program(services.home, port=services.chroma_port), home=services.home):
        yield chroma.url(services.chroma_port)


@pytest.fixture(scope="session")
def supervisor() -> Iterator[None]:
    """A supervisor that starts what the local provisioner asks for."""
    os.environ["WARMLINE_SUPERVISOR"] = str(services.home.control / "supervisor.sock")

    def answers() -> str | None:
        try:
            supervision.processes()
        except SupervisorUnavailable as error:
            return str(error)
        return None

    argv = (sys.executable, "-m", "tests.inference.desk_supervisor", str(services.home.root))
    path = f"{env.REPOSITORY}:{env.REPOSITORY / 'platform'}"
    with running(
        Program("desk-supervisor", argv, answers, env={"PYTHONPATH": path}), home=services.home
    ):
        yield


@pytest.fixture(scope="session")
def llm_url() -> Iterator[str]:
    """A real vLLM with the project's model: its OpenAI-compatible API's base URL, up to /v1."""
    port = choose_port("WARMLINE_TEST_LLM_PORT", taken=set())
    region, replica = RegionCode("us-east"), ReplicaId("of-the-tests")
    order = Order(
        replica=replica, region=region, role="think", model="frontdesk", slots=8, number=1
    )
    argv, environ = llm_command(order, port)
    ready = answers_http(f"http://{HOST}:{port}/v1/models")
    program = Program("think", argv, ready, env=environ, ready_s=ENGINE_START_S)
    with running(program, home=services.home):
        yield f"http://{HOST}:{port}/v1"


def pgbouncer() -> Path | None:
    """PgBouncer's program on this machine, if it has one; it lies where daemons do."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    return Path(found) if found else None


def chromium() -> Path | None:
    """The browser of this machine, if it has one."""
    return next((Path(found) for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program, for Playwright's `executable_path`; root needs `--no-sandbox`."""
    found = chromium()
    assert found, "no Chromium: `make test` installs it where it may"
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The engine's start counts to the first test that asks for it; browser tests need a browser.

    Where there is none, and no right to install one, they are left out loudly.
    """
    for item in items:
        if (
            "llm_url" in getattr(item, "fixturenames", ())
            and item.get_closest_marker("timeout") is None
        ):
            item.add_marker(pytest.mark.timeout(ENGINE_START_S + 180))
        if item.get_closest_marker("pgbouncer") and pgbouncer() is None and os.geteuid() != 0:
            item.add_marker(
                pytest.mark.skip(
                    reason="NO PGBOUNCER on this machine, and installing it takes root"
                )
            )
        if item.get_closest_marker("browser") and chromium() is None and os.geteuid() != 0:
            item.add_marker(
                pytest.mark.skip(
                    reason="NO CHROMIUM on this machine, and installing one takes root"
                )
            )
