"""Every border between the parts is broken once in a copy of the tree; the checker must say so."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = (
    "platform/warmline",
    "platform/agents",
    "platform/verticals",
    "platform/shadow",
    "platform/dashboard",
    "platform/programs",
    "tenants",
    "inference",
    "rag",
    "telephony",
)

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
# The wiring's module that imports every app's models.
IMPORTS_MODELS = "platform/warmline/health.py"


def contracts() -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        s.removeprefix(prefix): parser[s]["name"] for s in parser.sections() if s.startswith(prefix)
    }


@pytest.fixture(scope="module")
def broken_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with every forbidden import in it."""
    copy = tmp_path_factory.mktemp("tree")
    for root in ROOTS:
        ignored = shutil.ignore_patterns("__pycache__", "frontdesk")
        shutil.copytree(REPOSITORY / root, copy / root, ignore=ignored)
    shutil.copy(REPOSITORY / ".importlinter", copy)
    breaks = [*BREAKS.values(), *((IMPORTS_MODELS, f"import {name}") for name in model_modules())]
    for path, line in breaks:
        with (copy / path).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    return copy


@pytest.fixture(scope="module")
def report(broken_tree: Path) -> str:
    """What the checker says of them all, asked once: every contract reads the same imports."""
    script = (
        "import sys; sys.path[:0] = ['.', 'platform']; "
        "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=broken_tree,
        env={**os.environ, "COLUMNS": "300"},  # names are not wrapped
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return answer.stdout


def part_about(contract: str, report: str) -> str:
    """The report's part on one broken contract: from its underlined name to the next one."""
    name = contracts()[contract]
    assert f"{name} BROKEN" in report
    part = report.split(f"\n{name}\n{'-' * len(name)}\n")[1]
    return re.split(r"\n.+\n-{5,}\n", part)[0]


def as_reported(path: str, imported: str) -> str:
    """An import as the checker writes it: of an external package the root alone."""
    importer = path.removeprefix("platform/").removesuffix(".py").replace("/", ".")
    root = imported.split(".", maxsplit=1)[0]
    ours = {Path(place).name for place in ROOTS}
    return f"{importer} -> {imported if root in ours else root} (l."


def model_modules() -> list[str]:
    """Every module of models, by its dotted name."""
    roots = [REPOSITORY / root for root in ROOTS]
    return [
        ".".join(path.relative_to(root.parent).with_suffix("").parts)
        for root in roots
        for path in sorted(root.rglob("models.py"))
    ]


def test_every_contract_is_broken_once_here() -> None:
    """A contract that nobody has seen fail may be checking nothing."""
    assert set(BREAKS) == set(contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_border_is_reported(contract: str, report: str) -> None:
    """The checker names this contract as broken, by the forbidden import put there for it."""
    path, line = BREAKS[contract]
    assert as_reported(path, line.removeprefix("import ")) in part_about(contract, report)


def test_each_apps_models_are_closed_to_everybody_else(report: str) -> None:
    """The one contract about models holds for all: imported by the wiring, each is reported."""
    modules, part = model_modules(), part_about("models", report)
    assert len(modules) >= 9
    assert [m for m in modules if as_reported(IMPORTS_MODELS, m) not in part] == []
