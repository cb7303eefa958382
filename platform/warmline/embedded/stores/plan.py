"""The stores of one machine: which of them run here, and at which addresses they are found.

A store whose URL the operator set is a real server elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.names import APP_ROLE, CONTROL_ROLE, OWNER_ROLE
from tenants.postgres.roles import bootstrap_roles, role_urls
from verticals.discovery import vertical_schemas
from warmline.embedded.credentials import Credentials
from warmline.embedded.home import Home
from warmline.embedded.programs import Program
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.embedded.stores.redis_addresses import (
    RedisAddresses,
    embedded_redis,
    given_redis,
    valkey_users,
)
from warmline.kernel import configuration
from warmline.kernel.errors import ConfigurationError

DATABASES = (
    configuration.DATABASE_URL,
    configuration.DATABASE_OWNER_URL,
    configuration.DATABASE_CONTROL_URL,
)


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
    redis: RedisAddresses


def plan_stores(
    home: Home, secrets: Credentials, *, regions: tuple[str, ...], chroma_port: int
) -> Stores:
    """Decide which stores run here; `ConfigurationError` for a Postgres given in part."""
    programs: list[Program] = []
    cluster = None
    if configuration.DATABASE_URL.given():
        databases = _given_databases()
    else:
        cluster = _cluster(home, secrets)
        programs.append(postgres.program(home, superuser_password=cluster.superuser_password))
        databases = role_urls(
            cluster.superuser_dsn, database=postgres.DATABASE, passwords=cluster.passwords
        ).environment()
    owner_address = {"DATABASE_OWNER_URL": databases.pop("DATABASE_OWNER_URL")}
    redis_url = configuration.REDIS_URL.given()
    if redis_url is None:
        users = valkey_users(home, secrets, regions=regions)
        programs.append(valkey.program(home, users=tuple(users.values())))
        redis = embedded_redis(home, users, regions=regions)
    else:
        redis = given_redis(redis_url, regions=regions)
    chroma_url = configuration.CHROMA_URL.given()
    if chroma_url is None:
        programs.append(chroma.program(home, port=chroma_port))
        chroma_url = chroma.url(chroma_port)
    addresses = {
        **databases,
        "CHROMA_URL": chroma_url,
    }
    return Stores(tuple(programs), cluster, addresses, owner_address, redis)


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
    missing = [setting.name for setting in DATABASES if setting.given() is None]
    if missing:
        raise ConfigurationError(
            f"DATABASE_URL is set without {' and '.join(missing)}: a Postgres of your own takes "
            "all three, for the roles that `manage.py bootstrap_roles` makes; without any of them "
            "one is started here"
        )
    return {setting.name: setting.value() for setting in DATABASES}
