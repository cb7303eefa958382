"""The folder of state: one at a time, writable, its secrets kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from warmline.embedded.credentials import credentials
from warmline.embedded.home import (
    LONGEST_RUN_FOLDER,
    AlreadyRunning,
    HomeUnusable,
    exclusive,
    open_home,
)
from warmline.kernel.supervision import exec_with_parent_command


def test_an_unwritable_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    """A disk that refuses (here: a file where a folder must be) gives one sentence and leaves
    nothing.
    """
    obstacle = tmp_path / "disk"
    obstacle.write_text("not a folder", encoding="utf-8")
    with pytest.raises(HomeUnusable, match=r"disk/home cannot be written .* set WARMLINE_HOME"):
        open_home(obstacle / "home")


def test_a_read_only_disk_is_an_unwritable_folder_too() -> None:
    """/proc takes no files from anybody, root included."""
    with pytest.raises(HomeUnusable, match="cannot be written"):
        open_home(Path("/proc/warmline"))


def test_sockets_lie_in_a_short_folder_however_deep_the_checkout(tmp_path: Path) -> None:
    """A Unix socket's path holds 107 bytes; a home of 300 still works."""
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 12)
    home = open_home(deep)
    assert len(str(home.run)) <= LONGEST_RUN_FOLDER
    assert home.control.stat().st_mode & 0o077 == 0


def test_one_home_has_one_holder(tmp_path: Path) -> None:
    """The second one is told who holds it; after the first has gone it may."""
    home = open_home(tmp_path / "home")
    with exclusive(home), pytest.raises(AlreadyRunning, match="runs here already"), exclusive(home):
        pass
    with exclusive(home):
        pass


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    """The same passwords at the next start, readable by nobody else."""
    home = open_home(tmp_path / "home")
    first = credentials(home)
    assert credentials(home) == first
    assert (home.state / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_what_callers_said_is_for_its_owner_only(tmp_path: Path) -> None:
    """The folders of state and logs, those of an earlier version too; and whatever a process that
    is started there writes.
    """
    for name in ("state", "logs"):
        (tmp_path / "home" / name).mkdir(parents=True, mode=0o755)
    home = open_home(tmp_path / "home")
    assert [folder.stat().st_mode & 0o777 for folder in (home.state, home.logs)] == [0o700, 0o700]
    script = "import pathlib; pathlib.Path('queue').mkdir(); open('queue/words', 'w').close()"
    command = exec_with_parent_command(
        home.control / "writer.json", argv=(sys.executable, "-c", script), env={}, cwd=home.state
    )
    subprocess.run(command, check=True, timeout=60)
    written = (home.state / "queue", home.state / "queue" / "words")
    assert [path.stat().st_mode & 0o077 for path in written] == [0, 0]


def test_damaged_secrets_are_a_sentence_not_a_new_identity(tmp_path: Path) -> None:
    """New passwords would lock out of the databases that the old ones made."""
    home = open_home(tmp_path / "home")
    credentials(home)
    (home.state / "secrets.json").write_text("{", encoding="utf-8")
    with pytest.raises(HomeUnusable, match=r"secrets\.json cannot be used"):
        credentials(home)
