"""The Python client that is generated from the document does what the API does."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from warmline_client import AuthenticatedClient
from warmline_client.api.keys import create_api_key, list_api_keys, revoke_api_key
from warmline_client.models import ApiKeyPage, KeyDetail, KeyWithSecret, NewApiKey, Problem

from tenants.actions import create_api_key as make_key
from tenants.context import as_tenant
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(rivertown: TenantId) -> Iterator[AuthenticatedClient]:
    """Of a program with a key, over the application itself."""
    with as_tenant(rivertown):
        secret = make_key("test").secret
    application: Any = get_wsgi_application()
    transport = httpx.WSGITransport(app=application)
    options = {"transport": transport}
    with AuthenticatedClient("http://testserver", secret, httpx_args=options) as client:
        yield client


def test_a_program_makes_lists_and_revokes_a_key(client: AuthenticatedClient) -> None:
    """Typed from end to end."""
    body = NewApiKey.from_dict({"name": "CRM", "scopes": ["calls.read"]})
    made = create_api_key.sync(client=client, body=body)
    assert isinstance(made, KeyWithSecret)
    listed = list_api_keys.sync(client=client, limit=1)
    assert isinstance(listed, ApiKeyPage)
    assert [key.name for key in listed.items] == ["CRM"]
    revoked = revoke_api_key.sync(made.key.id, client=client)
    assert isinstance(revoked, KeyDetail)
    assert revoked.state == "revoked"


def test_a_refusal_is_a_problem(client: AuthenticatedClient) -> None:
    """With its code and the field at fault."""
    body = NewApiKey.from_dict({"name": "", "scopes": ["calls.read"]})
    refused = create_api_key.sync(client=client, body=body)
    assert isinstance(refused, Problem)
    assert refused.code == "bad_input"
