"""The stores of one machine, from wheels."""

from pathlib import Path

import psycopg
import pytest
import redis

from tests import services
from warmline.embedded.home import open_home
from warmline.embedded.running import running
from warmline.embedded.stores import valkey


def test_valkey_keeps_everything_it_is_given(tmp_path: Path) -> None:
    """Killed without warning and started again, it has what was on its disk;
    and it never drops a key for room.
    """
    home = open_home(tmp_path / "home")
    program = valkey.program(home)
    with (
        running(program, home=home) as server,
        redis.Redis.from_url(valkey.url(home, database=3)) as client,
    ):
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        client.xadd("calls", {"said": "hello"})
        client.set("slots", 7)
        # It writes at once, unless the disk is still busy with the second before.
        client.waitaof(num_local=1, num_replicas=0, timeout=10_000)
        server.kill()
        server.wait()
    with running(program, home=home), redis.Redis.from_url(valkey.url(home, database=3)) as client:
        assert client.get("slots") == b"7"
        assert [fields for _, fields in client.xrange("calls")] == [{b"said": b"hello"}]


def test_postgres_asks_every_role_for_its_password(postgres_server: str) -> None:
    """The socket alone opens nothing: a process without the owner's password is not the owner."""
    wrong = psycopg.conninfo.make_conninfo(services.urls.owner, password="guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_postgres_is_18_and_on_no_network(postgres_server: str) -> None:
    """The embedded server listens on its Unix socket only."""
    with psycopg.connect(postgres_server) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000"
        ).fetchone()
        listens = connection.execute("SHOW listen_addresses").fetchone()
    assert (row, listens) == ((18,), ("",))


def test_postgres_logs_no_statement(postgres_server: str) -> None:
    """Statements hold password hashes and what callers said: one that fails, or is slow, is not
    written down.

    Nor is the row that an error would quote; that there was an error is.
    """
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE tried (word text UNIQUE)")
        connection.execute("INSERT INTO tried VALUES ('secret-in-a-row')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO tried VALUES ('secret-in-a-row')")
        connection.execute("SELECT 'secret-in-a-slow-one', pg_sleep(0.6)")
    log = (services.home.logs / "postgres.log").read_text(encoding="utf-8")
    assert 'duplicate key value violates unique constraint "tried_word_key"' in log
    assert "secret-in" not in log
