"""The same by commands: for operators, with one clear line where something is refused."""

import io
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from tests.fakes.twilio_api.server import TwilioApi
from tests.telephony.numbers.conftest import FREE, OWN_NUMBER, OWN_SID, OWN_TOKEN
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> Any:
    """What a command prints as JSON."""
    told = io.StringIO()
    call_command(name, *arguments, "--tenant", "harbour", "--json", stdout=told)
    return json.loads(told.getvalue())


def test_a_number_is_set_up_by_commands_alone(
    twilio: TwilioApi,
    harbour: TenantId,
    agent_id: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The token comes by a pipe: no command line keeps it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{OWN_TOKEN}\n"))
    account = run("connect_carrier", "--account-sid", OWN_SID)
    assert account["account_id"] == OWN_SID
    assert [number["e164"] for number in run("search_numbers", "--contains", "0143")] == [FREE]
    assert run("buy_number", FREE, "--agent", "Ada")["agent_id"] == str(agent_id)
    hours = tmp_path / "hours.json"
    hours.write_text(
        '{"hours": [{"days": [0], "begins": "08:00", "ends": "18:00"}]}', encoding="utf-8"
    )
    changed = run("change_number", FREE, "--outside", "message", "--hours", str(hours))
    assert (changed["outside"], changed["hours"]["hours"]) == (
        "message",
        [{"days": [0], "begins": "08:00", "ends": "18:00"}],
    )
    assert run("add_number", OWN_NUMBER, "--account", account["id"])["is_bought"] is False
    assert [number["e164"] for number in run("list_numbers")] == [OWN_NUMBER, FREE]
    assert run("release_number", FREE)["state"] == "released"
    assert run("release_number", OWN_NUMBER)["state"] == "removed"
    assert twilio.number(FREE) is None
    assert twilio.number(OWN_NUMBER) is not None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("buy_number", FREE), "run connect_carrier first"),
        (("add_number", "911"), "never dialled"),
        (("add_number", FREE, "--agent", "Nobody"), "no agent is called"),
        (("change_number", FREE, "--outside", "agent"), "no number"),
        (("check_number", FREE), "no number"),
    ],
)
def test_a_refusal_is_one_line(harbour: TenantId, arguments: tuple[str, ...], told: str) -> None:
    """And exit status 2."""
    with pytest.raises(CommandError, match=told) as refused:
        run(*arguments)
    assert (refused.value.returncode, "\n" in str(refused.value)) == (2, False)


def test_an_operator_vouches_for_a_number(harbour: TenantId) -> None:
    """Of the account that the platform answers for."""
    added = run("add_number", FREE)
    assert (added["carrier_account_id"], added["e164"]) == (None, FREE)
    assert run("change_number", FREE, "--human-number", "+442079460018")["human_number"] == (
        "+442079460018"
    )
