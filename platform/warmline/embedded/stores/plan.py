"""The stores of one machine: which of them run here, and at which addresses they are found.

A store whose URL the operator set is a real server elsewhere.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from tenants.names import APP_ROLE, CONTROL_ROLE, OWNER_ROLE
from tenants.postgres.roles import bootstrap_roles, role_urls
from verticals.discovery import vertical_schemas
from warmline.embedded.credentials import Credentials
from warmline.embedded.home import Home
from warmline.embedded.programs import Program
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.kernel import env
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import redis_database

DATABASE_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_CONTROL_URL")


@dataclass(frozen=True, slots=True)
class PostgresCluster:
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
class Stores:
    """What runs here, every Django process's addresses, and the owner's for migrations alone."""

    programs: tuple[Program, ...]
    cluster: PostgresCluster | None
    addresses: Mapping[str, str]
    owner_address: Mapping[str, str]


def plan_stores(
    home: Home, secrets: Credentials, *, regions: tuple[str, ...], chroma_port: int
) -> Stores:
    """Decide which stores run here; `ConfigurationError` for a Postgres given in part."""
    programs: list[Program] = []
    cluster = None
    if "DATABASE_URL" in os.environ:
        databases = _given_databases()
    else:
        cluster = _cluster(home, secrets)
        programs.append(postgres.program(home, superuser_password=cluster.superuser_password))
        databases = role_urls(
            cluster.superuser_dsn, database=postgres.DATABASE, passwords=cluster.passwords
        ).environment()
    owner_address = {"DATABASE_OWNER_URL": databases.pop("DATABASE_OWNER_URL")}
    redis_url = os.environ.get("REDIS_URL")
    if redis_url is None:
        programs.append(valkey.program(home))
        redis_url = valkey.url(home, database=0)
    chroma_url = os.environ.get("CHROMA_URL")
    if chroma_url is None:
        programs.append(chroma.program(home, port=chroma_port))
        chroma_url = chroma.url(chroma_port)
    addresses = {
        **databases,
        "REDIS_URL": redis_url,
        "WARMLINE_REGIONS_REDIS": _regions_redis(redis_url, regions),
        "CHROMA_URL": chroma_url,
    }
    return Stores(tuple(programs), cluster, addresses, owner_address)


def _cluster(home: Home, secrets: Credentials) -> PostgresCluster:
    password = secrets.postgres_superuser_password
    passwords = {
        OWNER_ROLE: secrets.owner_password,
        APP_ROLE: secrets.app_password,
        CONTROL_ROLE: secrets.control_password,
    }
    dsn = postgres.dsn(home, user=postgres.SUPERUSER, password=password, database="postgres")
    return PostgresCluster(superuser_password=password, superuser_dsn=dsn, passwords=passwords)


def _given_databases() -> dict[str, str]:
    """The operator's own Postgres, which takes three addresses: one for each role."""
    missing = [name for name in DATABASE_URLS if name not in os.environ]
    if missing:
        raise ConfigurationError(
            f"DATABASE_URL is set without {' and '.join(missing)}: a Postgres of your own takes "
            "all three, for the roles that `manage.py bootstrap_roles` makes; without any of them "
            "one is started here"
        )
    return {name: env.text(name) for name in DATABASE_URLS}


def _regions_redis(redis_url: str, regions: tuple[str, ...]) -> str:
    """Each region's own server as given, else a numbered database of the one there is."""
    given = os.environ.get("WARMLINE_REGIONS_REDIS")
    if given:
        return given
    numbered = enumerate(regions, start=valkey.FIRST_REGION_DATABASE)
    return json.dumps({region: redis_database(redis_url, number) for number, region in numbered})
