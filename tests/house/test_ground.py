"""A machine that is set up for other work, in every way at once, changes nothing for the tests."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ground import BYTECODE, own_environment
from warmline.kernel.env import REPOSITORY

NOBODY_LISTENS = "http://127.0.0.1:9"
PYTHON = shlex.quote(sys.executable)
PIP = f"{sys.base_prefix}/bin/python3 -m pip"
# A few of every kind that meets the machine: pip, git, make, files, sockets, Postgres, Valkey,
# Chroma.
SELECTED = (
    "tests/embedded/test_home.py",
    "tests/embedded/test_prepare.py",
    "tests/embedded/test_stores.py",
    "tests/embedded/test_supervision.py::test_a_killed_process_comes_back_and_the_person_is_told",
    "tests/house/test_make.py",
    "tests/house/test_platform_folder.py",
    "tests/house/test_words.py",
    "tests/programs/frontdesk/test_corpus.py",
    "tests/rag/test_knowledge.py",
    "tests/telephony/media/test_bad_input.py::test_a_second_stream_for_a_call_is_refused",
    "tests/tenants/test_context.py",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Variables of other work, and a shell command that they spoil;
    `{folder}` is where their files lie.
    """

    environ: dict[str, str]
    spoils: str


SETTINGS = {
    "a constraint of all on this machine": Setting(
        {"PIP_CONFIG_FILE": "", "XDG_CONFIG_DIRS": "{folder}/etc"},
        f"! {PIP} config list | grep -q constraint",
    ),
    "the constraints of its owner": Setting(
        {"PIP_CONFIG_FILE": "", "XDG_CONFIG_HOME": "{folder}/etc"},
        f"! {PIP} config list | grep -q constraint",
    ),
    "another index": Setting(
        {"PIP_INDEX_URL": NOBODY_LISTENS, "PIP_RETRIES": "0", "PIP_TARGET": "{folder}/target"},
        f"! {PIP} config list | grep -q {NOBODY_LISTENS}",
    ),
    "modules that hide ours": Setting(
        {"PYTHONPATH": "{folder}/trap"}, f"{PYTHON} -c 'import psycopg, redis'"
    ),
    "an ASCII locale": Setting(
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        f"{PYTHON} -c 'open(\"{{folder}}/german\").read()'",
    ),
    "a clock elsewhere": Setting({"TZ": "Pacific/Kiritimati"}, 'test "$(date +%z)" = +0000'),
    "a home that cannot be written": Setting({"HOME": "/dev/null/home"}, 'mkdir -p "$HOME/.cache"'),
    "a long way to temporary files": Setting(
        {"TMPDIR": "{folder}/" + "long/" * 20},
        f"{PYTHON} -c 'import socket as s, tempfile as t; "
        's.socket(1).bind(t.mkdtemp() + "/a-socket")\'',
    ),
    "no bytecode": Setting(
        {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": ""},
        f"{PYTHON} -c 'import sys; exit(sys.dont_write_bytecode)'",
    ),
    "git in colours": Setting(
        {"GIT_CONFIG_GLOBAL": "{folder}/gitconfig"},
        'test "$(git grep -l Warmline -- manage.py)" = manage.py',
    ),
    "git in another repository": Setting({"GIT_DIR": "{folder}/nothing"}, "git ls-files"),
    "a shell that ends at once": Setting(
        {"BASH_ENV": "{folder}/trap.sh", "ENV": "{folder}/trap.sh"}, "bash -c true"
    ),
    "folders that the shell knows": Setting(
        {"CDPATH": "{folder}"}, 'test "$(cd tests && pwd)" = "$PWD/tests"'
    ),
    "make that only says what it would do": Setting(
        {"MAKEFLAGS": "n"},
        "printf 'all:\\n\\t@test $(word 2,1 0)' | make -f - | { ! grep -q test; }",
    ),
    "a proxy for everything": Setting(
        {"http_proxy": NOBODY_LISTENS, "https_proxy": NOBODY_LISTENS, "all_proxy": NOBODY_LISTENS},
        f"{PYTHON} -c 'import urllib.request as u; exit(len(u.getproxies()) > 0)'",
    ),
    "certificates that are not there": Setting(
        {"SSL_CERT_FILE": "/nowhere.pem", "REQUESTS_CA_BUNDLE": "/nowhere.pem"},
        'test -z "$SSL_CERT_FILE"',
    ),
    "another database server": Setting(
        {
            "PGSERVICE": "nowhere",
            "PGHOSTADDR": "192.0.2.1",
            "PGPORT": "1",
            "PGOPTIONS": "-c search_path=nowhere",
        },
        f"{PYTHON} -c 'import os, psycopg as p; "
        'p.connect(os.environ["DATABASE_URL"], connect_timeout=2)\'',
    ),
    "another Django project": Setting(
        {"DJANGO_SETTINGS_MODULE": "nowhere.settings"},
        f"{PYTHON} -c 'import django; django.setup()'",
    ),
    "an installation of Warmline": Setting(
        {
            "WARMLINE_REGIONS": "nowhere",
            "WARMLINE_PUBLIC_URL": "https://in.example",
            "REDIS_URL": "redis://in.example",
        },
        'test "$WARMLINE_PUBLIC_URL" = http://testserver',
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the settings name."""
    folder = tmp_path_factory.mktemp("machine")
    for below in ("etc/pip", "trap", "long/" * 20, "tests"):
        (folder / below).mkdir(parents=True)
    constraints = folder / "constraints.txt"
    files = {
        constraints: "torch<=2.14.1\npsycopg<1\n",
        folder
        / "etc"
        / "pip"
        / "pip.conf": f"[global]\nconstraint = {constraints}\n[install]\nuser = true\n",
        folder / "gitconfig": "[color]\n\tui = always\n[core]\n\tquotePath = true\n"
        "[grep]\n\tlineNumber = true\n",
        folder / "german": "Grüße",
        folder / "trap.sh": "exit 1\n",
        **{
            folder / "trap" / f"{name}.py": "raise ImportError('a trap')\n"
            for name in ("psycopg", "redis", "django")
        },
    }
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
    return folder


def set_up(folder: Path, *settings: Setting) -> dict[str, str]:
    """The tests' own environment, which each of these processes has from this one,
    and above it the settings.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return own | {
        name: value.format(folder=folder)
        for each in settings
        for name, value in each.environ.items()
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_spoils_what_is_not_shielded_from_it(
    folder: Path, name: str, postgres_server: str
) -> None:
    """Else the run below would prove nothing; without the setting the same command does well."""
    setting = SETTINGS[name]
    command = ("sh", "-c", setting.spoils.replace("{folder}", str(folder)))

    def code(*settings: Setting) -> int:
        return subprocess.run(
            command,
            cwd=REPOSITORY,
            env=set_up(folder, *settings),
            capture_output=True,
            timeout=30,
            check=False,
        ).returncode

    assert code() == 0
    assert code(setting) != 0


def test_a_program_of_a_test_is_compiled_once(tmp_path: Path) -> None:
    """On a machine that wants no bytecode beside its sources too: it goes elsewhere."""
    program = tmp_path / "compiled.py"
    program.write_text("VALUE = 1\n", encoding="utf-8")
    environ = own_environment({"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"})
    kept = own_environment(environ | {"PYTHONPYCACHEPREFIX": str(tmp_path / "kept")})
    subprocess.run(
        (sys.executable, "-c", "import compiled"), cwd=tmp_path, env=kept, timeout=30, check=True
    )
    assert environ["PYTHONPYCACHEPREFIX"] == str(BYTECODE)
    assert [path.suffix for path in (tmp_path / "kept").rglob("compiled.*")] == [".pyc"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compiled.py", "kept"]


@pytest.mark.timeout(300)
def test_a_machine_set_up_for_other_work_fails_no_test(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    """All of these settings at once, and a umask that shows new files to nobody else."""
    alone = ("-n", "0") if request.config.pluginmanager.hasplugin("xdist") else ()
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *alone, *SELECTED),
        cwd=REPOSITORY,
        env=set_up(folder, *SETTINGS.values()),
        umask=0o077,
        timeout=280,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
