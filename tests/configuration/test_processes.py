"""Every process looks at its settings when it starts; commands find the machine that runs."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import redis
from django.db import connections

from warmline.command_line import join_installation, told_in_a_sentence
from warmline.embedded.home import exclusive, open_home
from warmline.embedded.installation import (
    NothingRuns,
    forget_installation,
    leave_installation,
    running_installation,
)
from warmline.kernel.env import REPOSITORY
from warmline.kernel.errors import ConfigurationError

PYTHON_M = (sys.executable, "-m")
MEDIA = ("--region", "us-east", "--port", "1")
CELERY = Path(sys.executable).with_name("celery")


def started(*words: str, **environ: str) -> tuple[int, list[str]]:
    """A process with these settings beside the tests' own: its exit code, and what it said."""
    done = subprocess.run(
        words,
        cwd=REPOSITORY,
        env=os.environ | environ,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stderr + done.stdout).strip().splitlines()


@pytest.mark.parametrize(
    ("words", "variable", "value"),
    [
        ((*PYTHON_M, "uvicorn", "warmline.asgi:application"), "WARMLINE_PROVISIONER", "nomad"),
        ((str(CELERY), "-A", "warmline", "beat"), "WARMLINE_THINK_URL", "ftp://one.example"),
        ((*PYTHON_M, "telephony.media", *MEDIA), "WARMLINE_REGIONS_REDIS", "notjson"),
        ((*PYTHON_M, "warmline.embedded", "serve"), "WARMLINE_REGIONS", "mars"),
        ((sys.executable, "manage.py", "record_calls"), "WARMLINE_REGIONS_REDIS", '{"us": "h"}'),
        ((sys.executable, "manage.py", "check"), "WARMLINE_PUBLC_URL", "https://calls.example.com"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_no_start(
    tmp_path: Path, words: tuple[str, ...], variable: str, value: str
) -> None:
    """No traceback, whichever program reads it."""
    code, said = started(*words, **{variable: value, "WARMLINE_HOME": str(tmp_path)})
    assert code != 0
    (sentence,) = said
    assert sentence.startswith(variable)


def test_a_command_without_any_installation_says_what_it_needs(tmp_path: Path) -> None:
    """And how to get it."""
    code, said = started(
        sys.executable, "manage.py", "pools", WARMLINE_HOME=str(tmp_path), WARMLINE_SECRET_KEY=""
    )
    assert code == 1
    (sentence,) = said
    assert sentence == (
        f"nothing runs from {tmp_path}; start it with `make serve`; "
        "or set what pools needs: WARMLINE_SECRET_KEY"
    )


SETTINGS = ("WARMLINE_SECRET_KEY", "DATABASE_URL", "DATABASE_CONTROL_URL", "REDIS_URL")


def test_a_command_finds_the_machine_that_runs(tmp_path: Path, django_db_setup: None) -> None:
    """Without a secret in its environment, and whatever leads psql to another server."""
    home = open_home(tmp_path / "home")
    left = {name: os.environ[name] for name in (*SETTINGS, "WARMLINE_REGIONS_REDIS")}
    nothing = dict.fromkeys((*left, "DATABASE_OWNER_URL"), "")
    with exclusive(home):
        leave_installation(home.root, left, for_commands={})
        code, said = started(
            *(sys.executable, "manage.py", "pools"),
            **nothing,
            WARMLINE_HOME=str(home.root),
            PGPORT="1",
            PGSERVICE="company",
        )
    assert code == 0, said
    assert said[0].startswith(f"manage.py: for the Warmline that runs from {home.root} (pid ")


class TestJoining:
    """What a command is given of the machine beside it."""

    LEFT: Mapping[str, str] = {
        "WARMLINE_SECRET_KEY": "left",
        "DATABASE_URL": "left",
        "DATABASE_CONTROL_URL": "left",
        "REDIS_URL": "left",
    }

    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        home = open_home(tmp_path / "home")
        monkeypatch.setenv("WARMLINE_HOME", str(home.root))
        owner = {"DATABASE_OWNER_URL": "owner"}
        leave_installation(home.root, self.LEFT, for_commands={"migrate": owner})
        return home.root

    def joined(self, home: Path, command: str, **environ: str) -> dict[str, str]:
        with exclusive(open_home(home)):
            join_installation(command, environ)
        return environ

    def test_what_is_set_here_counts(self, home: Path) -> None:
        """An empty variable is not set."""
        given = self.joined(home, "pools", REDIS_URL="own", WARMLINE_SECRET_KEY=" ")
        assert given == {**self.LEFT, "REDIS_URL": "own"}

    def test_a_database_of_ones_own_is_taken_whole(self, home: Path) -> None:
        """Roles of two databases would be mixed; libpq's variables may be meant for it."""
        given = self.joined(home, "migrate", DATABASE_URL="own", PGPORT="1")
        assert given["DATABASE_URL"] == "own"
        assert given["PGPORT"] == "1"
        assert "DATABASE_CONTROL_URL" not in given
        assert "DATABASE_OWNER_URL" not in given

    def test_the_owners_address_is_for_the_migration_alone(self, home: Path) -> None:
        """No other command may change tables."""
        assert self.joined(home, "migrate")["DATABASE_OWNER_URL"] == "owner"
        assert "DATABASE_OWNER_URL" not in self.joined(home, "shell")

    def test_only_its_user_may_read_it(self, home: Path) -> None:
        """It holds passwords."""
        file = home / "state" / "installation.json"
        assert file.stat().st_mode & 0o777 == 0o600
        assert json.loads(file.read_bytes())["environment"] == self.LEFT

    def test_a_machine_that_died_is_not_joined(self, home: Path) -> None:
        """What a kill -9 left is no machine; what was stopped has left nothing."""
        with pytest.raises(NothingRuns, match=r"nothing runs from .*; start it with"):
            running_installation(home)
        forget_installation(home)
        with exclusive(open_home(home)), pytest.raises(NothingRuns):
            running_installation(home)


def refusal(error: Exception) -> str:
    """What a command's end says."""
    with pytest.raises(SystemExit) as ended, told_in_a_sentence():
        raise error
    return str(ended.value.code)


@pytest.mark.django_db
def test_a_database_without_tables_says_what_to_do() -> None:
    """Not migrated is an answer, no traceback."""
    with (
        pytest.raises(SystemExit, match=r"not migrated .*run `manage.py migrate`"),
        told_in_a_sentence(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM no_such_table")


def test_a_database_that_is_away_says_why() -> None:
    """In libpq's words, not that a pool had no connection."""
    code, said = started(
        *(sys.executable, "manage.py", "pools"),
        DATABASE_URL="postgresql://app:s3cr3t@127.0.0.1:1/warmline",
        DATABASE_CONTROL_URL="postgresql://app:s3cr3t@127.0.0.1:1/warmline",
    )
    assert code == 1
    assert len(said) == 1
    assert "refused" in said[0]
    assert "s3cr3t" not in said[0]


def test_other_refusals_are_their_sentences() -> None:
    """Whoever refused, in its own words."""
    assert refusal(ConfigurationError("this is wrong")) == "this is wrong"
    assert "no route" in refusal(redis.ConnectionError("no route"))
