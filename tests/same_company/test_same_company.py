"""The same company by the API alone and by commands alone: whoever reads it finds no difference."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core import mail
from django.core.wsgi import get_wsgi_application
from django.test import Client
from warmline_client import AuthenticatedClient

from tenants.mail.outbox import deliver_due
from tenants.queries import tenant_by_slug
from tests.fakes.twilio_api.server import TwilioApi
from tests.rag.companies import Company
from tests.same_company import by_api, by_commands, description
from tests.same_company.expectation import EXPECTED
from tests.same_company.reading import whole_company
from tests.telephony.numbers.conftest import twilio  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+(/invitations/\S+)")
BASE = "http://testserver"


@pytest.fixture
def key(db: None, empty_valkey: str, chroma_server: str, settings: Any) -> str:
    """The first key of the company, as an operator of the installation hands it over."""
    settings.SENDS_MAIL = True
    secret = by_commands.founded()
    assert secret.startswith("wl_")
    return secret


@pytest.fixture
def read(key: str) -> Iterator[Callable[[], Any]]:
    """The one reader: what the API tells of the company once its jobs have run."""
    company = Company(tenant_by_slug(description.SLUG).tenant_id)
    application: Any = get_wsgi_application()
    with httpx.Client(
        transport=httpx.WSGITransport(app=application),
        base_url=BASE,
        headers={"Authorization": f"Bearer {key}"},
    ) as api:

        def found() -> Any:
            company.work()
            return whole_company(api)

        yield found


def people_accept() -> None:
    """Whoever was invited follows the link in their mail and opens an account."""
    mail.outbox.clear()
    assert deliver_due()
    for letter in mail.outbox:
        (address,) = LINK.findall(str(letter.body))
        opened = Client().post(
            address, {"name": letter.to[0].partition("@")[0].title(), "password": "only for t3sts"}
        )
        assert opened.status_code == 303, opened.content


def test_by_the_api_alone(twilio: TwilioApi, key: str, read: Callable[[], Any]) -> None:
    """Through the typed client that is generated from the API's document."""
    application: Any = get_wsgi_application()
    options = {"transport": httpx.WSGITransport(app=application)}
    with AuthenticatedClient(BASE, key, httpx_args=options) as client:
        by_api.set_up(client, people_accept=people_accept)
    assert read() == EXPECTED


def test_by_commands_alone(
    twilio: TwilioApi,
    read: Callable[[], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An agent from a YAML file, hours from JSON, the carrier's token from a pipe."""
    by_commands.set_up(tmp_path, monkeypatch, people_accept=people_accept)
    assert read() == EXPECTED
