"""Every border between the parts is broken once in a copy of the tree, and the checker must say so."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = ("platform/warmline", "platform/agents", "platform/verticals", "platform/shadow", "platform/dashboard",
         "tenants", "inference", "rag", "telephony")  # fmt: skip

# The contract's name in .importlinter -> the module that breaks it, and the line that does.
BREAKS = {
    "layers": ("tenants/apps.py", "import telephony.apps"),
    "wiring": ("rag/apps.py", "import warmline.settings"),
    "media-without-django": ("telephony/media/turns.py", "import django.db"),
    "deciding": ("inference/routing.py", "import asyncio"),
    "verticals": ("platform/verticals/healthcare/apps.py", "import verticals.homeservices.apps"),
    "models-of-tenants": ("platform/agents/apps.py", "import tenants.models"),
    "models-of-inference": ("platform/agents/apps.py", "import inference.models"),
    "models-of-rag": ("platform/agents/apps.py", "import rag.models"),
    "models-of-verticals-homeservices": ("platform/agents/apps.py", "import verticals.homeservices.models"),
    "models-of-verticals-healthcare": ("platform/agents/apps.py", "import verticals.healthcare.models"),
    "models-of-agents": ("telephony/apps.py", "import agents.models"),
    "models-of-telephony": ("platform/shadow/apps.py", "import telephony.models"),
    "models-of-shadow": ("platform/dashboard/apps.py", "import shadow.models"),
}


def contracts() -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter")
    prefix = "importlinter:contract:"
    return {s.removeprefix(prefix): parser[s]["name"] for s in parser.sections() if s.startswith(prefix)}


@pytest.fixture(scope="module")
def broken_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with every forbidden import in it."""
    copy = tmp_path_factory.mktemp("tree")
    for root in ROOTS:
        ignored = shutil.ignore_patterns("__pycache__", "frontdesk")
        shutil.copytree(REPOSITORY / root, copy / root, ignore=ignored)
    shutil.copy(REPOSITORY / ".importlinter", copy)
    for name, line in BREAKS.values():
        with (copy / name).open("a") as module:
            module.write(f"\n{line}\n")
    return copy


@pytest.fixture(scope="module")
def report(broken_tree: Path) -> str:
    """What the checker says of them all, read once: the graph of imports is the same for every contract."""
    script = (
        "import sys; sys.path[:0] = ['.', 'platform']; "
        "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=broken_tree, env={**os.environ, "COLUMNS": "300"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return answer.stdout


def said_of(contract: str, report: str) -> str:
    """The report's part on one broken contract: from its underlined name to the next one."""
    name = contracts()[contract]
    assert f"{name} BROKEN" in report
    return re.split(r"\n.+\n-{5,}\n", report.split(f"\n{name}\n{'-' * len(name)}\n")[1])[0]


def forbidden_import(contract: str) -> str:
    """The import that breaks the contract, as the checker writes it: of an external package the root alone."""
    path, line = BREAKS[contract]
    importer = path.removeprefix("platform/").removesuffix(".py").replace("/", ".")
    imported = line.removeprefix("import ")
    ours = {Path(root).name for root in ROOTS}
    root = imported.split(".")[0]
    return f"{importer} -> {imported if root in ours else root} (l."


def test_every_contract_is_broken_once_here() -> None:
    """A contract that nobody has seen fail may be checking nothing."""
    assert set(BREAKS) == set(contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_border_is_reported(contract: str, report: str) -> None:
    """The checker names this contract as broken, by the forbidden import that was put there for it."""
    assert forbidden_import(contract) in said_of(contract, report)
