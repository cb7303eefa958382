"""API keys by the API: shown once, replaced, revoked at once, and never another company's."""

from typing import Any
from uuid import uuid4

import pytest

from tenants.actor import acting
from tenants.context import as_tenant
from tenants.keys import queries
from tenants.keys.actions import create_api_key
from tenants.models import User
from tests.tenants.keys.conftest import actor, api, post
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"


@pytest.fixture
def secret(alice: User, rivertown: TenantId) -> str:
    """Of a key that may do all that an admin may."""
    return made(alice, rivertown, "test")


def made(by: User, tenant_id: TenantId, name: str, **fields: Any) -> str:
    """The secret of a key that this member made."""
    with as_tenant(tenant_id), acting(actor(by)):
        return create_api_key(name, **fields).secret


def test_a_key_is_made_listed_used_replaced_and_revoked(secret: str, rivertown: TenantId) -> None:
    """Its secret is in the answers that make it, and nowhere else."""
    client = api(secret)
    created = post(client, KEYS, {"name": "CRM", "scopes": ["keys.read"]})
    assert created.status_code == 201
    key, new = created.json()["key"], created.json()["secret"]
    assert created["Location"] == f"{KEYS}/{key['id']}"
    assert created["Cache-Control"] == "no-store, no-transform"
    listed = api(new).get(KEYS)
    assert [row["name"] for row in listed.json()["items"]] == ["CRM", "test"]
    assert new not in listed.content.decode()

    rotated = post(client, f"{KEYS}/{key['id']}/rotate", {"overlap_hours": 1})
    assert rotated.status_code == 201
    assert rotated.json()["key"]["replaces"] == key["id"]
    assert api(rotated.json()["secret"]).get(KEYS).status_code == 200
    assert api(new).get(KEYS).status_code == 200

    revoked = post(client, f"{KEYS}/{key['id']}/revoke")
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert api(new).get(KEYS).status_code == 401
    assert post(client, f"{KEYS}/{key['id']}/revoke").status_code == 404


def test_a_role_stands_for_its_scopes(secret: str) -> None:
    """One of both is given."""
    created = post(api(secret), KEYS, {"name": "CRM", "role": "viewer"})
    assert "calls.read" in created.json()["key"]["scopes"]
    for body in ({"name": "CRM"}, {"name": "CRM", "role": "viewer", "scopes": ["calls.read"]}):
        assert post(api(secret), KEYS, body).status_code == 400


def test_a_key_lacks_what_it_was_not_made_for(alice: User, rivertown: TenantId) -> None:
    """It is told the scope; and makes no key that has it."""
    client = api(made(alice, rivertown, "CRM", scopes=["keys.write"]))
    refused = client.get(KEYS)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    stronger = post(client, KEYS, {"name": "all", "scopes": ["keys.write", "calls.read"]})
    assert stronger.status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "role": "viewer"}, "name"),
        ({"name": "x" * 101, "role": "viewer"}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["nothing.read"]}, "scopes.0"),
        ({"name": "x", "scopes": "calls.read"}, "scopes"),
        ({"name": "x", "role": "owner"}, "role"),
        ({"name": "x", "role": "viewer", "expires_at": "tomorrow"}, "expires_at"),
        ({"name": "x", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "role": "viewer", "origins": ["*"]}, "origins"),
        ({"name": "x", "role": "viewer", "tenant": str(uuid4())}, "tenant"),
        ({"name": "x", "role": "viewer", "secret": "wl_x_y"}, "secret"),
        ({"name": "x", "role": "viewer", "maker": str(uuid4())}, "maker"),
    ],
)
def test_a_body_that_is_not_as_expected_makes_nothing(
    body: dict[str, Any], field: str, secret: str
) -> None:
    """The field is named, also one that nobody may set."""
    refused = post(api(secret), KEYS, body)
    assert refused.status_code == 400
    assert field in [error["field"] for error in refused.json()["errors"]]
    assert len(api(secret).get(KEYS).json()["items"]) == 1


def test_a_change_is_made_of_the_version_that_was_read(secret: str) -> None:
    """If-Match of an older one is refused."""
    client = api(secret)
    path = f"{KEYS}/{post(client, KEYS, {'name': 'CRM', 'role': 'viewer'}).json()['key']['id']}"
    read = client.get(path)
    assert client.get(path, headers={"if-none-match": read["ETag"]}).status_code == 304
    change = {"name": "CRM 2", "origins": ["https://app.example.com"]}

    def patch() -> Any:
        headers = {"if-match": read["ETag"]}
        return client.patch(path, change, content_type="application/json", headers=headers)

    changed = patch()
    assert (changed.status_code, changed.json()["origins"]) == (200, ["https://app.example.com"])
    assert patch().status_code == 412


def test_the_list_comes_in_pages(secret: str, alice: User, rivertown: TenantId) -> None:
    """Each key once, with links."""
    for number in range(4):
        made(alice, rivertown, f"key {number}", scopes=["keys.read"])
    client, names, address = api(secret), [], f"{KEYS}?limit=2"
    while address:
        page = client.get(address)
        names += [row["name"] for row in page.json()["items"]]
        links = dict(link.split("; ")[::-1] for link in page["Link"].split(", "))
        address = links.get('rel="next"', "").strip("<>")
    assert names == ["key 3", "key 2", "key 1", "key 0", "test"]


def test_when_a_key_was_used_is_kept_to_the_minute(secret: str, rivertown: TenantId) -> None:
    """One write a minute, whatever comes."""
    client = api(secret)
    client.get(KEYS)
    with as_tenant(rivertown):
        first = queries.every_key()[0].last_used_at
        client.get(KEYS)
        assert first is not None
        assert queries.every_key()[0].last_used_at == first


def test_a_key_of_another_company_is_not_there(rivertown: TenantId, lakeside: TenantId) -> None:
    """By no operation."""
    with as_tenant(rivertown):
        other = create_api_key("theirs")
    with as_tenant(lakeside):
        client = api(create_api_key("ours").secret)
    assert client.get(f"{KEYS}/{other.id}").status_code == 404
    for verb in ("rotate", "revoke"):
        assert post(client, f"{KEYS}/{other.id}/{verb}").status_code == 404
    change = client.patch(f"{KEYS}/{other.id}", {"name": "x"}, content_type="application/json")
    assert change.status_code == 404
    assert [row["name"] for row in client.get(KEYS).json()["items"]] == ["ours"]
