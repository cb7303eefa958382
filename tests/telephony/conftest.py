"""A plumber's number with an agent behind it, two regions with warm pools, and a carrier's signed
requests.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlencode

import pytest
import redis
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from agents.actions import go_live, make_agent
from agents.types import Wording
from inference.fleet import snapshots
from inference.types import Place, Pool, Region, Replica, Snapshot, pool_name
from telephony.carriers.twilio.account import account
from telephony.control import regional_redis
from telephony.control.database_breaker import DatabaseBreakerOpen, database
from telephony.media_link import WORKERS_SET, MediaHeartbeat, worker_key
from telephony.numbers import actions
from telephony.types import Mode
from tenants.actions import create_tenant
from tenants.context import as_tenant
from warmline.kernel.call import encode
from warmline.kernel.ids import ReplicaId, TenantId
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role

PLUMBER = "+12125550100"
CLINIC = "+442071230200"
NEW_YORKER = "+12125550147"
LONDONER = "+442079460018"
HUMAN = "+12125550199"
SLOTS = 2
US, EU = RegionCode("us-east"), RegionCode("eu-west")
REGIONS = (
    Region(US, Place("Virginia", 38.9, -77.4), "us"),
    Region(EU, Place("Dublin", 53.3, -6.3), "eu"),
)
ROLES: tuple[Role, ...] = ("hear", "think", "speak")
_snapshot_numbers = count(int(datetime.now(UTC).timestamp() * 1000))


@dataclass
class Carrier:
    """Sends what Twilio would send, signed as Twilio signs."""

    client: Client = field(default_factory=Client)

    def post(self, path: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
        """A request signed with the account's token; a header given here takes the place of the
        right one.
        """
        sent = {
            "X-Twilio-Signature": sign(path, form),
            **{name.replace("_", "-"): v for name, v in headers.items()},
        }
        return self.send(path, urlencode(form), sent)

    def send(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        """A request as it is."""
        kind = headers.get("Content-Type", "application/x-www-form-urlencoded")
        response = self.client.post(path, data=body, content_type=kind, headers=headers)
        return response.status_code, response.content.decode()


def sign(
    path: str, form: dict[str, str], *, token: str | None = None, base: str | None = None
) -> str:
    """Twilio's signature over the public address."""
    validator = RequestValidator(token or account().auth_tokens[0])
    return str(validator.compute_signature((base or settings.PUBLIC_URL) + path, form))


def ringing(
    number: str = "1", *, caller: str = NEW_YORKER, dialled: str = PLUMBER
) -> dict[str, str]:
    """The form of the voice webhook; `number` makes its call another one."""
    return {
        "AccountSid": account().sid,
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{int(number):032x}",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": caller,
        "To": dialled,
        "StirVerstat": "TN-Validation-Passed-A",
    }


def give_number(
    tenant_id: TenantId,
    e164: str,
    *,
    mode: Mode = "live",
    human_number: str = HUMAN,
    greeting: str = "Hello.",
) -> None:
    """A number with an agent that may speak."""
    with as_tenant(tenant_id):
        agent_id = make_agent("Amy")
        go_live(agent_id, wording=Wording(greeting=greeting))
        actions.add_number(e164, agent_id=agent_id, mode=mode, human_number=human_number)


def every_redis() -> "list[redis.Redis]":
    """Each region's Redis."""
    clients = [regional_redis.client(region) for region in regional_redis.in_turn()]
    return [client for client in clients if client is not None]


def beat(
    region: RegionCode, *, calls: int = 0, slots: int = 50, ws_url: str = ""
) -> MediaHeartbeat:
    """A media process of that region lives for as long as a test."""
    heartbeat = MediaHeartbeat(
        worker=f"{region}-1",
        region=region,
        ws_url=ws_url or f"ws://127.0.0.1:9/{region}/media",
        calls=calls,
        slots=slots,
        at=0.0,
    )
    client = regional_redis.client(region)
    assert client is not None
    client.set(worker_key(heartbeat.worker), encode(heartbeat), ex=600)
    client.sadd(WORKERS_SET, heartbeat.worker)
    return heartbeat


def warm(*, slots: int) -> None:
    """One warm replica for each role in both regions, and a media process each."""
    pools = tuple(
        Pool(region.code, role, f"{role}-model", slots) for region in REGIONS for role in ROLES
    )
    replicas = tuple(
        Replica(
            id=ReplicaId(f"{pool.region}-{pool.role}-1"),
            pool=pool_name(pool.region, pool.role, pool.model),
            region=pool.region,
            role=pool.role,
            model=pool.model,
            base_url="http://127.0.0.1:9/v1",
            state="warm",
            slots=slots,
            since=datetime.now(UTC),
        )
        for pool in pools
    )
    number = next(_snapshot_numbers)
    snapshots.put(
        Snapshot(number, datetime.now(UTC), regions=REGIONS, pools=pools, replicas=replicas)
    )
    snapshots.forget()  # what an earlier test had this process read
    for region in REGIONS:
        beat(region.code, slots=1_000_000)


@pytest.fixture(autouse=True)
def _postgres_may_be_asked() -> Iterator[None]:
    """A test in which Postgres was away leaves the breaker open for up to a second; the next one
    waits it out.
    """
    yield
    for _ in range(100):
        try:
            database.check()
        except DatabaseBreakerOpen:
            time.sleep(0.02)


@pytest.fixture(autouse=True)
def _regions_are_awake() -> None:
    """A region that was away in the test before is there again."""
    regional_redis.forget_back_offs()


@pytest.fixture
def carrier() -> Carrier:
    """The carrier."""
    return Carrier()


@pytest.fixture
def warm_regions(empty_valkey: str) -> None:
    """Both regions: a media process each, and two call slots for each role."""
    warm(slots=SLOTS)


@pytest.fixture
def plumber(db: None, warm_regions: None) -> TenantId:
    """Rivertown Plumbing with a number that an agent answers."""
    tenant_id = create_tenant(
        "rivertown", name="Rivertown Plumbing", vertical="homeservices"
    ).tenant_id
    give_number(tenant_id, PLUMBER)
    return tenant_id


@pytest.fixture
def clinic(db: None, warm_regions: None) -> TenantId:
    """Lakeside Clinic, whose calls stay in the EU."""
    tenant_id = create_tenant(
        "lakeside",
        name="Lakeside Clinic",
        vertical="healthcare",
        residency="eu",
        human_number=HUMAN,
    ).tenant_id
    give_number(tenant_id, CLINIC)
    return tenant_id
