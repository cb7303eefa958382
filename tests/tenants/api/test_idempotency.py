"""A write that is sent again is done once, and answered as it was the first time."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client, RequestFactory

from tenants.api.idempotency import attempt_of
from tenants.context import as_tenant
from tenants.keys.actions import create_api_key, revoke_api_key
from tenants.keys.types import NewApiKey
from tenants.models import ApiKey, IdempotentRequest
from tenants.tasks import forget_idempotent_requests
from tests import services
from tests.tenants.keys.conftest import api, post
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"
BODY = {"name": "CRM", "scopes": ["keys.read"]}


@pytest.fixture
def key(rivertown: TenantId) -> NewApiKey:
    """With which keys are made."""
    with as_tenant(rivertown):
        return create_api_key("test")


@pytest.fixture
def client(key: NewApiKey) -> Client:
    """A program with that key."""
    return api(key.secret)


def send(client: Client, body: Any = None, *, name: str = "order-1", path: str = KEYS) -> Any:
    return post(client, path, BODY if body is None else body, **{"idempotency-key": name})


def names(tenant_id: TenantId) -> list[str]:
    with as_tenant(tenant_id):
        return sorted(ApiKey.objects.values_list("name", flat=True))


def test_the_same_request_is_done_once(client: Client, rivertown: TenantId) -> None:
    """Status, body and headers come again, the secret with them; marked as replayed."""
    first, again = send(client), send(client)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["Cache-Control"] == "no-store, no-transform"
    assert names(rivertown) == ["CRM", "test"]


def test_another_body_under_the_same_name_is_refused(client: Client, rivertown: TenantId) -> None:
    """It would be thought done, and is not."""
    send(client)
    refused = send(client, BODY | {"name": "another"})
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert names(rivertown) == ["CRM", "test"]


def test_a_name_stands_for_one_route_and_one_key(
    client: Client, rivertown: TenantId, lakeside: TenantId
) -> None:
    """Another company's, another key's and another address's are their own."""
    made = send(client).json()["key"]
    with as_tenant(rivertown):
        colleague = api(create_api_key("colleague").secret)
    with as_tenant(lakeside):
        stranger = api(create_api_key("stranger").secret)
    for other in (colleague, stranger):
        assert "Idempotent-Replayed" not in send(other)
    assert send(client, {}, path=f"{KEYS}/{made['id']}/revoke").json()["state"] == "revoked"
    assert names(rivertown) == ["CRM", "CRM", "colleague", "test"]


@pytest.mark.parametrize(
    "body", [{"name": "CRM"}, {"name": "CRM", "scopes": ["nothing"]}, {"unknown": 1}]
)
def test_what_was_never_begun_may_be_sent_again(
    body: Any, client: Client, rivertown: TenantId
) -> None:
    """A body that was refused is mended and sent under the same name."""
    if body != {"name": "CRM"}:
        assert send(client, body).status_code == 400
    assert send(client).status_code == 201
    assert names(rivertown) == ["CRM", "test"]


def test_a_refusal_of_what_was_begun_is_kept(client: Client) -> None:
    """Its writes are undone, its answer comes again."""
    path = f"{KEYS}/00000000-0000-7000-8000-000000000000/revoke"
    first, again = send(client, {}, path=path), send(client, {}, path=path)
    assert (first.status_code, again.status_code) == (404, 404)
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotent-Replayed"] == "true"


def test_a_key_that_was_revoked_is_told_nothing_again(
    client: Client, key: NewApiKey, rivertown: TenantId
) -> None:
    """Not even what it was told before."""
    send(client)
    with as_tenant(rivertown):
        revoke_api_key(key.id)
    assert send(client).status_code == 401


@pytest.mark.parametrize("name", ["", " ", "a b", "ä", "x" * 256, '"'])
def test_a_name_is_letters_and_signs(name: str, client: Client) -> None:
    """Of ASCII, 255 at most."""
    assert send(client, name=name).status_code == 400


def test_a_quoted_name_is_the_same(client: Client) -> None:
    """As the IETF's draft writes them."""
    send(client, name="order-1")
    assert send(client, name='"order-1"')["Idempotent-Replayed"] == "true"


def test_reads_are_not_kept(client: Client, rivertown: TenantId) -> None:
    """They do nothing that could be done twice."""
    client.get(KEYS, headers={"idempotency-key": "order-1"})
    with as_tenant(rivertown):
        assert IdempotentRequest.objects.count() == 0


def test_a_kept_answer_opens_to_its_key_alone(client: Client, rivertown: TenantId) -> None:
    """Who reads the table finds no secret in it."""
    secret = send(client).json()["secret"]
    with as_tenant(rivertown):
        (row,) = IdempotentRequest.objects.all()
    assert row.answer is not None
    assert secret.encode() not in bytes(row.answer)
    assert b"CRM" not in bytes(row.answer)


def test_answers_are_kept_for_a_day(client: Client, rivertown: TenantId) -> None:
    """After it the same request is a new one; a job forgets those that nobody sends again."""
    send(client)
    with as_tenant(rivertown):
        IdempotentRequest.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert "Idempotent-Replayed" not in send(client, BODY | {"name": "next day"})
    with as_tenant(rivertown):
        IdempotentRequest.objects.update(created_at=clock.now() - timedelta(hours=25))
    forget_idempotent_requests.apply()
    with as_tenant(rivertown):
        assert IdempotentRequest.objects.count() == 0


def test_who_was_killed_between_leaves_nothing_in_the_way(
    client: Client, key: NewApiKey, rivertown: TenantId
) -> None:
    """The name was taken and nothing was done: the next attempt does it."""
    request = RequestFactory().post(
        KEYS, BODY, content_type="application/json", headers={"idempotency-key": "order-1"}
    )
    attempt = attempt_of(request, key_id=key.id, secret=key.secret)  # type: ignore[arg-type]
    assert attempt is not None
    with as_tenant(rivertown):
        attempt.claim()
    assert send(client).status_code == 201
    assert send(client)["Idempotent-Replayed"] == "true"
    assert names(rivertown) == ["CRM", "test"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "control"])
def test_while_it_is_being_done_the_same_request_is_told_to_wait(
    client: Client, rivertown: TenantId
) -> None:
    """At once, without standing in line for it."""
    with psycopg.connect(services.urls.owner) as other:
        other.execute("SELECT 1")
        first = send(client)
        other.execute("SELECT id FROM tenants_idempotentrequest FOR UPDATE")
        refused = send(client)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_in_use")
        other.rollback()
    assert send(client).content == first.content
