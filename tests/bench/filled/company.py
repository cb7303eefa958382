"""A company that has a few of everything that pages show, with people of each role."""

from dataclasses import dataclass

from agents.actions import go_live, make_agent, set_business
from agents.types import Wording
from tenants.actions import create_tenant
from tenants.context import as_tenant
from tests import services
from tests.house.test_query_budgets import FEW, Installation
from tests.shadow.conftest import WEEK
from warmline.embedded.running import running
from warmline.embedded.stores import chroma

SLUG = "rivertown"  # as the addresses of the operators' pages have it


@dataclass(frozen=True, slots=True)
class Company:
    """Its id, the ids of its things by what routes call them, its people's addresses by role."""

    tenant_id: str
    ids: dict[str, str]
    users: dict[str, str]


def made_company() -> Company:
    """The company; its documents' words are in no index."""
    tenant = create_tenant(
        SLUG,
        name="Rivertown",
        vertical="homeservices",
        plan="scale",
        max_concurrent_calls=1_000_000,
    )
    with as_tenant(tenant.tenant_id):
        set_business(WEEK)
        go_live(make_agent("Anna"), wording=Wording(greeting="Hello."))
    with running(chroma.program(services.home, port=services.chroma_port), home=services.home):
        installation = Installation(tenant.tenant_id)
        installation.grow(FEW)
    return Company(
        tenant.tenant_id,
        {name: str(value) for name, value in installation.ids.items()},
        {role: user.email for role, user in installation.users.items()},
    )
