"""Webhooks by commands: the same actions, told as text or JSON."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Thread
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tenants.context import as_tenant
from tenants.webhooks import queries
from tenants.webhooks.announcing import announce
from tenants.webhooks.management.commands import test_webhook
from tenants.webhooks.types import EventType
from tests.tenants.webhooks.conftest import send_all
from tests.tenants.webhooks.receiver import Receiver
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def told(name: str, *arguments: object, **options: Any) -> Any:
    """What the command prints, as JSON."""
    output = StringIO()
    call_command(
        name, *map(str, arguments), tenant="rivertown", json=True, stdout=output, **options
    )
    return msgspec.json.decode(output.getvalue())


def test_an_endpoint_is_made_tested_listed_and_replayed(
    rivertown: TenantId, receiver: Receiver
) -> None:
    """As by the API; a test waits for its answer."""
    made = told("create_webhook", receiver.url, description="CRM", events=["call.ended"])
    assert made["secret"].startswith("whsec_")
    with as_tenant(rivertown):
        queries.endpoint(made["id"])
        announce(EventType.CALL_ENDED, {})
    send_all(rivertown)

    def send_meanwhile() -> None:
        while len(receiver.received) < 2:
            send_all(rivertown)
        connections.close_all()

    sender = Thread(target=send_meanwhile)
    sender.start()
    tested = told("test_webhook", made["id"])
    sender.join(30)
    assert (tested["state"], tested["tries"][0]["status"]) == ("delivered", 204)
    (listed,) = told("list_webhooks")
    assert {**listed, "secret": made["secret"]} == made
    assert len(told("list_webhooks", deliveries=made["id"])) == 2
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert told("replay_webhooks", made["id"], since=an_hour_ago) == {"deliveries": 1}


def test_what_cannot_be_done_is_told_in_a_sentence(
    rivertown: TenantId, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exit status 2, nothing half done."""
    with pytest.raises(CommandError, match="expected an https address") as refusal:
        told("create_webhook", "http://hooks.example.com/")
    assert refusal.value.returncode == 2
    made = told("create_webhook", receiver.url)
    monkeypatch.setattr(test_webhook, "WAIT_S", 0.1)
    with pytest.raises(CommandError, match="send_webhooks` running"):
        told("test_webhook", made["id"])
    with pytest.raises(CommandError, match="expected a time as"):
        told("replay_webhooks", made["id"], since="yesterday")
