"""Agents by commands: the same actions, as lines for people and JSON for programs."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.agents.conftest import Calling

pytestmark = pytest.mark.django_db
TENANT = "--tenant=rivertown"


def run(*arguments: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def told(*arguments: str) -> Any:
    """What a command prints for programs."""
    return json.loads(run(*arguments, "--json"))


def test_an_agent_lives_in_git(plumber: Calling, tmp_path: Path) -> None:
    """Exported, changed, looked at, applied, and the second time nothing is left to do."""
    file = tmp_path / "anna.yaml"
    file.write_text(run("export_agent", TENANT, "Anna"), encoding="utf-8")
    assert told("apply_agent", TENANT, str(file), "--publish")["changes"] == []
    file.write_text(
        file.read_text(encoding="utf-8").replace("Thanks for calling.", "Thanks for ringing us."),
        encoding="utf-8",
    )
    shown = run("apply_agent", TENANT, str(file), "--publish", "--dry-run")
    assert "agent Anna: 1 fields would change" in shown
    assert "  - calling" in shown
    assert "  + ringing us" in shown
    assert told("show_agent", TENANT, "Anna")["agent"]["live_version"] == 1
    applied = told("apply_agent", TENANT, str(file), "--publish", "--note=Nicer")
    assert (applied["version"], len(applied["changes"])) == (2, 1)
    assert told("apply_agent", TENANT, str(file), "--publish")["version"] == 2
    newest = told("show_agent", TENANT, "Anna")["versions"][0]
    assert (newest["number"], newest["note"], newest["made_by"]) == (2, "Nicer", "command line")


def test_a_file_without_publish_is_a_draft(plumber: Calling, tmp_path: Path) -> None:
    """Callers hear nothing of it yet."""
    file = tmp_path / "ben.yaml"
    file.write_text("agent: Ben\ngreeting: Hello, this is Ben. How can I help?\n", encoding="utf-8")
    assert "new agent Ben" in run("apply_agent", TENANT, str(file))
    agents = {agent["name"]: agent for agent in told("list_agents", TENANT)}
    assert (agents["Ben"]["live_version"], agents["Ben"]["has_draft"]) == (None, True)
    exported = run("export_agent", TENANT, "Ben", "--which=draft")
    assert "Hello, this is Ben. How can I help?" in exported


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("create_agent", "Anna"), "an agent is called 'Anna' already"),
        (("create_agent", ""), "an agent needs a name"),
        (("show_agent", "Zoe"), "no agent is called 'Zoe'"),
        (("export_agent", "Anna", "--which=shadow"), "Anna has no shadow version"),
        (("apply_agent", "/nowhere.yaml"), "/nowhere.yaml: No such file or directory"),
    ],
)
def test_a_refusal_is_one_line(plumber: Calling, arguments: tuple[str, ...], refusal: str) -> None:
    """And the exit status 2."""
    name, *rest = arguments
    with pytest.raises(CommandError) as refused:
        run(name, TENANT, *rest)
    assert (str(refused.value), refused.value.returncode) == (refusal, 2)


def test_a_file_that_is_wrong_names_its_line(plumber: Calling, tmp_path: Path) -> None:
    """Before anything is written."""
    file = tmp_path / "anna.yaml"
    file.write_text("agent: Zoe\ngreeting: Hello.\ngreting: Hi.\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 3: unknown field `greting`"):
        run("apply_agent", TENANT, str(file), "--publish")
    assert [agent["name"] for agent in told("list_agents", TENANT)] == ["Anna"]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"agent: Zoe\ngreeting: " + b"x" * 10 * 1024 * 1024, "expected at most 256 kB"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "expected UTF-8"),
        (b"PK\x03\x04", "expected no control characters"),
        (b'{"hours": [{"days": [0], "begins": "08:00", "ends": "18:00"}]}', "line 1: "),
        (b"a: &a [x, x]\nb: &b [*a, *a]\ngreeting: *b\n", "line 1: expected no anchors"),
        (b"agent: Zoe\nagent: Zoe\ngreeting: Hello.\n", "line 2: 'agent' stands twice"),
        (b"agent: Zoe\ngreeting: [Hello]\n", "line 2 in greeting: expected `str`"),
        (b"agent: Zoe\ngreeting: Hello.\ntools: [fly]\n", "no tool fly: expected some of"),
        (b"agent: Zoe\ngreeting: Hello.\ncollections: [Prices]\n", "(none yet)"),
        (b"", "line 1: expected fields of an agent"),
    ],
    ids=("10 MB", "PDF", "zip", "hours", "bomb", "twice", "type", "tool", "collection", "empty"),
)
def test_a_file_that_is_no_agents_is_refused_and_nothing_is_done(
    plumber: Calling, tmp_path: Path, content: bytes, refusal: str
) -> None:
    """In one line with what to do, as a draft and live."""
    file = tmp_path / "zoe.yaml"
    file.write_bytes(content)
    for how in ([], ["--publish"], ["--dry-run"]):
        with pytest.raises(CommandError) as refused:
            run("apply_agent", TENANT, str(file), *how)
        assert refusal in str(refused.value)
        assert (refused.value.returncode, "\n" in str(refused.value)) == (2, False)
    assert [agent["name"] for agent in told("list_agents", TENANT)] == ["Anna"]


def test_a_new_agent_has_its_verticals_words(plumber: Calling) -> None:
    """As by the API."""
    assert told("create_agent", TENANT, "Ben")["name"] == "Ben"
    assert "this is Ben. How can I help?" in run("export_agent", TENANT, "Ben", "--which=draft")


def test_hours_that_are_shown_can_be_set(plumber: Calling, tmp_path: Path) -> None:
    """The one is the other's file."""
    file = tmp_path / "hours.json"
    file.write_text(run("show_business", TENANT, "--json"), encoding="utf-8")
    assert "open on 5 days a week" in run("set_business", TENANT, f"--hours={file}")
    assert json.loads(file.read_text(encoding="utf-8")) == told("show_business", TENANT)
