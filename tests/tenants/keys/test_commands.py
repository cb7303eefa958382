"""API keys at the command line."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tenants.keys.conftest import api
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(rivertown: TenantId, capsys: pytest.CaptureFixture[str]) -> Any:
    """A command of that company, and what it prints."""

    def command(called: str, /, *args: str, **options: Any) -> str:
        call_command(called, *args, tenant="rivertown", **options)
        return capsys.readouterr().out

    return command


def test_a_key_lives_at_the_command_line(run: Any) -> None:
    """Made, listed, replaced, revoked."""
    secret = run("create_api_key", name="CRM", role="admin", days=90).strip()
    assert api(secret).get("/api/v1/keys").status_code == 200
    (listed,) = json.loads(run("list_api_keys", json=True))
    assert (listed["name"], listed["state"]) == ("CRM", "live")
    assert f"wl_{listed['prefix']}_…" in run("list_api_keys")
    new = run("rotate_api_key", listed["id"], overlap_hours=1).strip()
    assert api(new).get("/api/v1/keys").status_code == api(secret).get("/api/v1/keys").status_code
    assert "state: revoked" in run("revoke_api_key", listed["id"])
    assert api(secret).get("/api/v1/keys").status_code == 401


def test_a_key_reads_as_a_viewer_unless_it_is_told_more(run: Any) -> None:
    """Or has the scopes that are named."""
    secret = run("create_api_key", name="CRM").strip()
    assert api(secret).get("/api/v1/calls").status_code == 200
    assert api(secret).get("/api/v1/keys").status_code == 403
    made = run("create_api_key", name="keys", scopes=["keys.read"]).strip()
    assert api(made).get("/api/v1/keys").status_code == 200


@pytest.mark.parametrize(
    ("name", "args", "sentence"),
    [
        ("revoke_api_key", ["nonsense"], "expected its id"),
        ("rotate_api_key", ["00000000-0000-7000-8000-000000000000"], "no live API key"),
    ],
)
def test_a_refusal_is_one_sentence(name: str, args: list[str], sentence: str, run: Any) -> None:
    """On standard error."""
    with pytest.raises(CommandError, match=sentence):
        run(name, *args)
