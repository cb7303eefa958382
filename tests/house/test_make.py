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


def clean(checkout: Path, **variables: str) -> None:
    subprocess.run(
        ["make", "clean", *(f"{name}={value}" for name, value in variables.items())],
        cwd=checkout, env={"PATH": "/usr/bin:/bin"}, timeout=30, check=True,
    )  # fmt: skip


def test_an_interrupted_set_up_can_be_cleaned_away(checkout: Path) -> None:
    """Nothing can be asked of its environment, which is the reason to remove it."""
    (checkout / ".warmline" / "engine").mkdir(parents=True)
    clean(checkout)
    assert sorted(path.name for path in checkout.iterdir()) == ["Makefile"]


def test_cleaning_a_home_elsewhere_leaves_what_is_not_ours(checkout: Path) -> None:
    """WARMLINE_HOME may name a folder with other things in it;
    and the default home is then not the one in use.
    """
    home = checkout.with_name("some home")
    for folder in (home / "state" / "postgres", home / "photographs", checkout / ".warmline"):
        folder.mkdir(parents=True)
    clean(checkout, WARMLINE_HOME=str(home))
    assert [path.name for path in home.iterdir()] == ["photographs"]
    assert (checkout / ".warmline").is_dir()
