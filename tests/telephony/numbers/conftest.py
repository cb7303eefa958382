"""A company with an agent and no number, and Twilio's API as Twilio publishes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import TypeVar
from uuid import UUID

import pytest

from agents.actions import go_live, make_agent
from agents.types import Wording
from telephony.numbers import accounts
from tenants.actions import create_tenant
from tenants.context import as_tenant, bound
from tests.fakes.twilio_api.server import TwilioApi, twilio_api
from warmline.kernel.ids import TenantId

Made = TypeVar("Made")
OWN_SID = "AC" + "a" * 32
OWN_TOKEN = "a" * 31 + "1"
OTHER_SID = "AC" + "b" * 32
OTHER_TOKEN = "b" * 31 + "2"
OWN_NUMBER = "+12125550142"
FREE = "+12125550143"
FREE_TOO = "+12125550144"
LONDON = "+442079460143"


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioApi]:
    """Twilio with a company's account, another one's, and some numbers that are free."""
    with twilio_with_accounts() as api:
        monkeypatch.setenv("TWILIO_API_GATEWAY", api.url)
        yield api
        assert api.wrong == []


@contextmanager
def twilio_with_accounts() -> Iterator[TwilioApi]:
    """The same, where there are no fixtures: whoever asks it names its address."""
    with twilio_api() as api:
        api.add_account(OWN_SID, token=OWN_TOKEN, regions=("us1", "ie1"), keys={"SKkey": "secret"})
        api.add_account(OTHER_SID, token=OTHER_TOKEN)
        api.add_number(OWN_NUMBER, account=OWN_SID)
        api.offered["US", "local"] = [FREE, FREE_TOO]
        api.offered["GB", "local"] = [LONDON]
        api.needs_address.add(LONDON)
        yield api


@pytest.fixture
def harbour(db: None, empty_valkey: str) -> Iterator[TenantId]:
    """Harbour Heating on its trial, bound without a transaction, as whatever asks a carrier."""
    tenant_id = create_tenant("harbour", name="Harbour Heating", vertical="homeservices").tenant_id
    with bound(tenant_id):
        yield tenant_id


@pytest.fixture
def agent_id(harbour: TenantId) -> UUID:
    """Its agent, who may speak."""
    with as_tenant(harbour):
        agent_id = make_agent("Ada")
        go_live(agent_id, wording=Wording(greeting="Harbour Heating, good day."))
    return agent_id


@pytest.fixture
def account_id(twilio: TwilioApi, harbour: TenantId) -> UUID:
    """Its own account at Twilio."""
    return accounts.connect_account(OWN_SID, auth_token=OWN_TOKEN).pk


def beside(tenant_id: TenantId, act: Callable[[], Made]) -> Made:
    """What another company does meanwhile, in a context of its own."""

    def inside() -> Made:
        with bound(tenant_id):
            return act()

    return Context().run(inside)
