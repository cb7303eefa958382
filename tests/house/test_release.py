"""The release command, on a small repository of its own with the real git and the real uv."""

import importlib.util
import json
import shutil
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from tests import services
from warmline.kernel.env import REPOSITORY

TODAY = date(2026, 3, 1)


def load() -> ModuleType:
    """`deploy/` is no package: the program is read from its file."""
    spec = importlib.util.spec_from_file_location("release", REPOSITORY / "deploy" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


program = load()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with what a release reads and writes, committed; no Docker on its path."""
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n### Added\n- Calls are answered.\n", encoding="utf-8"
    )
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A Person")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "person@example.org")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / ".gitignore").write_text("/dist/\n/bin/\n", encoding="utf-8")
    program.git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    program.git(tmp_path, "add", "--all")
    program.git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def release(checkout: Path, version: str) -> None:
    uv = services.engine_python.parents[2] / "tools" / "bin" / "uv"
    program.release(checkout, version=version, today=TODAY, uv=str(uv))


def test_a_release_sets_the_version_everywhere_and_tags_what_has_changed(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The tag carries the notes, the bill of materials names what is shipped, the tree is clean."""
    release(checkout, "7.0.0")
    assert program.current_version(checkout) == "7.0.0"
    assert 'name = "warmline"\nversion = "7.0.0"' in (checkout / "uv.lock").read_text(
        encoding="utf-8"
    )
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased\n\n## 7.0.0 - 2026-03-01\n### Added\n- Calls are answered.\n" in changelog
    message = program.git(checkout, "tag", "--list", "--format", "%(contents)", "v7.0.0")
    assert message == "7.0.0\n\n### Added\n- Calls are answered."
    bill = json.loads((checkout / "dist" / "warmline-7.0.0.cdx.json").read_bytes())
    assert "django" in {component["name"] for component in bill["components"]}
    assert program.git(checkout, "status", "--porcelain") == ""
    assert "NO DOCKER HERE" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("version", "why"),
    [("seven", "expected MAJOR.MINOR.PATCH"), ("0.0.1", "expected one above")],
)
def test_a_version_that_cannot_follow_is_refused(checkout: Path, version: str, why: str) -> None:
    """And nothing is changed."""
    with pytest.raises(program.ReleaseRefused, match=why):
        release(checkout, version)
    assert program.git(checkout, "status", "--porcelain") == ""


def test_what_is_not_committed_or_not_told_is_not_released(checkout: Path) -> None:
    """A change in the tree, then a changelog with nothing new in it."""
    (checkout / "README.md").write_text("changed", encoding="utf-8")
    with pytest.raises(program.ReleaseRefused, match="work tree has changes"):
        release(checkout, "7.0.0")
    program.git(checkout, "checkout", "--quiet", "README.md")
    release(checkout, "7.0.0")
    with pytest.raises(program.ReleaseRefused, match="under '## Unreleased'"):
        release(checkout, "7.1.0")


def test_a_release_that_fails_half_way_leaves_the_tree_as_it_was(checkout: Path) -> None:
    """A uv that is not there: neither a commit nor a changed file."""
    with pytest.raises(OSError, match="no-such-uv"):
        program.release(checkout, version="7.0.0", today=TODAY, uv="no-such-uv")
    assert program.git(checkout, "status", "--porcelain") == ""
    assert program.git(checkout, "tag", "--list") == ""


def test_a_lock_that_names_another_project_is_refused(checkout: Path) -> None:
    """Before the version stands in the other files."""
    lock = checkout / "uv.lock"
    text = lock.read_text(encoding="utf-8").replace('name = "warmline"', 'name = "another"')
    lock.write_text(text, encoding="utf-8")
    program.git(checkout, "commit", "--quiet", "--all", "--message", "Another name")
    with pytest.raises(program.ReleaseRefused, match=r"uv.lock: expected the version once"):
        release(checkout, "7.0.0")
    assert program.git(checkout, "status", "--porcelain") == ""


def test_only_main_is_released(checkout: Path) -> None:
    """What is committed without a branch would be on none."""
    program.git(checkout, "checkout", "--quiet", "--detach")
    with pytest.raises(program.ReleaseRefused, match="main is not checked out"):
        release(checkout, "7.0.0")


def test_a_person_unknown_to_git_is_told_at_once(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after the image was built."""
    monkeypatch.setenv("GIT_COMMITTER_NAME", "")
    with pytest.raises(program.ReleaseRefused, match="does not know who you are"):
        release(checkout, "7.0.0")
