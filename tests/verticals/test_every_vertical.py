"""Every vertical's folder takes calls, and a folder copied under a new name is one more."""

import os
import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command

from agents.actions import set_business
from agents.registry import vertical as vertical_of
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tests.agents.conftest import Calling, ask
from tests.telephony.conftest import (  # noqa: F401  fixtures among them
    PLUMBER,
    US,
    Carrier,
    _regions_are_awake,
    carrier,
    give_number,
    ringing,
    warm_regions,
)
from tests.telephony.control.test_answering import answer, parameters, plan
from verticals import discovery
from verticals.booking.queries import bookings_of_call
from warmline.kernel.ids import CallId
from warmline.kernel.vertical import Tool, Vertical, schema_of

REPOSITORY = Path(__file__).resolve().parents[2]
COPY = "veterinary"
# pytest with a source root that comes before all others, also before those that the tests name.
IN_FRONT = """
import os, sys, pytest
sys.path.insert(0, os.environ.pop("PYTHONPATH"))
sys.exit(pytest.main(sys.argv[1:]))
"""
OPEN_ALL_WEEK = [(time(8), time(18))] * 7
# What a caller says for an argument; anything serves for those that are not named here.
SAID = {
    "day": "tuesday",
    "time": "ten",
    "name": "john smith",
    "reference": "four seven two",
}
ISOLATED_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = %s::regnamespace AND relrowsecurity AND relforcerowsecurity
"""


@pytest.fixture(params=discovery.installed_verticals())
def vertical(request: pytest.FixtureRequest) -> Vertical:
    """Each vertical in turn, named as its folder."""
    vertical = vertical_of(request.param)
    assert vertical.slug == request.param
    return vertical


def books(tool: Tool) -> bool:
    """Whether the tool books a time."""
    return tool.writes and {"day", "time"} <= {parameter.name for parameter in tool.parameters}


@pytest.mark.django_db
def test_its_tables_are_in_its_schema_and_isolated(
    vertical: Vertical,
    superuser: psycopg.Connection,
) -> None:
    """Its migrations make them all, and the lint finds nothing wrong with them."""
    models = apps.get_app_config(vertical.slug).get_models()
    tables = superuser.execute(ISOLATED_TABLES, [schema_of(vertical.slug)]).fetchall()
    assert {name for (name,) in tables} == {model._meta.db_table for model in models} != set()
    call_command("makemigrations", vertical.slug, check=True, dry_run=True, verbosity=0)
    call_command("check_isolation")


@pytest.mark.django_db
def test_its_agent_takes_a_call_and_its_tools_answer(
    vertical: Vertical,
    carrier: Carrier,
    warm_regions: None,
) -> None:
    """The carrier rings, the plan speaks of this vertical, and what is booked is its own row."""
    tenant_id = create_tenant("rivertown", name="Rivertown", vertical=vertical.slug).tenant_id
    give_number(tenant_id, PLUMBER)
    with as_tenant(tenant_id):
        set_business(OPEN_ALL_WEEK)
    call_id = CallId(parameters(answer(carrier, ringing()))["call"])
    laid = plan(US, call_id)
    assert (laid.vertical, laid.agent.tools) == (vertical.slug, vertical.tools)
    assert f"the receptionist at Rivertown, {vertical.business_kind}." in laid.agent.prompt

    call = Calling(tenant_id, "", call_id, laid.token)
    for tool in vertical.tools:
        arguments = {p.name: SAID.get(p.name, "the usual") for p in tool.parameters}
        status, body = ask(call, tool.name, arguments, tool_call_id=tool.name)
        assert (status, body["result"]["status"] == "error") == (200, False), (tool.name, body)
    with as_tenant(tenant_id):
        assert len(bookings_of_call(call_id)) == sum(books(tool) for tool in vertical.tools)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A source root in which the health care folder stands a second time, as another vertical."""
    verticals = Path(discovery.__file__).parent
    shutil.copytree(verticals, tmp_path / "verticals", ignore=shutil.ignore_patterns("__pycache__"))
    copy = tmp_path / "verticals" / COPY
    shutil.copytree(tmp_path / "verticals" / "healthcare", copy)
    for path in copy.rglob("*.py"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("healthcare", COPY), encoding="utf-8"
        )
    return tmp_path


def run(source_root: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A program of this environment that finds `verticals` in that source root, all else here."""
    inherited = {name: at for name, at in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *command],
        env=inherited | {"PYTHONPATH": str(source_root)},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=150,
        check=False,
    )


def test_a_copied_and_renamed_folder_takes_a_call(copied: Path) -> None:
    """The stories above hold for it, on a database of its own, and nothing else was edited."""
    arguments = ("-o", "pythonpath=", "-k", COPY, str(Path(__file__).relative_to(REPOSITORY)))
    stories = run(copied, "-c", IN_FRONT, *arguments, cwd=REPOSITORY)
    assert stories.returncode == 0, stories.stdout + stories.stderr
    assert "2 passed" in stories.stdout


def test_the_borders_hold_for_a_copied_folder(copied: Path) -> None:
    """Nothing is listed for it, and it may know no other vertical and be known by none."""
    script = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(sys.argv[1]))"
    lint = ("-c", script, str(REPOSITORY / ".importlinter"))
    kept = run(copied, *lint, cwd=copied)
    assert kept.returncode == 0, kept.stdout + kept.stderr

    for module, line in (
        (f"{COPY}/tools.py", "import verticals.healthcare.models"),
        ("booking/slots.py", f"import verticals.{COPY}.models"),
    ):
        with (copied / "verticals" / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    broken = run(copied, *lint, cwd=copied)
    assert broken.returncode == 1
    assert f"verticals.{COPY} is not allowed to import verticals.healthcare" in broken.stdout
    assert f"verticals.booking is not allowed to import verticals.{COPY}" in broken.stdout
