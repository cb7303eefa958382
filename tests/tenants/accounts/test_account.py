"""A person's own pages: what they are called, another address, the end of the account."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tenants.accounts.actions import found_company
from tenants.actions import add_member, create_user
from tenants.context import as_tenant
from tenants.models import User
from tenants.queries import memberships
from tests.tenants.accounts.conftest import COMPANY, EMAIL, PASSWORD, Browser, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
Mails = Callable[[], list[Any]]
NEW = "alice@new.example.com"


def asked_for_address(browser: Browser, mails: Mails, email: str) -> list[Any]:
    browser.sign_in()
    browser.confirm_again()
    answer = browser.post("/account/email", {"email": email})
    assert answer.status_code == 302, answer.content.decode()
    return mails()


def test_a_new_address_counts_from_when_its_link_is_opened(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """The old one is told; from then on it opens nothing."""
    (message,) = asked_for_address(browser, mails, " ALICE@New.Example.com")
    assert message.to == [NEW]
    assert NEW in browser.get("/account/").content.decode()
    assert Browser().sign_in().status_code == 302
    assert Browser().sign_in(email=NEW).status_code == 200
    assert browser.post(link_in(message))["Location"] == "/account/"
    (notice,) = mails()
    assert notice.to == [EMAIL]
    assert NEW in notice.body
    assert Browser().sign_in(email=EMAIL).status_code == 200
    assert Browser().sign_in(email=NEW).status_code == 302
    assert browser.is_inside()


def test_another_address_is_asked_for_with_the_password_once_more(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """Whoever finds the browser open does not take the account away."""
    browser.sign_in()
    answer = browser.post("/account/email", {"email": NEW})
    assert answer["Location"].startswith("/account/again/password")
    assert mails() == []


def test_an_address_that_is_anothers_is_not_taken(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """The page does not tell; the link does, and both accounts stay as they are."""
    create_user("bob@example.com", password=PASSWORD)
    (message,) = asked_for_address(browser, mails, "bob@example.com")
    assert message.to == ["bob@example.com"]
    link = link_in(message)
    assert b"is taken" in browser.get(link).content
    browser.post(link)
    assert Browser().sign_in(email=EMAIL).status_code == 302
    assert Browser().sign_in(email="bob@example.com").status_code == 302


def test_one_keeps_the_present_address(browser: Browser, alice: User, mails: Mails) -> None:
    """Then the link is void."""
    (message,) = asked_for_address(browser, mails, NEW)
    assert browser.post("/account/email", {"action_remove": "yes"}).status_code == 302
    assert b"no longer works" in browser.get(link_in(message)).content


@pytest.mark.parametrize("email", ["", "no address", "a" * 10_000, "a\0@example.com", EMAIL])
def test_what_is_no_new_address_is_told(email: str, browser: Browser, alice: User) -> None:
    """Beside its field."""
    browser.sign_in()
    browser.confirm_again()
    assert b'id="id_email_error"' in browser.post("/account/email", {"email": email}).content


def test_one_is_called_anew(browser: Browser, alice: User) -> None:
    """What does not fit is told beside the field."""
    browser.sign_in()
    assert browser.post("/account/", {"name": " Alice Archer "}).status_code == 302
    assert User.objects.get_by_natural_key(EMAIL).name == "Alice Archer"
    for wrong in ("", "   ", "n" * 101, "a\0b"):
        answer = browser.post("/account/", {"name": wrong})
        assert answer.status_code == 422
        assert b'id="id_name_error"' in answer.content


def test_an_account_is_deleted(
    browser: Browser, alice: User, superuser: psycopg.Connection
) -> None:
    """With all that tells who it was; what was done in a company stays, and so does the company."""
    bob = create_user("bob@example.com", password=PASSWORD)
    tenant = found_company(alice, COMPANY)
    with as_tenant(tenant.tenant_id):
        add_member(bob, role="owner")
    browser.sign_in()
    assert browser.post("/account/delete")["Location"].startswith("/account/again/password")
    browser.confirm_again()
    assert b"cannot be brought back" in browser.get("/account/delete").content
    assert browser.post("/account/delete")["Location"] == "/sign-in"
    assert not browser.is_inside()
    assert Browser().sign_in().status_code == 200
    assert memberships(alice.pk) == ()
    assert [place.name for place in memberships(bob.pk)] == [COMPANY.name]
    for table in ("account_emailaddress", "tenants_user", "mfa_authenticator"):
        rows = superuser.execute(f"SELECT t::text FROM {table} t").fetchall()
        assert not any("alice" in str(row).lower() for row in rows)
    again = create_user(EMAIL, password=PASSWORD)
    assert again.pk != alice.pk


def test_the_only_owner_of_a_company_stays(browser: Browser, alice: User) -> None:
    """Until somebody else is its owner; nothing is taken away before."""
    other = found_company(create_user("bob@example.com", password=PASSWORD), COMPANY)
    with as_tenant(other.tenant_id):
        add_member(alice, role="admin")
    found_company(alice, COMPANY)
    browser.sign_in()
    browser.confirm_again()
    refused = browser.post("/account/delete")
    assert refused.status_code == 409
    assert b"You are the only owner of Rivertown Plumbing" in refused.content
    assert {place.role for place in memberships(alice.pk)} == {"owner", "admin"}
    assert browser.is_inside()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver.evil.example/",
        "\thttps://evil.example",
    ],
)
def test_nobody_is_led_elsewhere(target: str, browser: Browser, alice: User) -> None:
    """By whatever `next` says, at any of the doors."""
    form = {"username": EMAIL, "password": PASSWORD, "next": target}
    assert browser.post("/sign-in", form)["Location"] == "/"
    again = browser.post("/account/again/password", {"password": PASSWORD, "next": target})
    assert again["Location"] == "/"
    away = Browser()
    assert "evil" not in away.post("/password/reset", {"email": EMAIL, "next": target})["Location"]


def test_one_is_led_to_where_one_wanted(browser: Browser, alice: User) -> None:
    """A page of ours."""
    form = {"username": EMAIL, "password": PASSWORD, "next": "/account/security"}
    assert browser.post("/sign-in", form)["Location"] == "/account/security"
