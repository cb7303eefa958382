"""Puts the demo's companies into the database; done again it only brings what changed here."""

import secrets
from pathlib import Path

import msgspec

from agents.actions import go_live, make_agent, set_business
from agents.types import Wording
from dashboard.demo.companies import COMPANIES, DemoCompany
from inference.fleet.actions import ensure_regions
from inference.warming.retire import retire_lost
from rag.actions import add_document
from telephony.numbers.actions import add_number
from tenants.actions import add_member, create_api_key, create_tenant, create_user, set_password
from tenants.context import as_tenant
from warmline.kernel import configuration, env
from warmline.kernel.agent import Limits
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId
from warmline.kernel.private_files import write_private

# The callers' voice pauses for up to 300 ms within a sentence; all 17 of its recordings are heard
# whole with this.
END_OF_TURN_MS = 500
OPERATOR, OPERATOR_EMAIL = "operator", "operator@warmline.example"


class DemoSignIn(msgspec.Struct, frozen=True):
    """How to look at one demo company, or as the operator at all pools (then without a company).

    Lies in a file of this machine that only its owner can read.
    """

    tenant_id: TenantId
    slug: str
    name: str
    email: str
    password: str
    api_key: str


def sign_ins() -> tuple[DemoSignIn, ...]:
    """What `seed` left; empty before it ran."""
    path = _path()
    return (
        msgspec.json.decode(path.read_bytes(), type=tuple[DemoSignIn, ...]) if path.exists() else ()
    )


def seed() -> tuple[DemoSignIn, ...]:
    """Regions, companies with agents, numbers, knowledge, a user and an API key, an operator."""
    ensure_regions()
    retire_lost()
    earlier = {sign_in.slug: sign_in for sign_in in sign_ins()}
    companies = (_seed(company, earlier.get(company.slug)) for company in COMPANIES)
    seeded = (*companies, _operator(earlier.get(OPERATOR)))
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, msgspec.json.format(msgspec.json.encode(seeded)))
    return seeded


def _path() -> Path:
    return env.home() / "state" / "demo.json"


def _operator(earlier: DemoSignIn | None) -> DemoSignIn:
    password = _password(earlier)
    try:
        set_password(OPERATOR_EMAIL, password=password)
    except NotFound:
        create_user(OPERATOR_EMAIL, password=password, is_staff=True)
    return DemoSignIn(
        TenantId(""), OPERATOR, "Operator of the platform", OPERATOR_EMAIL, password, ""
    )


def _password(earlier: DemoSignIn | None) -> str:
    """The same from run to run."""
    return configuration.DEMO_PASSWORD.value() or (
        earlier.password if earlier else secrets.token_urlsafe(9)
    )


def _seed(company: DemoCompany, earlier: DemoSignIn | None) -> DemoSignIn:
    tenant_id = create_tenant(
        company.slug,
        name=company.name,
        vertical=company.vertical,
        time_zone=company.time_zone,
        human_number=company.human_number,
    ).tenant_id
    password = _password(earlier)
    try:
        user = set_password(company.admin, password=password)
    except NotFound:
        user = create_user(company.admin, password=password)
    with as_tenant(tenant_id):
        add_member(user, role="admin")
        api_key = (
            earlier.api_key
            if earlier and earlier.tenant_id == tenant_id
            else create_api_key("demo").secret
        )
        set_business(company.week, capacity=company.capacity)
        agent_id = make_agent(company.agent)
        go_live(
            agent_id,
            wording=Wording(
                greeting=company.greeting,
                facts=company.facts,
                vocabulary=company.vocabulary,
                limits=Limits(silence_ms=END_OF_TURN_MS),
            ),
        )
        for e164, mode in company.numbers:
            add_number(e164, agent_id=agent_id, mode=mode, human_number=company.human_number)
        for title, text in company.documents:
            add_document(title, text=text)
    return DemoSignIn(tenant_id, company.slug, company.name, company.admin, password, api_key)
