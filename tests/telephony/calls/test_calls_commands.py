"""Calls at the command line: the same actions, the same refusals."""

import io
import json
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from telephony.models import Call
from tenants.context import as_tenant
from tenants.models import AuditEvent
from tests.shadow.conftest import plumber, shadowed_call  # noqa: F401  fixture
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
CALLER = "+16175550163"
NOBODYS = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def call_id(plumber: TenantId) -> UUID:
    """A shadowed call that is over."""
    return shadowed_call(plumber)


def printed(command: str, *arguments: str) -> Any:
    out = io.StringIO()
    call_command(command, "--tenant", "rivertown", *arguments, stdout=out)
    return out.getvalue()


def test_calls_are_listed_and_shown(call_id: UUID) -> None:
    """By the filters of the API; as lines, or as JSON."""
    assert str(call_id) in printed("list_calls", "--outcome", "answered_by_person")
    assert str(call_id) not in printed("list_calls", "--outcome", "missed")
    (line,) = json.loads(printed("list_calls", "--json", "--from-number", CALLER))
    assert (line["id"], line["mode"]) == (str(call_id), "shadow")
    shown = json.loads(printed("show_call", str(call_id), "--json"))
    assert shown["tools"][0]["arguments"]["day"] == "friday"


@pytest.mark.parametrize(
    ("command", "arguments", "why"),
    [
        ("list_calls", ("--outcome", "splendid"), "outcome: expected one of"),
        ("list_calls", ("--since", "yesterday"), "since: expected a time"),
        ("list_calls", ("--limit", "0"), "limit: expected 1 to 100"),
        ("show_call", (NOBODYS,), "this tenant has none of that id"),
        ("delete_call", (NOBODYS,), "this tenant has none of that id"),
        ("erase_caller", ("0163",), "number: expected a telephone number"),
        ("export_calls", ("--said", "?"), "said: expected"),
    ],
)
def test_a_refusal_is_one_line(
    call_id: UUID, command: str, arguments: tuple[str, ...], why: str
) -> None:
    """And exit status 2."""
    with pytest.raises(CommandError, match=why) as refusal:
        printed(command, *arguments)
    assert refusal.value.returncode == 2


def test_a_list_is_exported(call_id: UUID) -> None:
    """As the API's file."""
    assert json.loads(printed("export_calls"))["id"] == str(call_id)
    assert printed("export_calls", "--file", "csv").startswith("id,state,outcome,")
    assert printed("export_calls", "--mode", "live") == ""


def test_a_call_is_deleted_and_a_caller_erased(
    plumber: TenantId,
    call_id: UUID,
) -> None:
    """By whoever is at the command line."""
    other = shadowed_call(plumber)
    assert "is deleted" in printed("delete_call", str(call_id))
    report = json.loads(printed("erase_caller", CALLER, "--json"))
    assert (report["state"], report["calls"]) == ("done", 1)
    with as_tenant(plumber):
        assert not Call.objects.filter(pk=other).exists()
        actors = AuditEvent.objects.filter(action="call.delete").values_list("actor", flat=True)
        assert [actor.partition(":")[0] for actor in actors] == ["command"]
