"""Every address of the site, asked for by those who have no business there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tenants.actions import add_member, create_api_key, create_user
from tenants.call_tokens import issue
from tenants.context import as_tenant
from tests.tenants.postgres.planting import planted
from warmline.kernel.ids import TenantId, new_call_id

pytestmark = pytest.mark.django_db

# What anybody may read: whether the site is up, how to sign in, how the API is used, figures
# without names.
PUBLIC = {
    "healthz/live",
    "healthz/ready",
    # how one comes in, and what is asked of whoever is half inside
    "sign-in",
    "sign-in/code",
    "sign-in/passkey",
    "sign-in/sso",
    "sign-in/sso/callback",
    "sign-out",
    "sign-up",
    "sign-up/sent",
    "confirm/<str:key>",
    "password/reset",
    "password/reset/sent",
    "password/reset/<hex:uidb36>-<str:key>",
    "api/v1/openapi.json",
    "api/v1/docs",
    "api/v1/docs/problems",
    "api/v1/docs/<slug:tag>",
    "metrics",
}
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED = {401, 403, 404, 405}
UNKNOWN = UUID("00000000-0000-7000-8000-000000000000")
_ANY: dict[str, UUID | str] = {"uuid": UNKNOWN, "int": "1"}


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address, as it is written in the urls, and its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


ROUTES = sorted(route for route, _ in addresses())
# Routes that name something of a tenant's, and the table that it stands in.
TABLES = {
    "call_id": "telephony_call",
    "run_id": "shadow_shadowrun",
    "view_id": "telephony_savedview",
    "erasure_id": "telephony_erasure",
    "booking_id": "homeservices_visit",
    "number_id": "telephony_number",
    "account_id": "telephony_carrieraccount",
    "document_id": "rag_document",
    "collection_id": "rag_collection",
    "agent_id": "agents_agent",
    "endpoint_id": "webhooks_endpoint",
    "delivery_id": "webhooks_delivery",
    "member_id": "tenants_member",
    "invitation_id": "tenants_invitation",
    "key_id": "tenants_apikey",
}


def filled(route: str, ids: Mapping[str, UUID | str]) -> str:
    """The route with an id for each of its parts; a part without one is any that fits there."""
    return "/" + re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda part: str(ids.get(part[2], _ANY.get(part[1] or "str", "any"))),
        route,
    )


def without_ids(answer: Any, foreign_ids: dict[str, UUID]) -> tuple[int, str, str]:
    """All that an answer tells, with the ids that were asked for blotted out."""
    location, body = answer.headers.get("Location", ""), answer.content.decode(errors="replace")
    for row_id in (*foreign_ids.values(), UNKNOWN):
        location, body = location.replace(str(row_id), "ID"), body.replace(str(row_id), "ID")
    return answer.status_code, location, body


def ask(client: Client, method: str, path: str) -> Any:
    """An answer; the API is asked in the one format that it takes."""
    writes_json = path.startswith("/api/") and method in ("post", "put", "patch")
    content = {"data": "{}", "content_type": "application/json"} if writes_json else {}
    return getattr(client, method)(path, **content)


def nobodys(route: str) -> str:
    return filled(route, dict.fromkeys(TABLES, UNKNOWN))


@pytest.fixture
def foreign_ids(rivertown: TenantId, lakeside: TenantId) -> Iterator[dict[str, UUID]]:
    """The ids of the other tenant's things, by what routes call them."""
    with planted((rivertown, lakeside)) as rows:
        yield {part: rows[table][lakeside] for part, table in TABLES.items()}


def test_the_site_has_addresses() -> None:
    """The tests below are made from them."""
    assert {"twilio/voice", "api/v1/calls", "calls/<uuid:call_id>"} <= set(ROUTES)
    assert set(ROUTES) >= PUBLIC


def test_the_apis_description_names_its_credential(db: None) -> None:
    """A bearer token, for tools that call the API by its description."""
    described = Client().get("/api/v1/openapi.json", headers={"accept": "application/json"}).json()
    assert described["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in PUBLIC])
def test_an_address_opens_to_nobody_without_a_credential(route: str, db: None) -> None:
    """By any method: refused, or sent to the sign-in page."""
    for method in METHODS:
        answer = ask(Client(raise_request_exception=False), method, nobodys(route))
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in?next="), (method, route)
        else:
            assert answer.status_code in REFUSED, (method, route, answer.content[:200])


@pytest.mark.parametrize("route", [route for route in ROUTES if "_id>" in route])
def test_another_tenants_id_is_answered_like_one_that_does_not_exist(
    route: str, rivertown: TenantId, foreign_ids: dict[str, UUID]
) -> None:
    """For a signed-in member, for an API key, for a call's own token."""
    user = create_user("alice@example.com", password="a long enough one")
    with as_tenant(rivertown):
        add_member(user, role="admin")
        key = create_api_key("test")
    # Told again in every answer: each is given the same.
    asked = {"x-request-id": "probe"}
    member = Client(headers=asked, raise_request_exception=False)
    member.force_login(user)
    own_call = issue(new_call_id(), rivertown, ["book_visit"], "k", 60)
    for client in (
        member,
        *(
            Client(
                headers={"authorization": f"Bearer {bearer}", **asked},
                raise_request_exception=False,
            )
            for bearer in (key.secret, own_call)
        ),
    ):
        for method in METHODS:
            answer = ask(client, method, filled(route, dict(foreign_ids)))
            unknown = ask(client, method, nobodys(route))
            assert without_ids(answer, foreign_ids) == without_ids(unknown, foreign_ids), (
                method,
                route,
            )
            assert answer.status_code in REFUSED | {302, 303, 400, 415}, (
                method,
                route,
                answer.content[:200],
            )


def test_the_list_of_calls_is_the_tenants_own(rivertown: TenantId, lakeside: TenantId) -> None:
    """With the same key, by the API; no filter widens it, and one that is unknown is refused."""
    with planted((rivertown, lakeside)) as rows:
        with as_tenant(rivertown):
            key = create_api_key("test")
        client = Client(headers={"authorization": f"Bearer {key.secret}"})
        own = str(rows["telephony_call"][rivertown])
        for query in (f"?tenant={lakeside}", f"?tenant_id={lakeside}"):
            assert client.get(f"/api/v1/calls{query}").status_code == 400
        for query in ("", "?limit=100"):
            assert [call["id"] for call in client.get(f"/api/v1/calls{query}").json()["items"]] == [
                own
            ]
