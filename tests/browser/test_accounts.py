"""A newcomer's way in, in a real browser: the form, the mailbox, the link, a passkey."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tenants.mail.outbox import deliver_due
from tests.browser.conftest import MAILBOX, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def newcomer(browser: Browser, site: str, db: None, settings: Any) -> Any:
    """A browser of somebody who was never here, under a name: no number has passkeys."""
    settings.MAILBOX = MAILBOX
    settings.EMAIL_BACKEND = "tenants.mail.mailbox.MailboxBackend"
    settings.SEALING_KEYS = (settings.SECRET_KEY,)
    context = browser.new_context(
        base_url=site.replace("127.0.0.1", "localhost"), timezone_id="Europe/Berlin"
    )
    yield context
    context.close()


def sign_up(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("link", name="Open an account").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Your name").fill("Nora Newcomer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Company").fill("Nora's Salon")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()


def open_the_link(page: Page) -> None:
    page.get_by_role("link", name="Open the mailbox of this machine").click()
    deliver_due()
    page.reload()
    page.get_by_role("link", name="Confirm your e-mail address").first.click()
    # A mail's links lead to the public address; here the same page has a name.
    link = page.get_by_role("main").get_by_role("link").filter(has_text="/confirm/")
    page.goto(str(link.get_attribute("href")).replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name="Yes, confirm it").click()
    page.wait_for_url("**/home/")


def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A device that has passkeys and knows its owner."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_newcomer_comes_in_by_the_mailbox_and_again_by_a_passkey(
    newcomer: BrowserContext,
) -> None:
    """Nothing is typed the second time."""
    page = newcomer.new_page()
    with_authenticator(newcomer, page)
    sign_up(page, "nora@example.org")
    open_the_link(page)
    expect(page.get_by_text("Nora's Salon").first).to_be_visible()
    page.goto("/account/security")
    page.get_by_role("link", name="Add one").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="They are kept safe").click()
    expect(page.get_by_role("cell", name="Laptop", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in?next=/account/sessions")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account/sessions")
    expect(page.get_by_text("this one")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/home/")
