"""A company with a draft, and a think replica in a loop of its own: the web plane asks it from
another thread.
"""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from agents.actions import set_business
from agents.editing import actions
from inference.fleet import snapshots
from inference.types import Pool, Replica, Snapshot
from tenants.actions import create_api_key, create_tenant
from tenants.context import as_tenant
from tests.fakes.replicas import Script, StubReplica
from tests.telephony.conftest import REGIONS, US, _snapshot_numbers
from warmline.kernel.ids import ReplicaId, TenantId


class Trying:
    """An agent of a company, and the API that tries it."""

    def __init__(self, tenant_id: TenantId) -> None:
        self.tenant_id = tenant_id
        with as_tenant(tenant_id):
            set_business([(time(8), time(18))] * 5 + [None, None])
            self.agent_id = str(actions.create_agent("Emma"))
            key = create_api_key("test").secret
        self.client = Client(headers={"authorization": f"Bearer {key}"})
        self.path = f"/api/v1/agents/{self.agent_id}/try"


@pytest.fixture
def emma(transactional_db: None, empty_valkey: str) -> Trying:
    """Lakeside Clinic's Emma, of whom nothing is written yet."""
    tenant_id = create_tenant(
        "lakeside", name="Lakeside Clinic", vertical="healthcare", time_zone="Europe/London"
    ).tenant_id
    return Trying(tenant_id)


def publish(*, url: str = "", model: str = "stub-model", held: int = 0) -> None:
    """What the web plane knows of replicas: a warm one at that address with four slots, or none."""
    pool = Pool(US, "think", model, 4, held=held)
    replica = Replica(
        ReplicaId("stub-1"), pool.name, US, "think", pool.model, url, "warm", 4, datetime.now(UTC)
    )
    snapshots.put(
        Snapshot(
            next(_snapshot_numbers),
            datetime.now(UTC),
            regions=REGIONS,
            pools=(pool,),
            replicas=(replica,) if url else (),
        )
    )
    snapshots.forget()


@pytest.fixture
def script(empty_valkey: str) -> Iterator[Script]:
    """What the one warm think replica says; its requests are `script.requests`."""
    stub, loop = StubReplica(Script()), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(stub.start(), loop).result(10)
    publish(url=f"{stub.url}/v1")
    yield stub.script
    asyncio.run_coroutine_threadsafe(stub.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
