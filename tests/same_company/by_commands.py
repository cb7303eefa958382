"""The company set up by the operator's commands alone; the agent is a YAML file."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from tests.same_company import description as company
from tests.telephony.numbers.conftest import OWN_TOKEN


def run(name: str, *arguments: str) -> Any:
    """What a command prints for programs."""
    told = io.StringIO()
    call_command(name, *arguments, "--json", stdout=told)
    return json.loads(told.getvalue() or "null")


def founded() -> str:
    """The company with its first key, and its owner asked to come; the key's secret."""
    return str(
        run(
            *("create_company", company.SLUG, *_flags(company.FOUNDED)),
            *("--owner", company.OWNER, "--key", company.FIRST_KEY),
        )["first_key"]
    )


def set_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, people_accept: Callable[[], None]
) -> None:
    """Everything that the company decides; `people_accept` is what those do who were invited."""
    run("change_company", company.SLUG, *_flags(company.SETTINGS))
    _tell("set_business", "--hours", _file(folder, "hours.json", json.dumps(company.HOURS)))
    _people(people_accept)
    _knowledge(folder)
    wording = company.WORDING | {"agent": company.AGENT, "collections": company.KNOWS}
    file = _file(folder, "ada.yaml", yaml.safe_dump(wording))
    _tell("apply_agent", file, "--publish", "--note", company.NOTE)
    _number(folder, monkeypatch)
    webhook = company.WEBHOOK
    events = [flag for event in webhook["event_types"] for flag in ("--event", event)]
    _tell("create_webhook", webhook["url"], "--description", webhook["description"], *events)
    scopes = [flag for scope in company.KEY["scopes"] for flag in ("--scope", scope)]
    origins = [flag for origin in company.KEY["origins"] for flag in ("--origin", origin)]
    _tell("create_api_key", "--name", company.KEY["name"], *scopes, *origins)
    _tell("save_view", company.VIEW["name"], *_flags(company.VIEW["filters"]))


def _people(people_accept: Callable[[], None]) -> None:
    for email, role in company.INVITED.items():
        _tell("invite_member", email, "--role", role)
    people_accept()
    for email, role in company.PROMOTED.items():
        _tell("change_member", email, "--role", role)


def _knowledge(folder: Path) -> None:
    for name, text in company.COLLECTIONS.items():
        _tell("create_collection", name, "--description", text)
    for title, collection, text in company.DOCUMENTS:
        file = _file(folder, f"{title}.md", text)
        _tell("add_document", file, "--title", title, "--collection", collection)


def _number(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{OWN_TOKEN}\n"))
    account = _tell("connect_carrier", "--account-sid", company.ACCOUNT)
    _tell(
        *("add_number", company.NUMBER, "--account", account["id"], "--agent", company.AGENT),
        *("--mode", company.NUMBER_MODE, "--human-number", company.NUMBER_HUMAN),
    )
    does = company.NUMBER_DOES
    hours = _file(folder, "number.json", json.dumps(does["hours"]))
    texts = _flags({"outside": does["outside"], "closed_words": does["closed_words"]})
    _tell("change_number", company.NUMBER, "--hours", hours, *texts)


def _tell(name: str, *arguments: str) -> Any:
    return run(name, *arguments, "--tenant", company.SLUG)


def _flags(values: dict[str, str]) -> list[str]:
    return [
        part for name, value in values.items() for part in (f"--{name.replace('_', '-')}", value)
    ]


def _file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)
