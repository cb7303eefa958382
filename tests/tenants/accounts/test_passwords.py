"""A password is reset by a link and changed by whoever knows it; either ends what was open."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.accounts.limits import MOST_FROM_ONE_ADDRESS
from tenants.models import User
from tests.tenants.accounts.conftest import ANOTHER, EMAIL, PASSWORD, Browser, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
Mails = Callable[[], list[Any]]


def asked_for_link(browser: Browser, mails: Mails, email: str = EMAIL) -> str:
    answer = browser.post("/password/reset", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/password/reset/sent")
    (message,) = mails()
    return link_in(message)


def chosen(browser: Browser, link: str, password: str) -> Any:
    """The password that is chosen at a link."""
    page = browser.get(link)
    path = page["Location"] if page.status_code == 302 else link
    return browser.post(path, {"password1": password})


def test_who_forgot_the_password_chooses_another_by_a_link(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """It ends every sign-in, works once, and its owner is told."""
    elsewhere = Browser(address="198.51.100.7")
    elsewhere.sign_in()
    assert elsewhere.is_inside()
    mails()
    link = asked_for_link(browser, mails)
    assert chosen(browser, link, ANOTHER).status_code == 302
    assert not elsewhere.is_inside()
    assert browser.sign_in(PASSWORD).status_code == 200
    assert browser.sign_in(ANOTHER).status_code == 302
    (notice,) = mails()
    assert "reset" in notice.subject
    thief = Browser(address="203.0.113.5")
    assert b"no longer works" in thief.get(link).content
    assert chosen(thief, link, "a third long one").status_code == 200
    assert Browser().sign_in(ANOTHER).status_code == 302


def test_a_link_is_void_after_another_sign_in_or_password(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """Whoever remembers it after all leaves no link behind."""
    link = asked_for_link(browser, mails)
    browser.sign_in()
    assert b"no longer works" in Browser().get(link).content


def test_one_accounts_link_does_not_reset_anothers(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """The token belongs to the user that it was made for."""
    from tenants.actions import create_user

    bob = create_user("bob@example.com", password=PASSWORD)
    link = asked_for_link(browser, mails)
    token = link.rpartition("/")[2].partition("-")[2]
    assert b"no longer works" in browser.get(f"/password/reset/{bob.pk.hex}-{token}").content


def test_nobody_learns_by_it_who_has_an_account(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """The same answer; an address that has none is told so itself."""
    known, unknown = Browser(), Browser()
    answers = [
        known.post("/password/reset", {"email": EMAIL}),
        unknown.post("/password/reset", {"email": "nobody@example.com"}),
    ]
    assert [(a.status_code, a["Location"], a.content) for a in answers] == [
        (302, "/password/reset/sent", b"")
    ] * 2
    told = {message.to[0]: message.subject for message in mails()}
    assert told[EMAIL] == "Choose a new password"
    assert told["nobody@example.com"].startswith("There is no")


def test_an_address_is_mailed_so_often_an_hour(browser: Browser, alice: User, mails: Mails) -> None:
    """Whoever types it; the page says the same."""
    for number in range(15):
        asker = Browser(address=f"192.0.2.{number}")
        assert asker.post("/password/reset", {"email": EMAIL}).status_code == 302
    assert len(mails()) <= 13


def test_a_weak_password_is_refused_at_the_link(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """With what is expected beside the field; the link still works."""
    link = asked_for_link(browser, mails)
    for weak in ("short", "password123", "p" * 10_000, ""):
        assert b'id="id_password1_error"' in chosen(browser, link, weak).content
    assert chosen(browser, link, ANOTHER).status_code == 302
    assert browser.sign_in(ANOTHER).status_code == 302


def test_the_password_is_changed_by_whoever_knows_it(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """Here one goes on, elsewhere it has ended; its owner is told."""
    elsewhere = Browser(address="198.51.100.7")
    browser.sign_in()
    elsewhere.sign_in()
    form = {"oldpassword": PASSWORD, "password1": ANOTHER}
    wrong = browser.post("/account/password", {**form, "oldpassword": "not this one"})
    assert b"That is not your password" in wrong.content
    assert browser.post("/account/password", form)["Location"] == "/account/security"
    assert (browser.is_inside(), elsewhere.is_inside()) == (True, False)
    assert b"this one" in browser.get("/account/sessions").content
    (notice,) = mails()
    assert notice.to == [EMAIL]
    assert Browser().sign_in(ANOTHER).status_code == 302


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/password", {"oldpassword": "no", "password1": ANOTHER}),
        ("/account/again/password", {"password": "no"}),
    ],
)
def test_a_session_is_no_door_for_guessing_the_password(
    path: str, form: dict[str, str], browser: Browser, alice: User
) -> None:
    """Whoever finds a browser open is refused like whoever stands before the sign-in page."""
    browser.sign_in()
    for _ in range(MOST_FROM_ONE_ADDRESS):
        assert browser.post(path, form).status_code == 200
    refused = browser.post(path, form)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    right = {name: PASSWORD if value == "no" else value for name, value in form.items()}
    assert browser.post(path, right).status_code == 429
    assert Browser(address="198.51.100.7").sign_in().status_code == 302
