"""What runs on one machine, by what the operator gave."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from warmline.embedded.home import Home, open_home
from warmline.embedded.machine import Machine, leave_other_servers, plan_machine
from warmline.kernel.env import REPOSITORY
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.regions import redis_database

OPERATORS = ("DATABASE_", "REDIS_URL", "CHROMA_URL", "WARMLINE_", "TWILIO_")
DATABASES = {
    "DATABASE_URL": "postgresql://app@db/warmline",
    "DATABASE_OWNER_URL": "postgresql://owner@db/warmline",
    "DATABASE_CONTROL_URL": "postgresql://control@db/warmline",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A machine whose operator has set nothing yet."""
    for name in [name for name in os.environ if name.startswith(OPERATORS)]:
        monkeypatch.delenv(name)
    return open_home(tmp_path / "home")


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def stores(machine: Machine) -> set[str]:
    return {store.name for store in machine.stores}


def test_without_any_setting_every_store_runs_here(home: Home) -> None:
    """Each region with a database of its own in the one Valkey."""
    machine = plan_machine(home)
    assert stores(machine) == {"postgres", "valkey", "chroma"}
    regions = json.loads(machine.manage_env["WARMLINE_REGIONS_REDIS"])
    databases = {region: parse_qs(urlsplit(url).query)["db"] for region, url in regions.items()}
    assert databases == {"us-east": ["2"], "eu-west": ["3"]}


def test_a_database_given_alone_is_refused_with_its_companions(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is missing in one sentence, before anything starts."""
    given(monkeypatch, DATABASE_URL=DATABASES["DATABASE_URL"])
    with pytest.raises(
        ConfigurationError, match="without DATABASE_OWNER_URL and DATABASE_CONTROL_URL"
    ):
        plan_machine(home)


def test_a_database_of_ones_own_takes_the_place_of_the_one_here(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only migrations are told the owner's address."""
    given(monkeypatch, **DATABASES)
    machine = plan_machine(home)
    assert stores(machine) == {"valkey", "chroma"}
    assert "DATABASE_OWNER_URL" not in machine.manage_env
    assert [command.env["DATABASE_OWNER_URL"] for command in machine.migrations] == [
        DATABASES["DATABASE_OWNER_URL"]
    ]


def test_a_redis_given_alone_holds_every_region(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In numbered databases; its credentials and options stay."""
    given(monkeypatch, REDIS_URL="rediss://me:secret@redis:6380/0?ssl_cert_reqs=required")
    machine = plan_machine(home)
    assert stores(machine) == {"postgres", "chroma"}
    assert json.loads(machine.manage_env["WARMLINE_REGIONS_REDIS"]) == {
        "us-east": "rediss://me:secret@redis:6380/2?ssl_cert_reqs=required",
        "eu-west": "rediss://me:secret@redis:6380/3?ssl_cert_reqs=required",
    }


@pytest.mark.parametrize("broker", [{"REDIS_URL": "redis://redis/0"}, {}])
def test_regions_with_a_redis_each_are_taken_as_given(
    home: Home, monkeypatch: pytest.MonkeyPatch, broker: dict[str, str]
) -> None:
    """Each region's own server, beside the broker's, which may be the one here."""
    regions = json.dumps({"us-east": "redis://a/0", "eu-west": "redis://b/0"})
    given(monkeypatch, WARMLINE_REGIONS_REDIS=regions, **broker)
    machine = plan_machine(home)
    assert machine.manage_env["WARMLINE_REGIONS_REDIS"] == regions
    assert ("valkey" in stores(machine)) is (not broker)


def test_a_numbered_database_of_a_socket_is_an_option() -> None:
    """As redis-py reads it; the number that was there gives way."""
    assert redis_database("unix:///run/a/valkey.sock?db=0", 4) == "unix:///run/a/valkey.sock?db=4"
    assert redis_database("redis://redis:6379", 1) == "redis://redis:6379/1"


LIBPQ = {"PGSERVICE": "company", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1"}


def test_what_leads_psql_to_another_server_does_not_lead_us_there(
    home: Home, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded server is reached although the person works with another one, too."""
    given(monkeypatch, **LIBPQ)
    with pytest.raises(psycopg.Error):
        psycopg.connect(postgres_server)
    leave_other_servers()
    psycopg.connect(postgres_server).close()


def test_a_postgres_of_the_operators_is_reached_as_libpq_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificates and its service file are named by these variables."""
    given(monkeypatch, **DATABASES, **LIBPQ)
    leave_other_servers()
    assert os.environ.items() >= LIBPQ.items()


@pytest.mark.parametrize(
    ("variables", "allowed"),
    [
        ({"WARMLINE_PUBLIC_URL": "https://calls.example.com"}, ["calls.example.com"]),
        (
            {
                "WARMLINE_PUBLIC_URL": "https://calls.example.com:8443",
                "WARMLINE_INTERNAL_URL": "http://web.warmline.svc",
            },
            ["calls.example.com", "web.warmline.svc"],
        ),
        ({"WARMLINE_PUBLIC_URL": "http://[2001:db8::1]:8000"}, ["[2001:db8::1]"]),
    ],
)
def test_the_web_plane_answers_at_its_own_addresses(
    variables: dict[str, str], allowed: list[str]
) -> None:
    """Without a word of WARMLINE_ALLOWED_HOSTS: who set the addresses meant them."""
    environ = dict(os.environ)
    for name in ("WARMLINE_ALLOWED_HOSTS", "WARMLINE_INTERNAL_URL"):
        environ.pop(name, None)
    program = "from warmline import settings; print(' '.join(settings.ALLOWED_HOSTS))"
    printed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=environ | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert printed.stdout.split() == ["localhost", "127.0.0.1", "[::1]", *allowed]


def test_carriers_that_are_not_there_are_told_in_a_sentence(tmp_path: Path) -> None:
    """Before anything starts; what was there before can still be removed."""
    environ = {"WARMLINE_HOME": str(tmp_path / "home"), "WARMLINE_CARRIERS": "/nowhere"}

    def run(verb: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "warmline.embedded", verb],
            env=os.environ | environ,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    refused = run("serve")
    (sentence,) = (refused.stdout + refused.stderr).splitlines()
    assert refused.returncode != 0
    assert "WARMLINE_CARRIERS: '/nowhere' is no folder" in sentence
    assert run("clean").returncode == 0


def test_a_machine_has_a_carrier_of_its_own_where_twilio_is_not_used(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given its account and nothing else; there is none beside Twilio's, nor where that could
    reach this machine.
    """
    machine = plan_machine(home)
    (carrier,) = (program for program in machine.planes if program.name == "carrier")
    port = carrier.argv[carrier.argv.index("--port") + 1]
    assert machine.manage_env["TWILIO_API_GATEWAY"] == f"http://127.0.0.1:{port}"
    assert set(carrier.env) == {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"}
    for name, value in (
        ("TWILIO_ACCOUNT_SID", "AC" + "a" * 32),
        ("TWILIO_AUTH_TOKENS", "a-token"),
        ("TWILIO_API_GATEWAY", "https://gateway.example.com"),
        ("WARMLINE_PUBLIC_URL", "https://calls.example.com"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            planned = plan_machine(home)
            assert "carrier" not in [program.name for program in planned.planes]
            assert "127.0.0.1" not in planned.manage_env.get("TWILIO_API_GATEWAY", "")


def test_a_machine_that_sends_no_mail_keeps_a_mailbox(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its own folder, for its processes and commands; not where mail is sent, nor where others
    reach its pages.
    """
    mailbox = str(home.root / "state" / "mailbox")
    machine = plan_machine(home)
    assert machine.manage_env["WARMLINE_MAILBOX"] == mailbox
    jobs = next(program for program in machine.planes if program.name == "jobs")
    assert jobs.env["WARMLINE_MAILBOX"] == mailbox
    for name, value in (
        ("WARMLINE_SMTP_HOST", "smtp.example.com"),
        ("WARMLINE_PUBLIC_URL", "https://calls.example.com"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert "WARMLINE_MAILBOX" not in plan_machine(home).manage_env
