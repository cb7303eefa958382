"""manage.py: which installation a command is for, and every refusal in one sentence."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager

from warmline.embedded.installation import NothingRuns, running_installation
from warmline.kernel import configuration, env
from warmline.kernel.errors import WarmlineError

# These read files and connect to nothing: they run where no service is set up.
WITHOUT_SERVICES = frozenset({"simulate", "help", "version", "--help", "-h", "--version"})
NEVER_USED = {
    "WARMLINE_SECRET_KEY": "never-used",
    "DATABASE_URL": "postgresql:///never-used",
    "REDIS_URL": "unix:///never-used",
}
LASTING = frozenset({"record_calls"})
REQUIRED = (configuration.SECRET_KEY, configuration.DATABASE_URL, configuration.REDIS_URL)
# The three addresses of one database are taken together: roles of two databases would be mixed.
DATABASE = "DATABASE_"
# libpq fills with these what an address leaves open: they mean another Postgres.
LIBPQ = "PG"


def main(arguments: list[str]) -> None:
    """Run one command; a refusal is its sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    if command not in LASTING:
        # Each of the pool's tries would be a warning before the sentence.
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    with told_in_a_sentence(frames="--traceback" in arguments):
        if command in WITHOUT_SERVICES:
            for name, value in NEVER_USED.items():
                os.environ[name] = os.environ.get(name, "").strip() or value
        elif any(setting.text() is None for setting in REQUIRED):
            join_installation(command, os.environ)
        from django.core.management import execute_from_command_line

        execute_from_command_line(arguments)


def join_installation(command: str, environ: MutableMapping[str, str]) -> None:
    """Give a command the settings of the machine that runs from this home, and say so.

    What the environment names itself counts. `NothingRuns` says what is missing.
    """
    root = env.home()
    try:
        running = running_installation(root)
    except NothingRuns as error:
        missing = ", ".join(setting.name for setting in REQUIRED if setting.text() is None)
        raise NothingRuns(f"{error}; or set what {command} needs: {missing}") from None
    explicit = [name for name, value in environ.items() if value.strip()]
    own_database = any(name.startswith(DATABASE) for name in explicit)
    settings = running.settings(command)
    taken = {
        name: value
        for name, value in settings.items()
        if name not in explicit and not (own_database and name.startswith(DATABASE))
    }
    if not own_database:
        for name in [name for name in environ if name.startswith(LIBPQ)]:
            del environ[name]
    environ.update(taken)
    print(_joined(str(root), running.pid, settings, taken), file=sys.stderr)  # noqa: T201


def _joined(root: str, pid: int, settings: Mapping[str, str], taken: Mapping[str, str]) -> str:
    own = sorted(name for name in settings.keys() - taken.keys() if os.environ.get(name))
    own = [name for name in own if os.environ[name] != settings[name]]
    besides = f", with {', '.join(own)} as set here" if own else ""
    return f"manage.py: for the Warmline that runs from {root} (pid {pid}){besides}"


@contextmanager
def told_in_a_sentence(*, frames: bool = False) -> Iterator[None]:
    """End the process with what was refused, in one sentence; `frames` leaves the traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError
    from redis import RedisError

    if frames:
        yield
        return
    try:
        yield
    except (WarmlineError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except DatabaseError as error:
        sys.exit(_of_database(error))
    except RedisError as error:
        sys.exit(f"Redis does not do what was asked: {error}")


def _of_database(error: Exception) -> str:
    """Whether nobody answers, the tables are not made, or what else Postgres says."""
    from psycopg import errors
    from psycopg_pool import PoolTimeout

    said = str(error.__cause__ or error).strip().splitlines()[0]
    if isinstance(error.__cause__, PoolTimeout):
        said = _why_no_connection() or said
    not_made = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
    if isinstance(error.__cause__, not_made):
        return f"the database is not migrated ({said}): run `manage.py migrate`"
    return f"Postgres: {said}"


def _why_no_connection() -> str | None:
    """Why the pool got no connection: the first address that is refused, in libpq's words."""
    import psycopg

    for setting in (configuration.DATABASE_URL, configuration.DATABASE_CONTROL_URL):
        try:
            psycopg.connect(setting.value() or "", connect_timeout=2).close()
        except psycopg.Error as error:
            return str(error).strip().splitlines()[0]
    return None
