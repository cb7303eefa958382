"""The sender: nothing is lost over its death, and nobody waits for somebody else's receiver."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from tenants.context import as_tenant
from tenants.webhooks import actions
from tenants.webhooks.announcing import announce
from tenants.webhooks.models import Delivery, Endpoint
from tenants.webhooks.sending import sender as sending
from tenants.webhooks.sending.sender import Sender
from tenants.webhooks.types import EventType, NewWebhookEndpoint
from tests.tenants.webhooks.conftest import pass_time
from tests.tenants.webhooks.receiver import Received, Receiver, Reply, receiving
from warmline.kernel import env
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db

DEADLINE_S = 100
EVENTS = 60
KILLS_AFTER = (15, 40)


class Failing(Receiver):
    """Fails three requests of ten, before it takes them or after."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []
        self._drawn = random.Random(7)

    def next_reply(self, request: Received) -> Reply:
        """Now and then it takes an event and still says no."""
        super().next_reply(request)
        drawn = self._drawn.random()
        if drawn < 0.25:
            return Reply(500)
        self.taken.append(request.id)
        return Reply(503 if drawn < 0.3 else 200)


def eventually(look: Callable[[], object], log: Path | None = None) -> None:
    """Return once `look` finds something."""
    until = time.monotonic() + DEADLINE_S
    while not look():
        told = log.read_text(encoding="utf-8")[-2000:] if log else ""
        assert time.monotonic() < until, f"nothing within {DEADLINE_S} s; {told}"
        time.sleep(0.1)


def start_sender(log: Path) -> subprocess.Popen[bytes]:
    with log.open("a", encoding="utf-8") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "send_webhooks"],
            cwd=env.REPOSITORY,
            env=os.environ | {"PYTHONPATH": ".:platform"},
            stdout=output,
            stderr=output,
        )


def _has_received(receiver: Receiver, count: int) -> bool:
    return len(receiver.received) >= count


def _none_waits(tenant_id: TenantId, endpoint_id: UUID) -> bool:
    """Whether all were delivered; what waits for its next try has it now."""
    pass_time(tenant_id, endpoint_id, timedelta(hours=15))
    return pending(tenant_id) == 0


def pending(tenant_id: TenantId) -> int:
    with as_tenant(tenant_id):
        return Delivery.objects.filter(state="pending").count()


def test_each_event_arrives_although_the_receiver_fails_and_the_sender_is_killed_twice(
    rivertown: TenantId, tmp_path: Path
) -> None:
    """At least once, under one id, with nothing lost; the sender ends in peace when it is told."""
    with receiving(Failing()) as receiver:
        assert isinstance(receiver, Failing)
        with as_tenant(rivertown):
            endpoint = actions.make_endpoint(receiver.url)
            ids = {str(announce(EventType.CALL_ENDED, {"n": n})) for n in range(EVENTS)}
        log = tmp_path / "log"
        for kill_after in KILLS_AFTER:
            process = start_sender(log)
            eventually(partial(_has_received, receiver, kill_after), log)
            process.kill()
            process.wait(10)
            pass_time(rivertown, endpoint.id, timedelta(minutes=2))
        process = start_sender(log)
        try:
            eventually(partial(_none_waits, rivertown, endpoint.id), log)
        finally:
            process.terminate()
            assert process.wait(30) == 0
    assert set(receiver.taken) == ids
    with as_tenant(rivertown):
        states = {str(row.message_id): row.state for row in Delivery.objects.all()}
    assert states == dict.fromkeys(ids, "delivered")
    assert {request.id for request in receiver.received} == ids


@contextmanager
def looping() -> Iterator[Sender]:
    """A sender's loop in a thread of this process."""
    sender = Sender()
    thread = threading.Thread(target=sender.run)
    thread.start()
    try:
        yield sender
    finally:
        sender.stop()
        thread.join(30)
        assert not thread.is_alive()


class Hanging(Receiver):
    """Keeps every request waiting until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def next_reply(self, request: Received) -> Reply:
        """Whatever it is."""
        super().next_reply(request)
        assert self.let_go.wait(DEADLINE_S)
        return Reply(200)


def test_a_company_whose_receivers_hang_delays_nobody_else(
    rivertown: TenantId,
    lakeside: TenantId,
    endpoint: NewWebhookEndpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has its part of the threads, and no endpoint more than its own."""
    monkeypatch.setattr(sending, "DELIVERING", 6)
    monkeypatch.setattr(sending, "OF_ONE_TENANT", 5)
    with receiving(Hanging()) as hanging:
        assert isinstance(hanging, Hanging)
        with as_tenant(lakeside):
            for number in range(3):
                actions.make_endpoint(f"{hanging.url}/{number}")
            for number in range(100):
                announce(EventType.CALL_STARTED, {"n": number})
        try:
            with looping():
                eventually(lambda: len(hanging.received) == sending.OF_ONE_TENANT)
                with as_tenant(rivertown):
                    announce(EventType.CALL_STARTED, {})
                eventually(lambda: receiver.received)
                assert len(hanging.received) == sending.OF_ONE_TENANT
                hanging.let_go.set()
        finally:
            hanging.let_go.set()
    by_path = [request.path for request in hanging.received[: sending.OF_ONE_TENANT]]
    assert max(by_path.count(path) for path in by_path) <= sending.OF_ONE_ENDPOINT


def test_what_is_our_own_fault_is_set_aside_and_the_others_go_out(
    rivertown: TenantId, lakeside: TenantId, receiver: Receiver, endpoint: NewWebhookEndpoint
) -> None:
    """As an endpoint whose secret does not open under the keys there are."""
    with as_tenant(lakeside):
        broken = actions.make_endpoint(f"{receiver.url}/broken")
        Endpoint.objects.update(secret="no token of ours")
        announce(EventType.CALL_STARTED, {})
    with looping():
        eventually(lambda: _is_dispatched(lakeside, broken.id))
        with as_tenant(rivertown):
            announce(EventType.CALL_STARTED, {})
        eventually(lambda: receiver.received)
    assert [request.path for request in receiver.received] == ["/hook"]
    assert pending(lakeside) == 1


def _is_dispatched(tenant_id: TenantId, endpoint_id: UUID) -> bool:
    with as_tenant(tenant_id):
        return Delivery.objects.filter(endpoint_id=endpoint_id).exists()
