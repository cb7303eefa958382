"""Who looks at the pages, and what has to be there for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from inference.fleet.actions import ensure_regions
from tenants.accounts.reset_tokens import ResetTokens
from tenants.actions import create_user
from tenants.context import as_tenant
from tenants.mail import mailbox
from tenants.mail.outbox import deliver_due
from tenants.models import User
from tenants.parked.actions import count_attempt
from tenants.people.invitations import invite
from tests.browser.pages.companies import PASSWORD, Seen
from tests.browser.test_accounts import with_authenticator

Ids = dict[str, UUID | str]


@contextmanager
def signed_in(browser: Browser, site: str, user: User) -> Iterator[BrowserContext]:
    """A browser of somebody who gave their password a moment ago."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password", email=user.email, reauthenticated=True)
    request.session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    with at_the_door(browser, site) as context:
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        yield context


@contextmanager
def at_the_door(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A browser in which nobody is signed in."""
    context = browser.new_context(base_url=site)
    yield context
    context.close()


def letters(seen: Seen) -> Ids:
    """What stands in mails to newcomers, to the invited, and to one who forgot the password."""
    newcomer = create_user("nora@example.org", password=PASSWORD)
    address, _ = EmailAddress.objects.update_or_create(
        user_id=newcomer.pk, email=newcomer.email, defaults={"verified": False}
    )
    forgetful = create_user("forgot@example.org", password=PASSWORD)
    with as_tenant(seen.tenant_id):
        links = [invite(f"{who}@example.org", role="builder").link for who in ("new", "forgot")]
    new, known = (urlsplit(link).path.removeprefix("/invitations/") for link in links)
    deliver_due()
    user = forgetful.pk.hex
    return {
        "confirmation": EmailConfirmationHMAC(address).key,
        "user": user,
        "reset": f"{user}-{ResetTokens().make_token(forgetful)}",
        "invitation": new,
        "invitation_of_account": known,
        "mail": mailbox.mails()[0].name,
    }


def secured_twice() -> User:
    """Somebody with an authenticator app and recovery codes."""
    user = create_user("careful@example.org", password=PASSWORD, name="Carla Careful")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def add_passkey(context: BrowserContext, page: Page) -> int:
    """A passkey in the device that this browser stands for; its number in the addresses."""
    with_authenticator(context, page)
    page.goto("/account/passkeys/add")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/account/security")
    return int(Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk)


def operator() -> User:
    """Who runs the platform, with its regions and a job that nobody could do."""
    ensure_regions()
    count_attempt(
        "01a22451-7722-7876-97ce-f1540842d6fb",
        task="telephony.tasks.summarise_calls",
        company=None,
        args=[],
        kwargs={},
        why="the database was away",
        parks_at=1,
    )
    return create_user("operator@example.org", password=PASSWORD, is_staff=True)
