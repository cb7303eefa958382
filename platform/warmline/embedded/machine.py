"""The plan of one machine: its processes and stores, and what each is given and nothing more."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from telephony.carriers import registry
from warmline.embedded.credentials import Credentials, credentials
from warmline.embedded.home import Home
from warmline.embedded.planes import carrier_program, django_programs, media_programs
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program
from warmline.embedded.stores.plan import PostgresCluster, Stores, plan_stores
from warmline.kernel import configuration
from warmline.kernel.configuration import accounts
from warmline.kernel.configuration.checks import check, is_loopback
from warmline.kernel.configuration.setting import DJANGO, Refused

# What a process inherits must not hold another one's credentials: these, and each carrier's own,
# are given one by one.
PRIVATE = ("DATABASE_", "WARMLINE_", "REDIS_URL", "CHROMA_URL", "DJANGO_", "AWS_")
FIRST_MEDIA_PORT = 8101
API_GATEWAY = "TWILIO_API_GATEWAY"
# libpq fills with these what an address leaves open, and a service or host address of theirs leads
# to another server.
LIBPQ = "PG"


@dataclass(frozen=True, slots=True)
class ManageCommand:
    """A management command of the start, the environment it alone is given, the stores it needs."""

    doing: str
    words: tuple[str, ...]
    env: Mapping[str, str]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs on one machine: its own stores, what prepares them, and the planes."""

    home: Home
    web_url: str
    cluster: PostgresCluster | None
    stores: tuple[Program, ...]
    migrations: tuple[ManageCommand, ...]  # before any plane starts
    planes: tuple[Program, ...]
    seeds: tuple[ManageCommand, ...]  # while the planes start: they find these rows when they come
    manage_env: Mapping[str, str]
    for_commands: Mapping[str, Mapping[str, str]]  # what only these are given, by their names


def plan_machine(home: Home) -> Machine:
    """Decide what runs here, on which ports, with which credentials.

    Raises `ConfigurationError`s in one sentence.
    """
    regions = _checked_regions()
    secrets = credentials(home)
    ports = _Ports.choose(regions)
    stores = plan_stores(home, secrets, regions=regions, chroma_port=ports.chroma)
    shared = {**_shared_env(home, ports=ports, secrets=secrets), **stores.addresses}
    commands = {**shared, **stores.redis.of("commands")}
    migrate = ManageCommand(
        "tables up to date",
        ("migrate", "--no-input", "--skip-checks"),
        {**commands, **stores.owner_address},
        frozenset({"postgres"}),
    )
    seed = ManageCommand(
        "regions and demo tenants",
        ("seed_demo", "--skip-checks"),
        commands,
        frozenset({"postgres", "valkey", "chroma"}),
    )
    return Machine(
        home=home,
        web_url=shared["WARMLINE_PUBLIC_URL"],
        cluster=stores.cluster,
        stores=stores.programs,
        migrations=(migrate,),
        planes=(
            *_own_carrier(home, shared, port=ports.carrier),
            *django_programs(
                shared, redis=stores.redis, web_port=ports.web, internal_port=ports.internal
            ),
            *media_programs(shared, redis=stores.redis, ports=ports.media),
        ),
        seeds=(seed,),
        manage_env=commands,
        for_commands=_for_commands(stores),
    )


def _checked_regions() -> tuple[str, ...]:
    """The regions of this machine, once everything that the operator set was looked at."""
    made_here = (
        *(configuration.SECRET_KEY, configuration.DATABASE_URL, configuration.REDIS_URL),
        *(configuration.PUBLIC_URL, configuration.INTERNAL_URL),
    )
    check({"serve", "media", *DJANGO}, of_carriers=registry.settings, supplied=made_here)
    regions = configuration.REGIONS.value()
    addressed = configuration.REGIONS_REDIS.value()
    known = addressed or configuration.FIRST_REGIONS
    sentences = [
        f"{configuration.REGIONS.name}: {region} is no region here (known: {', '.join(known)}); "
        "`manage.py add_region` makes one, and WARMLINE_REGIONS_REDIS names its Redis"
        for region in regions
        if region not in known
    ]
    ports = {configuration.media_port(region).name for region in regions}
    sentences += [
        f"{name} is the port of no region here (WARMLINE_REGIONS: {', '.join(regions)})"
        for name in sorted(os.environ)
        if name.startswith(configuration.MEDIA_PORT) and name not in ports
    ]
    if sentences:
        raise Refused(sentences)
    return regions


def _for_commands(stores: Stores) -> dict[str, Mapping[str, str]]:
    """The owner's and the superuser's addresses, for the commands that are nothing without them."""
    bootstrap = dict(stores.owner_address)
    if stores.cluster is not None:
        bootstrap[configuration.SUPERUSER_URL.name] = stores.cluster.superuser_dsn
    return {"migrate": stores.owner_address, "bootstrap_roles": bootstrap}


def public_environment() -> dict[str, str]:
    """What every process may inherit: our own environment without settings and credentials."""
    private = (*PRIVATE, *_of_carriers())
    return {key: value for key, value in os.environ.items() if not key.startswith(private)}


def leave_other_servers() -> None:
    """Drop libpq's variables from our environment, and so from every process of ours: they mean
    another Postgres.

    Unless the operator gave his own, which they may well be for.
    """
    if configuration.DATABASE_URL.text() is None:
        for name in [name for name in os.environ if name.startswith(LIBPQ)]:
            del os.environ[name]


@dataclass(frozen=True, slots=True)
class _Ports:
    web: int
    internal: int
    chroma: int
    carrier: int
    media: Mapping[str, int]

    @classmethod
    def choose(cls, regions: Iterable[str]) -> "_Ports":
        taken: set[int] = set()
        media = {}
        for preferred, region in enumerate(regions, start=FIRST_MEDIA_PORT):
            variable = configuration.media_port(region).name
            media[region] = choose_port(variable, preferred=preferred, taken=taken)
        return cls(
            web=choose_port(configuration.WEB_PORT.name, preferred=8000, taken=taken),
            internal=choose_port(configuration.INTERNAL_PORT.name, preferred=8001, taken=taken),
            chroma=choose_port(configuration.CHROMA_PORT.name, preferred=8900, taken=taken),
            carrier=choose_port(configuration.CARRIER_PORT.name, preferred=8950, taken=taken),
            media=media,
        )


def _shared_env(home: Home, *, ports: _Ports, secrets: Credentials) -> dict[str, str]:
    """What every Django process is given; settings of the operator win."""
    given = {
        key: value
        for key, value in os.environ.items()
        if key.startswith(("WARMLINE_", "AWS_", *_of_carriers())) and value.strip()
    }
    return {
        "DJANGO_SETTINGS_MODULE": "warmline.settings",
        "WARMLINE_SECRET_KEY": secrets.django_secret_key,
        "WARMLINE_PUBLIC_URL": f"http://{HOST}:{ports.web}",
        "WARMLINE_INTERNAL_URL": f"http://{HOST}:{ports.internal}",
        "WARMLINE_ENGINE_PYTHON": str(home.root / "engine" / "bin" / "python"),
        "TWILIO_ACCOUNT_SID": secrets.twilio_account_sid,
        "TWILIO_AUTH_TOKENS": secrets.twilio_auth_token,
        **_mailbox(home, given),
        **_gateway(given, port=ports.carrier),
        **given,
        "WARMLINE_HOME": str(home.root),
        "WARMLINE_SUPERVISOR": str(home.control / "supervisor.sock"),
    }


def _mailbox(home: Home, given: Mapping[str, str]) -> dict[str, str]:
    """A mailbox of this machine's own, unless mail is sent or others reach the pages."""
    url = given.get(configuration.PUBLIC_URL.name)
    if accounts.SMTP_HOST.name in given or (url is not None and not is_loopback(url)):
        return {}
    return {accounts.MAILBOX.name: str(home.root / "state" / "mailbox")}


def _gateway(given: Mapping[str, str], *, port: int) -> dict[str, str]:
    """The way to a carrier of this machine's own, unless Twilio's is used or could reach us."""
    url = given.get(configuration.PUBLIC_URL.name)
    if any(name.startswith("TWILIO_") for name in given):
        return {}
    if url is not None and not is_loopback(url):
        return {}
    return {API_GATEWAY: f"http://{HOST}:{port}"}


def _own_carrier(home: Home, shared: Mapping[str, str], *, port: int) -> tuple[Program, ...]:
    """The carrier that the gateway leads to, where that is this machine's own."""
    if shared.get(API_GATEWAY) != f"http://{HOST}:{port}":
        return ()
    return (carrier_program(shared, port=port, state=home.state / "carrier.json"),)


def _of_carriers() -> tuple[str, ...]:
    return tuple(f"{name.upper()}_" for name in registry.names())
