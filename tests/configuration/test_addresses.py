"""Addresses of Postgres and Redis: every part of one reaches the library that connects, or the
process does not start.
"""

import ssl

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from hypothesis import given
from hypothesis import strategies as st
from kombu import Connection
from psycopg.conninfo import conninfo_to_dict
from redis.connection import SSLConnection

from tenants.postgres.addresses import django_database, postgres_address
from tenants.postgres.roles import role_urls
from warmline import settings
from warmline.kernel.redis_address import celery_broker, redis_address
from warmline.kernel.regions import database_number, redis_database

CERTIFICATE = __file__  # any file that is there
PARAMETERS = {
    "sslmode": "verify-full",
    "sslrootcert": CERTIFICATE,
    "connect_timeout": "3",
    "application_name": "warmline",
    "target_session_attrs": "read-write",
    "channel_binding": "require",
    "keepalives_idle": "30",
    "load_balance_hosts": "random",
    "options": "-c statement_timeout=5000",
}


def connection_parameters(address: str) -> dict[str, object]:
    """What Django hands to psycopg."""
    database = django_database(postgres_address(address))
    wrapper = DatabaseWrapper({**settings.DATABASES["default"], **database})
    given: dict[str, object] = wrapper.get_connection_params()
    return given


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_of_libpq_reaches_psycopg(parameter: str) -> None:
    """In an address as in libpq's keywords."""
    value = PARAMETERS[parameter]
    quoted = value.replace(" ", "%20").replace("=", "%3D").replace("/", "%2F")
    url = f"postgresql://app:pw@one,two:5433/warmline?{parameter}={quoted}"
    url = url.replace("one,", "one:5432,")
    words = (
        f"host=one,two port=5432,5433 user=app password=pw dbname=warmline {parameter}='{value}'"
    )
    for address in (url, words):
        told = connection_parameters(address)
        assert told[parameter] == value
        assert (told["host"], told["port"]) == ("one,two", "5432,5433")
        assert (told["user"], told["password"], told["dbname"]) == ("app", "pw", "warmline")


def test_the_roles_addresses_reach_the_server_as_the_superusers_does() -> None:
    """TLS and time-outs are the server's; what the superuser signs in with is not handed on."""
    superuser = (
        f"postgresql://postgres:pw@one/postgres?sslmode=verify-full&sslrootcert={CERTIFICATE}"
        "&connect_timeout=7&options=-c%20jit%3Doff"
    )
    passwords = {"warmline_owner": "o", "warmline_app": "a", "warmline_control": "c"}
    urls = role_urls(superuser, database="warmline", passwords=passwords)
    assert conninfo_to_dict(urls.app) == {
        "host": "one",
        "dbname": "warmline",
        "user": "warmline_app",
        "password": "a",
        "sslmode": "verify-full",
        "sslrootcert": CERTIFICATE,
        "connect_timeout": "7",
    }


REFUSED_POSTGRES = [
    ("postgresql://u:s3cr3t@h/db?sslmode=verify-ful", "invalid sslmode value"),
    ("postgresql://u:s3cr3t@h/db?sslmod=require", "such as sslmode"),
    ("postgresql://u:s3cr3t@h/db?sslmode=", "invalid sslmode value"),
    ("postgresql://u:s3cr3t@h/db?sslrootcert=/nowhere", "sslrootcert to name a file"),
    ("postgresql://u:s3cr3t@h/db?target_session_attrs=some", "invalid target_session_attrs"),
    ("postgresql://u:s3cr3t@h/db?channel_binding=maybe", "invalid channel_binding"),
    ("postgresql://u:s3cr3t@h/db?connect_timeout=soon", "connect_timeout to be a whole number"),
    ("postgresql://u:s3cr3t@h1,h2/db?port=1,2,3", "could not match 3 port numbers to 2 hosts"),
    ("postgresql://u:s3cr3t@h:99999/db", "invalid port number"),
    ("postgresql://u:s3cr3t/x@h/db", "what libpq takes"),
    ("postgresql://u:s3cr3t@x@h/db", "of a password as %40"),
    ("postgresql://u:s3cr3t%zz@h/db", "postgresql://USER"),
    ("postgresql://u:s3cr3t@h", "the database's name"),
    ("postgresql://u:s3cr3t@h/db?service=company", "without service"),
    ("postgresql://u:s3cr3t@h/db?replication=database", "without replication"),
    ("postgresql://u:s3cr3t@h/db?client_encoding=LATIN1", "client_encoding"),
    ("mysql://u:s3cr3t@h/db", "postgresql://USER"),
    ("jdbc:postgresql://h/db?user=u&password=s3cr3t", "postgresql://USER"),
    ("s3cr3t", "postgresql://USER"),
    *(
        (f"postgresql://u:s3cr3t@h/db?options={options}", "no options but")
        for options in (
            "-c%20role%3Dpostgres",
            "-crole%3Dpostgres",
            "--role%3Dpostgres",
            "-c%20row_security%3Doff",
            "-c%20session_authorization%3Dpostgres",
            "-c%20warmline.tenant_id%3Dx",
            "-c%20search_path%3Dpg_catalog",
            "-c%20statement_timeout%3D1%20-c%20ROLE%3Dpostgres",
            "-c%20statement-timeout%3D1%20--Search-Path%3Dx",
            "-v",
        )
    ),
]


@pytest.mark.parametrize(("address", "expected"), REFUSED_POSTGRES)
def test_what_libpq_would_not_take_is_refused_at_once(address: str, expected: str) -> None:
    """Without a word to any server, and without a piece of the password in the sentence."""
    with pytest.raises(ValueError, match=expected) as refusal:
        postgres_address(address)
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGOPTIONS", "-c row_security=off"),
        ("PGOPTIONS", "-c warmline.tenant_id=x"),
        ("PGOPTIONS", "-crole=postgres"),
        ("PGSERVICE", "company"),
    ],
)
def test_libpqs_own_variables_lead_past_nothing_either(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """They count where the address says nothing of its own."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=r"no options but|without service"):
        postgres_address("postgresql://app:pw@h/db")


def test_libpqs_own_limits_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit leads nowhere, and an address's own options stand before the variable's."""
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=5000")
    assert postgres_address("postgresql://app:pw@h/db") == "postgresql://app:pw@h/db"
    monkeypatch.setenv("PGOPTIONS", "-c role=postgres")
    address = "postgresql://app:pw@h/db?options=-c%20jit%3Doff"
    assert postgres_address(address) == address


@given(
    password=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
)
def test_any_password_reaches_both_libraries(password: str) -> None:
    """Percent-encoded, as addresses have it."""
    written = "".join(f"%{byte:02X}" for byte in password.encode())
    told = django_database(postgres_address(f"postgresql://app:{written}@h/db"))
    assert told["PASSWORD"] == password
    address = redis_address(f"redis://web:{written}@h:6379/3")
    with Connection(celery_broker(address).url) as connection:
        assert connection.password == password


@pytest.mark.parametrize(
    ("query", "required", "name_checked"),
    [
        ("", ssl.CERT_REQUIRED, True),
        ("?ssl_cert_reqs=required", ssl.CERT_REQUIRED, True),
        (f"?ssl_ca_certs={CERTIFICATE}", ssl.CERT_REQUIRED, True),
        ("?ssl_cert_reqs=none&ssl_check_hostname=false", ssl.CERT_NONE, False),
    ],
)
def test_celery_checks_as_redis_py_does(
    query: str, required: ssl.VerifyMode, name_checked: bool
) -> None:
    """Unless the address itself says that it shall not."""
    url = f"rediss://jobs:pw@h:6380/4{query}"
    broker = celery_broker(redis_address(url))
    assert broker.tls is not None
    connection = SSLConnection(host="h", **broker.tls)
    assert connection.cert_reqs == required
    assert connection.check_hostname is name_checked
    assert broker.tls.get("ssl_ca_certs") == (CERTIFICATE if "ca_certs" in query else None)
    with Connection(broker.url, ssl=dict(broker.tls)) as told:
        assert (told.hostname, told.port, told.virtual_host) == ("h", 6380, "4")
        assert (told.userid, told.password) == ("jobs", "pw")
        assert told.ssl == broker.tls


def test_a_sockets_address_keeps_user_password_and_number() -> None:
    """As Celery spells it."""
    broker = celery_broker(redis_address("unix://jobs:p%40w@/run/v/valkey.sock?db=5"))
    assert broker.url == "redis+socket://jobs:p%40w@/run/v/valkey.sock?virtual_host=5"
    assert broker.tls is None


def test_options_of_the_connection_reach_celery_too() -> None:
    """Those that every library knows."""
    broker = celery_broker(redis_address("redis://h?socket_timeout=3&health_check_interval=10"))
    assert broker.options == {"socket_timeout": 3.0, "health_check_interval": 10}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("h:6379", "redis://USER"),
        ("http://h:6379", "redis://USER"),
        ("redis://h:s3cr3t/0", "redis://USER"),
        ("redis://h:99999/0", "redis://USER"),
        ("redis://h/abc", "a database's number"),
        ("redis://h/0/1", "a database's number"),
        ("redis://h?db=-1", "a database's number"),
        ("redis://u:s3cr3t@x y/0", "redis://USER"),
        ("unix://", "the socket's path"),
        ("redis://u:s3cr3t@h?decode_responses=true", "no option but"),
        ("redis://u:s3cr3t@h?protocol=3", "no option but"),
        ("redis://u:s3cr3t@h?s3cr3t=1", "no option but"),
        ("redis://h:0/0", "redis://USER"),
        ("redis://[::1/0", "redis://USER"),
        ("redis://h1,h2/0", "redis://USER"),
        ("redis://h/0#x", "redis://USER"),
        ("redis://h/3?db=5", "before the \\?"),
        ("redis://h/0?host=other", "before the \\?"),
        ("redis://u@h/0?password=s3cr3t", "before the \\?"),
        ("redis://h?socket_timeout=1&socket_timeout=2", "each option once"),
        ("rediss://h?ssl_ca_certs=", "each option once and with a value"),
        *((f"redis://h?socket_timeout={text}", "seconds") for text in ("soon", "nan", "-1", "0")),
        ("redis://h?socket_keepalive=off", "socket_keepalive to be true or false"),
        ("redis://h?retry_on_timeout=perhaps", "retry_on_timeout to be"),
        ("rediss://h?ssl_check_hostname=off", "ssl_check_hostname to be"),
        ("redis://h?health_check_interval=-1", "health_check_interval to be a whole number"),
        ("redis://h?ssl_ca_certs=/x", "only with rediss://"),
        ("rediss://h?ssl_ca_certs=/nowhere", "ssl_ca_certs to name a file"),
        ("rediss://h?ssl_cert_reqs=perhaps", "ssl_cert_reqs to be one of"),
    ],
)
def test_what_redis_py_would_not_take_is_refused_at_once(address: str, expected: str) -> None:
    """Also what it would pass over in silence, such as a path that is no number."""
    with pytest.raises(ValueError, match=expected) as refusal:
        redis_address(address)
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize("address", ["redis://h/7", "redis://h?db=7", "unix:///s.sock?db=7"])
def test_the_number_in_an_address_is_the_brokers(address: str) -> None:
    """The cache and the live views lie in the next one."""
    assert database_number(address) == 7
    assert database_number(redis_database(address, 8)) == 8
    assert celery_broker(address).url.endswith("7")
