"""The stores of one machine, from wheels."""

import psycopg
import pytest
import redis

from tests import services


def test_valkey_keeps_everything_it_is_given(empty_valkey: str) -> None:
    """Append-only and never evicting: what was acknowledged is there after a crash."""
    with redis.Redis.from_url(empty_valkey, decode_responses=True) as client:
        assert client.config_get("appendonly", "maxmemory-policy") == {
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
        }


def test_postgres_asks_every_role_for_its_password(postgres_server: str) -> None:
    """The socket alone opens nothing: a process without the owner's password is not the owner."""
    wrong = psycopg.conninfo.make_conninfo(services.urls.owner, password="guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_postgres_is_18_and_on_no_network(postgres_server: str) -> None:
    """The embedded server listens on its Unix socket only."""
    with psycopg.connect(postgres_server) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int / 10000").fetchone()
        listens = connection.execute("SHOW listen_addresses").fetchone()
    assert (row, listens) == ((18,), ("",))
