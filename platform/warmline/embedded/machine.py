"""Every process of Warmline on one machine: what each is given, and nothing more."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenants.names import APP, CONTROL, OWNER
from tenants.roles import bootstrap_roles, role_urls
from verticals.discovery import vertical_schemas
from warmline.embedded import chroma, postgres, valkey
from warmline.embedded.credentials import Credentials, credentials
from warmline.embedded.home import Home
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Probe, Program, answers_http
from warmline.kernel import env
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import redis_database
from warmline.kernel.supervision import ProcessState, SupervisorAway, processes

PYTHON = sys.executable
# What a process inherits must not hold another one's credentials: these are given one by one.
PRIVATE = ("DATABASE_", "WARMLINE_", "TWILIO_", "REDIS_URL", "CHROMA_URL", "DJANGO_")
FIRST_MEDIA_PORT = 8101
# libpq fills with these what an address leaves open, and a service or host address of theirs leads
# to another server.
LIBPQ = "PG"


@dataclass(frozen=True, slots=True)
class Preparation:
    """A management command of the start:
    the environment it alone is given, and the stores it needs ready.
    """

    doing: str
    words: tuple[str, ...]
    env: Mapping[str, str]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The embedded Postgres: who may do everything there, and the login roles' passwords."""

    superuser_password: str
    superuser_dsn: str
    passwords: Mapping[str, str]

    def bootstrap(self) -> None:
        """Create the login roles and the database; safe to run again."""
        bootstrap_roles(
            self.superuser_dsn,
            database=postgres.DATABASE,
            passwords=self.passwords,
            schemas=vertical_schemas(),
        )


@dataclass(frozen=True, slots=True)
class Machine:
    """The plan of one machine: its own stores, what prepares them, the planes, and what `manage.py`
    is given.

    A store whose URL the operator set is a real server elsewhere and is not among `stores`.
    """

    home: Home
    web_url: str
    cluster: Cluster | None
    stores: tuple[Program, ...]
    tables: tuple[Preparation, ...]  # before any plane starts
    planes: tuple[Program, ...]
    seeds: tuple[Preparation, ...]  # while the planes start: they find these rows when they come
    manage_env: Mapping[str, str]


def plan_machine(home: Home) -> Machine:
    """Decide what runs here, on which ports, with which credentials.
    Raises `ConfigurationError`s in one sentence.
    """
    secrets = credentials(home)
    ports = _Ports.choose()
    stores, store_env, owner_env = _stores(home, secrets, chroma_port=ports.chroma)
    web_url = f"http://{HOST}:{ports.web}"
    shared = _shared_env(home, web_url=web_url, secrets=secrets) | store_env
    return Machine(
        home=home,
        web_url=shared["WARMLINE_PUBLIC_URL"],
        cluster=_cluster(home, secrets)
        if any(store.name == "postgres" for store in stores)
        else None,
        stores=stores,
        tables=(
            Preparation(
                "tables up to date",
                ("migrate", "--no-input", "--skip-checks"),
                shared | owner_env,
                frozenset({"postgres"}),
            ),
        ),
        planes=_planes(shared, ports=ports, web_url=web_url),
        seeds=(
            Preparation(
                "regions and demo tenants",
                ("seed_demo", "--skip-checks"),
                shared,
                frozenset({"postgres", "valkey", "chroma"}),
            ),
        ),
        manage_env=shared,
    )


def public_environment() -> dict[str, str]:
    """What every process may inherit: our own environment without settings and credentials."""
    return {key: value for key, value in os.environ.items() if not key.startswith(PRIVATE)}


def leave_other_servers() -> None:
    """Drop libpq's variables from our environment, and so from every process of ours: they mean
    another Postgres.

    Unless the operator gave his own, which they may well be for.
    """
    if "DATABASE_URL" not in os.environ:
        for name in [name for name in os.environ if name.startswith(LIBPQ)]:
            del os.environ[name]


@dataclass(frozen=True, slots=True)
class _Ports:
    web: int
    chroma: int
    media: Mapping[str, int]

    @classmethod
    def choose(cls) -> "_Ports":
        taken: set[int] = set()
        media = {
            region: choose_port(
                f"WARMLINE_MEDIA_PORT_{region.upper().replace('-', '_')}",
                preferred=FIRST_MEDIA_PORT + number,
                taken=taken,
            )
            for number, region in enumerate(_regions())
        }
        return cls(
            web=choose_port("WARMLINE_WEB_PORT", preferred=8000, taken=taken),
            chroma=choose_port("WARMLINE_CHROMA_PORT", preferred=8900, taken=taken),
            media=media,
        )


def _regions() -> tuple[str, ...]:
    return tuple(env.text("WARMLINE_REGIONS", "us-east,eu-west").split(","))


def _passwords(secrets: Credentials) -> dict[str, str]:
    return {
        OWNER: secrets.owner_password,
        APP: secrets.app_password,
        CONTROL: secrets.control_password,
    }


def _cluster(home: Home, secrets: Credentials) -> Cluster:
    password = secrets.postgres_superuser_password
    dsn = postgres.dsn(home, user=postgres.SUPERUSER, password=password, database="postgres")
    return Cluster(superuser_password=password, superuser_dsn=dsn, passwords=_passwords(secrets))


def _stores(
    home: Home, secrets: Credentials, *, chroma_port: int
) -> tuple[tuple[Program, ...], dict[str, str], dict[str, str]]:
    """The stores to run here, the addresses for every Django process,
    and the owner's for migrations alone.
    """
    stores: list[Program] = []
    addresses: dict[str, str] = {}
    if "DATABASE_URL" in os.environ:
        given = _given_databases()
    else:
        cluster = _cluster(home, secrets)
        urls = role_urls(
            cluster.superuser_dsn, database=postgres.DATABASE, passwords=cluster.passwords
        )
        given = urls.environment()
        stores.append(
            postgres.program(home, superuser_password=secrets.postgres_superuser_password)
        )
    owner = {"DATABASE_OWNER_URL": given.pop("DATABASE_OWNER_URL")}
    addresses |= given
    if "REDIS_URL" in os.environ:
        addresses["REDIS_URL"] = env.text("REDIS_URL")
    else:
        stores.append(valkey.program(home))
        addresses["REDIS_URL"] = valkey.url(home, database=0)
    numbered = enumerate(_regions(), start=valkey.FIRST_REGION_DATABASE)
    regions = {
        region: redis_database(addresses["REDIS_URL"], number) for number, region in numbered
    }
    # A region's Redis may be a server of its own; else the one there is has a numbered database for
    # each.
    addresses["WARMLINE_REGIONS_REDIS"] = os.environ.get("WARMLINE_REGIONS_REDIS") or json.dumps(
        regions
    )
    if "CHROMA_URL" in os.environ:
        addresses["CHROMA_URL"] = env.text("CHROMA_URL")
    else:
        stores.append(chroma.program(home, port=chroma_port))
        addresses["CHROMA_URL"] = chroma.url(chroma_port)
    return tuple(stores), addresses, owner


def _given_databases() -> dict[str, str]:
    """The operator's own Postgres, which takes three addresses: one for each role."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_CONTROL_URL")
    missing = [name for name in names if name not in os.environ]
    if missing:
        raise ConfigurationError(
            f"DATABASE_URL is set without {' and '.join(missing)}: a Postgres of your own takes all three, for the "
            "roles that `manage.py bootstrap_roles` makes; without any of them one is started here"
        )
    return {name: env.text(name) for name in names}


def _shared_env(home: Home, *, web_url: str, secrets: Credentials) -> dict[str, str]:
    """What every Django process is given; settings of the operator win."""
    given = {
        key: value for key, value in os.environ.items() if key.startswith(("WARMLINE_", "TWILIO_"))
    }
    return {
        "DJANGO_SETTINGS_MODULE": "warmline.settings",
        "WARMLINE_SECRET_KEY": secrets.django_secret_key,
        "WARMLINE_PUBLIC_URL": web_url,
        "WARMLINE_INTERNAL_URL": web_url,
        "WARMLINE_ENGINE_PYTHON": str(home.root / "engine" / "bin" / "python"),
        "TWILIO_ACCOUNT_SID": secrets.twilio_account_sid,
        "TWILIO_AUTH_TOKENS": secrets.twilio_auth_token,
        **given,
        "WARMLINE_HOME": str(home.root),
        "WARMLINE_SUPERVISOR": str(home.control / "supervisor.sock"),
    }


def _planes(shared: Mapping[str, str], *, ports: _Ports, web_url: str) -> tuple[Program, ...]:
    uvicorn = (
        "-m",
        "uvicorn",
        "warmline.asgi:application",
        "--host",
        HOST,
        "--port",
        str(ports.web),
    )
    quiet = ("--no-access-log", "--lifespan", "off")  # Django has no lifespan to announce
    celery = (PYTHON, "-m", "celery", "-A", "warmline")
    schedule = Path(shared["WARMLINE_HOME"]) / "state" / "beat"
    django = (
        Program(
            "web", (PYTHON, *uvicorn, *quiet), answers_http(f"{web_url}/healthz/ready"), env=shared
        ),
        Program("recorder", (PYTHON, "manage.py", "record_calls"), stays("recorder"), env=shared),
        Program(
            "jobs",
            (
                *celery,
                "worker",
                "--concurrency",
                "2",
                "--prefetch-multiplier",
                "1",
                "--without-gossip",
            ),
            stays("jobs"),
            env=shared,
        ),
        Program("beat", (*celery, "beat", "--schedule", str(schedule)), stays("beat"), env=shared),
    )
    media = tuple(
        Program(
            f"media-{region}",
            (PYTHON, "-m", "telephony.media", "--region", region, "--port", str(port)),
            answers_http(f"http://{HOST}:{port}/health"),
            env=_media_env(shared),
        )
        for region, port in ports.media.items()
    )
    return (*django, *media)


def _media_env(shared: Mapping[str, str]) -> dict[str, str]:
    """The media plane's share: no database, no key that signs anything, no carrier's token.

    It asks the hosted endpoints itself, so their keys are among it.
    """
    wanted = ("WARMLINE_HOME", "WARMLINE_INTERNAL_URL", "WARMLINE_REGIONS_REDIS")
    hosted = (
        "WARMLINE_THINK_URL",
        "WARMLINE_THINK_MODEL",
        "WARMLINE_THINK_KEY",
        "WARMLINE_POOL_KEYS",
    )
    given = {
        key: value
        for key, value in shared.items()
        if key in hosted or key.startswith("WARMLINE_MEDIA_")
    }
    return {key: shared[key] for key in wanted} | given


def stays(name: str) -> Probe:
    """Ready when the process has stayed up for the supervisor's five seconds:
    it has no door to knock at.
    """

    def probe() -> str | None:
        try:
            status = next((each for each in processes() if each.name == name), None)
        except SupervisorAway as away:
            return str(away)
        if status is None or status.state is not ProcessState.RUNNING:
            return f"{name} is {status.state.lower() if status else 'unknown'}"
        return None

    return probe
