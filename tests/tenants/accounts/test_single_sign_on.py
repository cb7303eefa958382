"""Single sign-on: the provider names whom it vouches for, and opens nobody else's account."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tenants.actions import create_user
from tenants.models import User
from tests.fakes.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, openid_provider
from tests.tenants.accounts.conftest import EMAIL, NEWCOMER, PASSWORD, Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
ALICE = {"sub": "7", "email": EMAIL, "email_verified": True, "name": "Alice Archer"}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """The operator's, which vouches for example.com."""
    with openid_provider() as running:
        app = {
            "provider_id": "sso",
            "name": "Example",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": running.url, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        settings.SSO_URL, settings.SSO_NAME = running.url, "Example"
        settings.SSO_DOMAINS = ("example.com",)
        yield running


def enter(browser: Browser, provider: Provider, *, next_page: str = "") -> Any:
    """Through the provider and back; the answer to that."""
    to_provider = browser.get(f"/sign-in/sso{'?next=' + next_page if next_page else ''}")
    assert to_provider.status_code == 302
    back = urlsplit(provider.signed_in(to_provider["Location"]))
    return browser.get(f"{back.path}?{back.query}")


def test_whoever_the_provider_knows_comes_in(browser: Browser, provider: Provider) -> None:
    """With an account of their own, made at once; they found a company or are invited to one."""
    assert b"Continue with Example" in browser.get("/sign-in").content
    provider.person = {**ALICE, "email": "Alice@Example.com"}
    assert enter(browser, provider, next_page="/account/")["Location"] == "/account/"
    assert browser.is_inside()
    user = User.objects.get_by_natural_key(EMAIL)
    assert user.name == "Alice Archer"
    assert not user.has_usable_password()
    assert browser.get("/")["Location"] == "/company/new"
    again = Browser()
    enter(again, provider)
    assert again.is_inside()
    assert User.objects.using("control").filter(email=EMAIL).count() == 1


def test_an_account_that_is_there_is_the_same_persons(
    browser: Browser, provider: Provider, alice: User
) -> None:
    """Where the provider vouches for the address; the password stays."""
    provider.person = ALICE
    enter(browser, provider)
    assert browser.is_inside()
    assert Browser().sign_in().status_code == 302


def test_an_account_somebody_else_squats_is_not_theirs(
    browser: Browser, provider: Provider, owner: User
) -> None:
    """Whoever opened it and never confirmed the address is locked out."""
    provider.person = ALICE
    enter(browser, provider)
    assert browser.is_inside()
    assert Browser().sign_in().status_code == 200


@pytest.mark.parametrize(
    "person",
    [
        {**ALICE, "email": "alice@elsewhere.example"},
        {**ALICE, "email": "alice@example.com.evil.example"},
        {**ALICE, "email": "alice@sub.example.com"},
        {**ALICE, "email_verified": False},
        {**ALICE, "email_verified": "no"},
        {"sub": "7", "name": "Nobody"},
        {**ALICE, "email": ""},
    ],
)
def test_nobody_else_comes_in_by_it(
    person: dict[str, Any], browser: Browser, provider: Provider, alice: User
) -> None:
    """Whatever the provider says of them; nothing is made."""
    create_user("alice@elsewhere.example", password=PASSWORD)
    provider.person = person
    assert enter(browser, provider)["Location"] == "/sign-in"
    assert b"did not name a confirmed address" in browser.get("/sign-in").content
    assert not browser.is_inside()
    assert User.objects.using("control").count() == 2


def test_what_does_not_come_from_the_provider_opens_nothing(
    browser: Browser, provider: Provider
) -> None:
    """A made-up code, another browser's state, a refusal, nothing at all."""
    provider.person = ALICE
    back = urlsplit(provider.signed_in(browser.get("/sign-in/sso")["Location"]))
    stranger = Browser(address="198.51.100.7")
    assert stranger.get(f"{back.path}?{back.query}")["Location"] == "/sign-in"
    assert not stranger.is_inside()
    for query in ("", "code=x", "code=x&state=y", "error=access_denied", "error=x&state=%F0"):
        assert browser.get(f"/sign-in/sso/callback?{query}")["Location"] == "/sign-in"
    assert not browser.is_inside()


def test_a_provider_that_is_away_is_a_sentence(browser: Browser, settings: Any) -> None:
    """And no error of ours."""
    app = {
        "provider_id": "sso",
        "client_id": "x",
        "secret": "y",
        "settings": {"server_url": "http://127.0.0.1:1"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.SSO_URL, settings.SSO_DOMAINS = "http://127.0.0.1:1", ("example.com",)
    assert browser.get("/sign-in/sso")["Location"] == "/sign-in"
    assert b"does not answer" in browser.get("/sign-in").content


def test_where_it_is_required_no_password_opens(
    browser: Browser, provider: Provider, alice: User, settings: Any
) -> None:
    """Of the domains alone; nobody of them signs up by a password either."""
    settings.SSO_REQUIRED = True
    refused = browser.sign_in()
    assert refused.status_code == 403
    assert b"Your company signs in with Example" in refused.getvalue()
    assert browser.post("/sign-up", NEWCOMER).status_code == 422
    create_user("bob@elsewhere.example", password=PASSWORD)
    assert Browser().sign_in(email="bob@elsewhere.example").status_code == 302
    provider.person = ALICE
    enter(browser, provider)
    assert browser.is_inside()


def test_without_a_provider_there_is_no_such_page(browser: Browser, db: None) -> None:
    """404 at both addresses."""
    assert browser.get("/sign-in/sso").status_code == 404
    assert browser.get("/sign-in/sso/callback?code=x").status_code == 404
