"""What installers are given of a machine: its way to the packages, and nothing that bends them."""

import os
from pathlib import Path

import pytest

from warmline.embedded.setup.installers import SetUpFailed, installers_environment

# Settings of other work on the machine: each would change what is installed, or where, or stop it.
BENDING = {
    "PIP_CONSTRAINT": "/elsewhere/constraints.txt",
    "PIP_TARGET": "/elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "UV_CONSTRAINT": "/elsewhere/constraints.txt",
    "UV_PROJECT_ENVIRONMENT": "/elsewhere",
    "UV_PYTHON": "3.9",
    "UV_NO_BINARY": "1",
    "PYTHONPATH": "/elsewhere",
    "PYTHONHOME": "/elsewhere",
    "VIRTUAL_ENV": "/elsewhere",
}
# How this machine comes to packages.
REACHING = {
    "PIP_EXTRA_INDEX_URL": "https://torch.example/cpu",
    "PIP_CERT": "/etc/company.pem",
    "UV_INDEX_COMPANY_PASSWORD": "of the index",
    "UV_SYSTEM_CERTS": "true",
    "SSL_CERT_FILE": "/etc/company.pem",
    "https_proxy": "http://proxy.example:3128",
    "PATH": "/usr/bin:/bin",
}


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine whose configuration files all lie below one folder; nobody has written one yet."""
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "XDG_CONFIG_DIRS": str(tmp_path / "system")}


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def given(environ: dict[str, str]) -> dict[str, str]:
    return installers_environment(environ, spare_cache=Path("/spare"), etc=Path("/proc/no-etc"))


def test_variables_that_lead_to_packages_stay_and_those_that_bend_go(
    machine: dict[str, str],
) -> None:
    """Of pip, of uv and of Python."""
    environ = given(machine | BENDING | REACHING)
    assert environ.items() >= REACHING.items()
    assert BENDING.keys() & environ.keys() == set()


def test_of_pips_files_the_indexes_stay(machine: dict[str, str], tmp_path: Path) -> None:
    """The person's count more than the system's,
    those of `install` more than those of all commands.
    """
    write(
        tmp_path / "system/pip/pip.conf",
        """
[global]
constraint = /elsewhere/constraints.txt
index-url = https://system.example/simple
trusted-host = system.example
timeout = 60
""",
    )
    write(
        tmp_path / "home/.config/pip/pip.conf",
        """
[global]
user = true
index_url = https://person.example/simple
find-links =
  /wheels
  /more
[install]
timeout = 90
no-deps = true
[download]
timeout = 5
""",
    )
    environ = given(machine)
    assert {name: value for name, value in environ.items() if name.startswith("PIP_")} == {
        "PIP_INDEX_URL": "https://person.example/simple",
        "PIP_TRUSTED_HOST": "system.example",
        "PIP_FIND_LINKS": "/wheels /more",
        "PIP_TIMEOUT": "90",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def test_a_variable_counts_more_than_a_file_unless_it_is_empty(
    machine: dict[str, str], tmp_path: Path
) -> None:
    """As pip itself has it; the file that PIP_CONFIG_FILE names takes the place of the person's."""
    write(
        tmp_path / "named.conf",
        "[global]\nindex-url = https://named.example\nproxy = http://named.example\n",
    )
    write(
        tmp_path / "home/.pip/pip.conf",
        "[global]\nindex-url = https://person.example\nretries = 9\n",
    )
    environ = given(
        machine
        | {
            "PIP_INDEX_URL": "",
            "PIP_PROXY": "http://p",
            "PIP_CONFIG_FILE": f"{tmp_path}/named.conf",
        }
    )
    assert environ["PIP_INDEX_URL"] == "https://named.example"
    assert environ["PIP_PROXY"] == "http://p"
    assert "PIP_RETRIES" not in environ


def test_who_wants_no_file_of_pips_gets_none(machine: dict[str, str], tmp_path: Path) -> None:
    """PIP_CONFIG_FILE=/dev/null says so."""
    write(tmp_path / "home/.pip/pip.conf", "[global]\nindex-url = https://person.example\n")
    assert "PIP_INDEX_URL" not in given(machine | {"PIP_CONFIG_FILE": os.devnull})


def test_of_uvs_files_the_certificates_stay(machine: dict[str, str], tmp_path: Path) -> None:
    """A company's proxy signs with its own;
    what uv would resolve otherwise or refuse stays outside.
    """
    write(
        tmp_path / "home/.config/uv/uv.toml",
        """
native-tls = true
allow-insecure-host = ["one.example", "two.example"]
required-version = "==0.1"
""",
    )
    environ = given(machine)
    assert environ["UV_NATIVE_TLS"] == "true"
    assert environ["UV_INSECURE_HOST"] == "one.example two.example"
    assert environ["UV_NO_CONFIG"] == "1"


@pytest.mark.parametrize(
    ("path", "content"),
    [("pip/pip.conf", "index-url = x"), ("uv/uv.toml", "native-tls"), ("pip/pip.conf", "[a]\n[a]")],
)
def test_a_broken_configuration_file_is_named(
    machine: dict[str, str], tmp_path: Path, path: str, content: str
) -> None:
    """Before anything is installed without what it says."""
    write(tmp_path / "system" / path, content)
    with pytest.raises(
        SetUpFailed, match=rf"configuration file {tmp_path}/system/{path} cannot be read"
    ):
        given(machine)


def test_uv_has_a_cache_where_the_person_has_no_home(
    machine: dict[str, str], tmp_path: Path
) -> None:
    """Where there is one it stays the person's, shared by every checkout."""
    assert "UV_CACHE_DIR" not in given(machine)
    write(tmp_path / "no-folder", "")
    assert given(machine | {"HOME": f"{tmp_path}/no-folder/home"})["UV_CACHE_DIR"] == "/spare"
