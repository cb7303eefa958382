"""Every command of a company: with another's ids it shows and changes nothing of it."""

import argparse
import io
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.management.tenant_command import TenantCommand
from tests.isolation.canaries import canary_in, digests, planted_canaries
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]

# Commands that are about no one company, or name theirs themselves, and why.
OF_OPERATORS: Final = {
    "account_unsetmultipleprimaryemails": "allauth's, about people",
    "add_pool": "pools belong to no tenant",
    "add_region": "regions belong to no tenant",
    "backup": "the whole installation",
    "bootstrap_roles": "the server's roles",
    "change_company": "the company that its slug names",
    "changepassword": "people",
    "check_isolation": "the catalogue",
    "coldstart": "pools belong to no tenant",
    "create_company": "the company that it makes",
    "generateschema": "Django REST framework's, the code",
    "ledger": "pools belong to no tenant",
    "list_companies": "the list of companies is the operator's",
    "migrate": "the schema",
    "parked_tasks": "jobs of all companies, by their names",
    "place_call": "a caller on this machine",
    "pools": "pools belong to no tenant",
    "record_calls": "the recorder: each event's own tenant",
    "reopen_company": "the company that its slug names",
    "reseal": "each company's own secrets",
    "restore": "the whole installation",
    "resume_company": "the company that its slug names",
    "run_demo": "this machine's demo",
    "runworker": "Channels', consumers without a page",
    "seed_demo": "this machine's demo",
    "send_webhooks": "the sender: each delivery's own tenant",
    "set_pool": "pools belong to no tenant",
    "show_company": "the company that its slug names",
    "simulate": "arrivals in a file",
    "spectacular": "drf-spectacular's, the code",
    "suspend_company": "the company that its slug names",
    "watch_calls": "this machine's demo",
}
# What an argument may say that names nothing of a company's.
PLAIN: Final = {
    "address_id": "AD1",
    "area_code": "212",
    "audience": "caller",
    "bundle_id": "BU1",
    "closed_words": "We are closed.",
    "contains": "555",
    "country": "US",
    "days": "30",
    "description": "words",
    "end_reason": "caller_hung_up",
    "event_types": "call.ended",
    "events": "call.ended",
    "human_number": "+12125550188",
    "limit": "100",
    "max_seconds": "9999",
    "min_seconds": "0",
    "mode": "live",
    "note": "words",
    "origins": "https://app.example.com",
    "outcome": "booked",
    "overlap_hours": "1",
    "question": "What does it cost?",
    "role": "viewer",
    "said": "harbour",
    "scopes": "calls.read",
    "since": "1900-01-01T00:00:00Z",
    "state": "ended",
    "title": "Harbour",
    "tool": "book_visit",
    "until": "2100-01-01T00:00:00Z",
    "url": "https://hooks.example.com/",
    "which": "live",
}
NUMBER, CALLER, EMAIL = "+12125550999", "+16175550111", "member@lakeside.example"
# What the other's rows are called, where a command asks for a name in place of an id.
NAMED: Final = {
    "telephony_number": f"e164 = '{NUMBER}'",
    "telephony_call": f"from_number = '{CALLER}', to_number = '{NUMBER}'",
    "agents_agent": "name = 'Harbour', archived_at = NULL",
    "rag_collection": "name = 'Tides'",
}
# Of a company's commands those that show it its own, and those that change it.
SHOWN: Final = {
    "list_agents",
    "list_api_keys",
    "list_calls",
    "list_collections",
    "list_documents",
}
CHANGED: Final = {
    "add_document",
    "create_api_key",
    "create_webhook",
    "erase_caller",
    "remove_member",
}
OTHERS: Final = ("version", "verbosity", "settings", "pythonpath", "traceback", "no_color")
ALWAYS: Final = {*OTHERS, "force_color", "skip_checks", "help", "json", "tenant"}


def our_commands() -> dict[str, Any]:
    """By name: those of installed apps, Django's own left out."""
    return {
        name: load_command_class(app, name)
        for name, app in get_commands().items()
        if not app.startswith("django.")
    }


COMMANDS: Final = {
    name: command for name, command in our_commands().items() if isinstance(command, TenantCommand)
}


@dataclass(frozen=True, slots=True)
class World:
    """A company that asks, and what the other's things are called."""

    own: str
    other: TenantId
    values: Mapping[str, str]
    superuser: psycopg.Connection

    def calls_of(self, command: TenantCommand) -> Iterator[list[str]]:
        """With what it must be given, and then with each thing more that it may be given."""
        actions = [a for a in arguments(command) if a.dest not in self.values or a.required]
        needed = [word for action in actions if action.required for word in self._words(action)]
        yield needed
        for action in arguments(command):
            if not action.required:
                yield [*needed, *self._words(action)]

    def _words(self, action: argparse.Action) -> list[str]:
        if action.nargs == 0:
            return [action.option_strings[0]]
        value = str(self.value(action))
        return [f"{action.option_strings[0]}={value}"] if action.option_strings else [value]

    def value(self, action: argparse.Action) -> str:
        """What is given for it: the other's, where it could be."""
        if action.dest in self.values:
            return self.values[action.dest]
        return str(next(iter(action.choices))) if action.choices else PLAIN[action.dest]


def arguments(command: TenantCommand) -> list[argparse.Action]:
    """Those of a command's own."""
    parser = command.create_parser("manage.py", "command")
    return [action for action in parser._actions if action.dest not in ALWAYS]


@pytest.fixture
def world(
    rivertown: TenantId,
    lakeside: TenantId,
    superuser: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """Rivertown has nothing; lakeside a canary in every table."""
    monkeypatch.setattr("sys.stdin", io.StringIO("a carrier's token\n"))
    (tmp_path / "words.txt").write_text("We open at eight.", encoding="utf-8")
    (tmp_path / "agent.yaml").write_text("name: Harbour\n", encoding="utf-8")
    with planted_canaries(lakeside) as ids:
        with as_tenant(lakeside):
            add_member(create_user(EMAIL, password="a long enough one"), role="viewer")
        for table, said in NAMED.items():
            statement = f"UPDATE {table} SET {said} WHERE id = %s"
            superuser.execute(statement, ids[table])
        files = {"what": tmp_path / "words.txt", "file": tmp_path / "agent.yaml"}
        files["hours"] = files["file"]
        values = {**named(ids), **{name: str(path) for name, path in files.items()}}
        yield World("rivertown", lakeside, values, superuser)


def named(ids: Mapping[str, list[UUID]]) -> dict[str, str]:
    """By argument, what it would say to name something of the other's."""
    of_table = {
        "account": "telephony_carrieraccount",
        "call": "telephony_call",
        "deliveries": "webhooks_endpoint",
        "document": "rag_document",
        "endpoint": "webhooks_endpoint",
        "key_id": "tenants_apikey",
        "version": "agents_agentversion",
        "view": "telephony_savedview",
    }
    names = {
        "account_sid": "AC" + "1" * 32,
        "agent": "Harbour",
        "collection": "Tides",
        "e164": NUMBER,
        "email": EMAIL,
        "from_number": CALLER,
        "name": "Harbour",
        "number": CALLER,
        "reference": "7777",
        "to_number": NUMBER,
    }
    return {**names, **{name: str(ids[table][0]) for name, table in of_table.items()}}


def ran(name: str, words: list[str], *, tenant: str) -> str:
    """All that a command says, refusals too."""
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        try:
            call_command(name, *words, "--tenant", tenant, stdout=output, stderr=errors)
        except CommandError as error:
            errors.write(str(error))
    return output.getvalue() + errors.getvalue()


def test_every_command_is_a_companys_or_says_why_not(world: World) -> None:
    """And what its arguments could name of another's is known here."""
    assert our_commands().keys() - COMMANDS.keys() == set(OF_OPERATORS)
    for name, command in COMMANDS.items():
        for action in arguments(command):
            known = action.nargs == 0 or action.choices or action.dest in {*PLAIN, *world.values}
            assert known, (name, action.dest)


def test_no_command_shows_or_changes_anothers(world: World) -> None:
    """Whatever of the other's is named to it."""
    before = digests(world.superuser, world.other)
    for name, command in COMMANDS.items():
        for words in world.calls_of(command):
            told = ran(name, words, tenant=world.own)
            assert canary_in(told) is None, (name, words, told)
        assert digests(world.superuser, world.other) == before, name


def test_the_same_commands_work_for_the_other(world: World) -> None:
    """Else the test before would prove nothing."""
    for name in sorted(SHOWN | CHANGED):
        before = digests(world.superuser, world.other)
        told = ran(name, next(world.calls_of(COMMANDS[name])), tenant="lakeside")
        assert name not in SHOWN or canary_in(told), (name, told)
        assert name not in CHANGED or digests(world.superuser, world.other) != before, (name, told)
