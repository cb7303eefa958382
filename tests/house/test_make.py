"""The verbs that no other test goes through."""

import shutil
import subprocess
from pathlib import Path

import pytest

from warmline.kernel.env import REPOSITORY


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile, and the environment of a set-up that was interrupted:
    it imports nothing.
    """
    folder = tmp_path / "checkout"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(REPOSITORY / "Makefile", folder)
    (folder / ".venv" / "bin" / "python").symlink_to("/bin/false")
    return folder


def make(checkout: Path, *words: str, **environ: str) -> None:
    subprocess.run(
        ["make", *words],
        cwd=checkout,
        env={"PATH": "/usr/bin:/bin", **environ},
        timeout=30,
        check=True,
    )


def test_an_interrupted_set_up_can_be_cleaned_away(checkout: Path) -> None:
    """Nothing can be asked of its environment, which is the reason to remove it."""
    (checkout / ".warmline" / "engine").mkdir(parents=True)
    make(checkout, "clean")
    assert sorted(path.name for path in checkout.iterdir()) == ["Makefile"]


def test_cleaning_a_home_elsewhere_leaves_what_is_not_ours(checkout: Path) -> None:
    """WARMLINE_HOME may name a folder with other things in it;
    and the default home is then not the one in use.
    """
    home = checkout.with_name("some home")
    for folder in (home / "state" / "postgres", home / "photographs", checkout / ".warmline"):
        folder.mkdir(parents=True)
    make(checkout, "clean", f"WARMLINE_HOME={home}")
    assert [path.name for path in home.iterdir()] == ["photographs"]
    assert (checkout / ".warmline").is_dir()


def test_cleaning_goes_where_it_was_sent_whatever_the_shell_knows(checkout: Path) -> None:
    """CDPATH sends `cd state` to the folder of that name which its owner visits most."""
    visited = checkout.with_name("visited") / "state" / "logs"
    ours = checkout / "state" / "logs"
    for folder in (visited, ours):
        folder.mkdir(parents=True)
    make(checkout, "clean", "WARMLINE_HOME=state", CDPATH=str(visited.parents[1]))
    assert visited.is_dir()
    assert not ours.exists()


def test_our_programs_get_nothing_of_what_is_set_for_other_python_programs(checkout: Path) -> None:
    """Neither a path that hides our modules nor a text encoding;
    whether to leave bytecode is the person's choice.
    """
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text(f'#!/bin/sh\nenv > "{checkout}/environment"\n', encoding="utf-8")
    python.chmod(0o755)
    others = {
        "PYTHONPATH": "/elsewhere",
        "PYTHONHOME": "/elsewhere",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "0",
    }
    make(checkout, "shell", "PYTHON=true", PYTHONDONTWRITEBYTECODE="1", **others)
    given = (checkout / "environment").read_text(encoding="utf-8").splitlines()
    assert {line for line in given if line.startswith("PYTHON")} == {
        "PYTHONUTF8=1", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1",
    }  # fmt: skip
