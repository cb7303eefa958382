"""Verticals are found by their folders, and a folder that can be none is refused in a sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from verticals import discovery

LOOK = "from verticals.discovery import installed_verticals; print(*installed_verticals())"
LOAD = "import django; django.setup(); import agents.registry"


@pytest.fixture
def verticals(tmp_path: Path) -> Path:
    """A copy of the verticals' folder in a source root of its own."""
    copy = tmp_path / "verticals"
    shutil.copytree(Path(discovery.__file__).parent, copy)
    return copy


def run(verticals: Path, script: str) -> subprocess.CompletedProcess[str]:
    """A script that finds `verticals` there, all else here."""
    return subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(verticals.parent)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def refusal(verticals: Path, script: str = LOOK) -> str:
    """The last line that it says."""
    refused = run(verticals, script)
    assert refused.returncode == 1, refused.stdout
    return refused.stderr.splitlines()[-1]


def test_what_tools_leave_behind_is_no_vertical(verticals: Path) -> None:
    """An editor's hidden copies, a cache, a page of notes, a folder of something else."""
    shutil.copytree(verticals / "homeservices", verticals / ".homeservices")
    shutil.copytree(verticals / "homeservices", verticals / "__pycache__", dirs_exist_ok=True)
    (verticals / "README.md").write_text("Notes.", encoding="utf-8")
    (verticals / "drafts").mkdir()
    assert run(verticals, LOOK).stdout.split() == list(discovery.installed_verticals())


@pytest.mark.parametrize(
    "name", ["pet-grooming", "PetGrooming", "2law", "homeservices copy", "class", "l" * 33]
)
def test_a_name_that_can_be_no_module_or_schema_is_refused(verticals: Path, name: str) -> None:
    """Before Django, Postgres or the first call finds it out."""
    shutil.copytree(verticals / "homeservices", verticals / name)
    assert f"{name}': expected a name" in refusal(verticals)


def test_tables_without_migrations_are_refused(verticals: Path) -> None:
    """Nothing would make them, and nothing would say so before an agent wants to book."""
    shutil.rmtree(verticals / "homeservices" / "migrations")
    assert "homeservices': its models have no migrations" in refusal(verticals)


def test_a_copy_that_keeps_its_slug_is_refused(verticals: Path) -> None:
    """Two folders would claim one vertical."""
    shutil.copytree(verticals / "homeservices", verticals / "law2")
    tools = verticals / "law2" / "tools.py"
    code = tools.read_text(encoding="utf-8").replace("verticals.homeservices", "verticals.law2")
    tools.write_text(code, encoding="utf-8")
    assert "slug is 'homeservices', expected 'law2'" in refusal(verticals, LOAD)
