"""A cluster that is kept from run to run under `.warmline/bench`, and filled when it is not yet."""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from tests import services
from tests.bench.filled import FOLDER
from warmline.embedded.running import running
from warmline.embedded.stores import postgres, valkey
from warmline.kernel import env

Fill = Callable[[psycopg.Connection], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A database that is running: a superuser's connection, and what its filling told of it."""

    superuser: psycopg.Connection
    facts: dict[str, Any]


@contextmanager
def kept_database(name: str, fill: Fill, *, sources: tuple[Path, ...]) -> Iterator[Kept]:
    """Postgres with what `fill` put there, now or in an earlier run, and an empty Valkey.

    It is filled anew when a migration or one of the `sources` changed. Not durable, as none of it
    is missed.
    """
    folder = FOLDER / name
    mark = _mark(sources)
    told = folder / "facts.json"
    if not (told.exists() and json.loads(told.read_text(encoding="utf-8"))["mark"] == mark):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    password = _password(folder)
    _link_cluster(folder, password)
    services.superuser_dsn = postgres.dsn(
        services.home, user=postgres.SUPERUSER, password=password, database="postgres"
    )
    stores = postgres.program(services.home, superuser_password=password, durable=False)
    with (
        running(valkey.program(services.home), home=services.home),
        running(stores, home=services.home),
    ):
        services.bootstrap()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with psycopg.connect(
            services.superuser_dsn, dbname=services.DATABASE, autocommit=True
        ) as superuser:
            if not told.exists():
                began = time.monotonic()
                facts = fill(superuser)
                superuser.execute("VACUUM ANALYZE")
                superuser.execute("CHECKPOINT")
                told.write_text(
                    json.dumps({"mark": mark, "facts": facts}, default=str), encoding="utf-8"
                )
                print(f"filled in {time.monotonic() - began:.0f} s, kept in {folder}")
            try:
                yield Kept(superuser, json.loads(told.read_text(encoding="utf-8"))["facts"])
            finally:
                connections.close_all()


def _link_cluster(folder: Path, password: str) -> None:
    """The kept cluster in the tests' home; made there at first, then moved to where it is kept."""
    link, cluster = services.home.state / "postgres", folder / "postgres"
    if cluster.exists():
        link.symlink_to(cluster)
        postgres.ensure_cluster(services.home, superuser_password=password)
        return
    postgres.ensure_cluster(services.home, superuser_password=password)
    shutil.move(link, cluster)
    link.symlink_to(cluster)


def _password(folder: Path) -> str:
    kept = folder / "password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(16), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _mark(sources: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    migrations = sorted(env.REPOSITORY.glob("**/migrations/*.py"))
    for path in (*(path for path in migrations if ".venv" not in path.parts), *sources):
        digest.update(str(path.relative_to(env.REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()
