"""Puts the demo's companies into the database;
done again it changes nothing but what changed here.
"""

import os
import secrets
from pathlib import Path

import msgspec

from agents.actions import go_live, make_agent, set_business
from agents.types import Wording
from dashboard.demo.companies import COMPANIES, DemoCompany
from inference.fleet.actions import ensure_regions
from inference.warming.retire import retire_lost
from rag.actions import add_document
from telephony.calls.actions import add_number
from tenants.actions import add_member, create_api_key, create_tenant, create_user, set_password
from tenants.context import as_tenant
from warmline.kernel import env
from warmline.kernel.agent import Limits
from warmline.kernel.errors import NotFound
from warmline.kernel.ids import TenantId

# The callers' voice pauses for up to 300 ms within a sentence; all 17 of its recordings are heard
# whole with this.
END_OF_TURN_MS = 500
OPERATOR, OPERATOR_EMAIL = "operator", "operator@warmline.example"


class SignIn(msgspec.Struct, frozen=True):
    """How to look at one demo company, or as the operator at all pools (then without a company).

    Lies in a file of this machine that only its owner can read.
    """

    tenant_id: TenantId
    slug: str
    name: str
    email: str
    password: str
    api_key: str


def sign_ins() -> tuple[SignIn, ...]:
    """What `seed` left; empty before it ran."""
    path = _path()
    return msgspec.json.decode(path.read_bytes(), type=tuple[SignIn, ...]) if path.exists() else ()


def seed() -> tuple[SignIn, ...]:
    """Regions, companies, agents, numbers, knowledge,
    a user and an API key each, and an operator.
    """
    ensure_regions()
    retire_lost()
    known = {each.slug: each for each in sign_ins()}
    made = (
        *(_seed(company, known.get(company.slug)) for company in COMPANIES),
        _operator(known.get(OPERATOR)),
    )
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(made)))
    return made


def _path() -> Path:
    return env.home() / "state" / "demo.json"


def _operator(known: SignIn | None) -> SignIn:
    password = _password(known)
    try:
        set_password(OPERATOR_EMAIL, password=password)
    except NotFound:
        create_user(OPERATOR_EMAIL, password=password, is_staff=True)
    return SignIn(TenantId(""), OPERATOR, "Operator of the platform", OPERATOR_EMAIL, password, "")


def _password(known: SignIn | None) -> str:
    """The same from run to run."""
    return os.environ.get("WARMLINE_DEMO_PASSWORD") or (
        known.password if known else secrets.token_urlsafe(9)
    )


def _seed(company: DemoCompany, known: SignIn | None) -> SignIn:
    tenant_id = create_tenant(
        company.slug,
        name=company.name,
        vertical=company.vertical,
        time_zone=company.time_zone,
        human_number=company.human_number,
    ).tenant_id
    password = _password(known)
    try:
        user = set_password(company.admin, password=password)
    except NotFound:
        user = create_user(company.admin, password=password)
    with as_tenant(tenant_id):
        add_member(user, role="admin")
        api_key = (
            known.api_key
            if known and known.tenant_id == tenant_id
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
    return SignIn(tenant_id, company.slug, company.name, company.admin, password, api_key)
