"""Every border between the parts is broken once in a copy of the tree; the checker must say so."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = ("platform/warmline", "platform/agents", "platform/verticals", "platform/shadow", "platform/dashboard",
         "platform/programs", "tenants", "inference", "rag", "telephony")  # fmt: skip

# The contract's name in .importlinter -> the module that breaks it, and the line that does.
BREAKS = {
    "layers": ("tenants/apps.py", "import telephony.apps"),
    "wiring": ("rag/apps.py", "import warmline.settings"),
    "media-without-django": ("telephony/media/session/turn_machine.py", "import django.db"),
    "codecs-without-django": ("telephony/carriers/twilio/stream_codec.py", "import django.http"),
    "media-plane": ("telephony/control/plans.py", "import telephony.media.session.turn_machine"),
    "carriers": ("telephony/carriers/wire.py", "import telephony.carriers.twilio.stream_codec"),
    "carriers-by-registry": ("telephony/tasks.py", "import telephony.carriers.twilio.forms"),
    "deciding": ("inference/fleet/routing.py", "import asyncio"),
    "verticals": ("platform/verticals/healthcare/tools.py", "import verticals.homeservices.models"),
    "programs": (
        "platform/programs/carrier_simulator/audio.py",
        "import programs.speech_server.audio",
    ),
    "models": ("telephony/apps.py", "import agents.models"),
}


def contracts() -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        s.removeprefix(prefix): parser[s]["name"] for s in parser.sections() if s.startswith(prefix)
    }


@pytest.fixture(scope="module")
def copy_of_the_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for root in ROOTS:
        shutil.copytree(
            REPOSITORY / root,
            copy / root,
            ignore=shutil.ignore_patterns("__pycache__", "frontdesk"),
        )
    shutil.copy(REPOSITORY / ".importlinter", copy)
    return copy


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys; sys.path[:0] = ['.', 'platform']; "
        "from importlinter.cli import lint_imports_command as c; "
        f"c(['--no-cache', '--contract', {contract!r}])"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tree,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_every_contract_is_broken_once_here() -> None:
    """A contract that nobody has seen fail may be checking nothing."""
    assert set(BREAKS) == set(contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_border_is_reported(contract: str, copy_of_the_tree: Path) -> None:
    """One forbidden import, and the checker names this contract as broken."""
    name, line = BREAKS[contract]
    target = copy_of_the_tree / name
    whole = target.read_text(encoding="utf-8")
    target.write_text(f"{whole}\n{line}\n", encoding="utf-8")
    try:
        answer = lint(copy_of_the_tree, contract)
    finally:
        target.write_text(whole, encoding="utf-8")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    report = " ".join(answer.stdout.split())  # long names are wrapped
    assert f"{contracts()[contract]} BROKEN" in report


def test_each_apps_models_are_closed_to_everybody_else(copy_of_the_tree: Path) -> None:
    """The one contract about models holds for all: imported by the wiring, each is reported."""
    roots = [copy_of_the_tree / root for root in ROOTS]
    modules = [
        ".".join(path.relative_to(root.parent).with_suffix("").parts)
        for root in roots
        for path in root.rglob("models.py")
    ]
    target = copy_of_the_tree / "platform/warmline/health.py"
    whole = target.read_text(encoding="utf-8")
    target.write_text(
        "\n".join([whole, *(f"import {module}" for module in modules)]), encoding="utf-8"
    )
    try:
        answer = lint(copy_of_the_tree, "models")
    finally:
        target.write_text(whole, encoding="utf-8")
    assert len(modules) >= 9
    assert [m for m in modules if f"warmline.health -> {m} (l." not in answer.stdout] == []
