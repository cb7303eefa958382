"""What `@pytest.mark.django_db` means here: the real roles, real commits, and nothing left
afterwards.

Django's own test case wraps a test in one transaction of one connection. Here three roles and
threads meet in one test, so each commits for real, and the tables that were written to are emptied
afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections

from tests import services

# Written by migrations, not by tests.
KEPT = ("django_migrations", "django_content_type", "auth_permission")

_OURS = """
SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE c.relkind = 'r' AND r.rolname = 'warmline_owner' AND c.relname <> ALL (ARRAY['KEPT'])
""".replace("KEPT", "','".join(KEPT))

# Deleting from the few tables that were written to takes a tenth of a TRUNCATE, which would cascade
# from a tenant's row to every table there is. Triggers rest meanwhile: in which order the rows go
# does not matter.
_EMPTY = """
DO $$
DECLARE
    named record;
    written boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR named IN OURS LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', named.name) INTO written;
        IF written THEN EXECUTE format('DELETE FROM %s', named.name); END IF;
    END LOOP;
END $$
""".replace("OURS", _OURS)


def empty_tables() -> None:
    """Remove every row that a test committed, in any tenant;
    a transaction left open ends the wait after 10 s.
    """
    with _superuser() as superuser:
        superuser.execute(_EMPTY)


@contextmanager
def _superuser() -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        services.superuser_dsn, dbname=services.DATABASE, autocommit=True
    ) as superuser:
        superuser.execute("SET lock_timeout = '10s'")
        yield superuser


# Tables of `kept` are called by the number of the one that they are a copy of.
_KEEP = """
DO $$
DECLARE
    named record;
    written boolean;
BEGIN
    DROP SCHEMA IF EXISTS kept CASCADE;
    CREATE SCHEMA kept;
    FOR named IN OURS LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', named.name) INTO written;
        IF written THEN
            EXECUTE format('CREATE UNLOGGED TABLE kept.%I AS TABLE %s', named.oid, named.name);
        END IF;
    END LOOP;
END $$
""".replace("OURS", _OURS)
_PUT_BACK = """
DO $$
DECLARE
    named record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR named IN
        SELECT r.oid::regclass::text AS name, k.oid::regclass::text AS copy, c.columns
        FROM pg_class k JOIN pg_class r ON r.oid::text = k.relname,
            LATERAL (
                SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
                FROM pg_attribute
                WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            ) c
        WHERE k.relnamespace = 'kept'::regnamespace AND k.relkind = 'r'
    LOOP
        EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s',
            named.name, named.columns, named.columns, named.copy);
    END LOOP;
END $$
"""


class KeptRows:
    """Every row there is now, in any tenant: what is committed from here on can be undone."""

    def __init__(self) -> None:
        with _superuser() as superuser:
            superuser.execute(_KEEP)

    def put_back(self) -> None:
        """Make the tables what they were."""
        with _superuser() as superuser, superuser.transaction():
            superuser.execute(_EMPTY)
            superuser.execute(_PUT_BACK)

    def forget(self) -> None:
        """Keep them no longer."""
        with _superuser() as superuser:
            superuser.execute("DROP SCHEMA kept CASCADE")


@contextmanager
def committed_for_real() -> Iterator[None]:
    """Connections of this thread are fresh inside,
    and what was committed inside is gone afterwards.
    """
    connections.close_all()
    try:
        yield
    finally:
        connections.close_all()
        empty_tables()


@pytest.fixture
def _django_db_helper(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """In place of pytest-django's own: the `django_db` mark and the `db` fixtures end up here."""
    with django_db_blocker.unblock(), committed_for_real():  # type: ignore[attr-defined]
        yield
