"""Opening an account: a person and their company at once, and nobody learns who has one already."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from allauth.account.models import EmailAddress

from tenants.accounts.actions import (
    TRIAL,
    UNCONFIRMED_FOR,
    found_company,
    remove_unconfirmed,
    sign_up,
)
from tenants.actions import add_member, create_user
from tenants.company.queries import company_line
from tenants.context import CONTROL, as_tenant
from tenants.errors import AddressTaken
from tenants.models import AuditEvent, Tenant, User
from tenants.people.actions import appoint_owner
from tenants.people.queries import all_members
from tenants.queries import memberships
from tests.tenants.accounts.conftest import (
    COMPANY,
    EMAIL,
    NEWCOMER,
    PASSWORD,
    Browser,
    link_in,
)
from warmline.kernel import clock
from warmline.kernel.errors import BadInput

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
Mails = Callable[[], list[Any]]


def test_a_newcomer_signs_up_opens_the_link_and_is_inside(browser: Browser, mails: Mails) -> None:
    """As the owner of a company on trial for fourteen days; before the link nothing opens."""
    answer = browser.post("/sign-up", NEWCOMER)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-up/sent")
    assert not browser.is_inside()
    (message,) = mails()
    assert message.to == [EMAIL]
    link = link_in(message)
    assert b"Yes, confirm it" in browser.get(link).content
    assert not browser.is_inside()
    assert browser.post(link)["Location"] == "/"
    assert browser.is_inside()
    user = User.objects.get_by_natural_key(EMAIL)
    (place,) = memberships(user.pk)
    assert (place.name, place.role) == (COMPANY.name, "owner")
    with as_tenant(place.tenant_id):
        tenant = Tenant.objects.get()
        (event,) = AuditEvent.objects.filter(action="company.create")
    assert (tenant.plan, tenant.vertical, tenant.time_zone) == (
        "trial",
        COMPANY.vertical,
        COMPANY.time_zone,
    )
    assert tenant.trial_ends_at is not None
    assert timedelta(days=13, hours=23) < tenant.trial_ends_at - clock.now() <= TRIAL
    assert event.detail == {"plan": "trial", "owner": str(user.pk)}


def test_in_another_browser_the_link_confirms_and_lets_nobody_in(
    browser: Browser, mails: Mails
) -> None:
    """Whoever opens the link there signs in with the password that was chosen."""
    browser.post("/sign-up", NEWCOMER)
    (message,) = mails()
    elsewhere = Browser(address="198.51.100.7")
    assert elsewhere.post(link_in(message))["Location"] == "/sign-in"
    assert not elsewhere.is_inside()
    assert elsewhere.sign_in().status_code == 302
    assert elsewhere.is_inside()


def test_a_link_works_once(browser: Browser, mails: Mails) -> None:
    """Opened again it says so, and lets nobody in."""
    browser.post("/sign-up", NEWCOMER)
    (message,) = mails()
    browser.post(link_in(message))
    thief = Browser(address="198.51.100.7")
    assert b"no longer works" in thief.get(link_in(message)).content
    assert thief.post(link_in(message)).status_code == 404
    assert not thief.is_inside()


def test_who_is_not_confirmed_signs_in_to_a_new_link(
    browser: Browser, owner: User, mails: Mails
) -> None:
    """With the right password; with a wrong one nothing is sent."""
    assert browser.sign_in("not this one at all").status_code == 200
    assert mails() == []
    assert browser.sign_in()["Location"] == "/sign-up/sent"
    assert not browser.is_inside()
    (message,) = mails()
    assert browser.post(link_in(message))["Location"] == "/"
    assert browser.is_inside()


@pytest.mark.parametrize(
    "spelling", [EMAIL, "ALICE@Example.com", "ａｌｉｃｅ@example.com", " alice@example.com "]
)
def test_nobody_learns_who_has_an_account(spelling: str, alice: User, mails: Mails) -> None:
    """The same page, the same cookies; only the address itself is told, and nothing is made."""
    taken, free = Browser(), Browser()
    answers = [
        taken.post("/sign-up", {**NEWCOMER, "email": spelling}),
        free.post("/sign-up", {**NEWCOMER, "email": "bob@example.com"}),
    ]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/sign-up/sent")] * 2
    assert set(answers[0].cookies) == set(answers[1].cookies)
    assert taken.get("/sign-up/sent").content == free.get("/sign-up/sent").content
    told, confirming = sorted(mails(), key=lambda message: message.to)
    assert (told.to, confirming.to) == ([EMAIL], ["bob@example.com"])
    assert "already" in told.subject
    assert not taken.is_inside()
    assert User.objects.get_by_natural_key(EMAIL).check_password(PASSWORD)
    assert memberships(alice.pk) == ()


def test_an_account_and_its_company_are_made_together_or_not_at_all(alice: User) -> None:
    """A taken address leaves no company behind, a company that is refused no user."""
    before = Tenant.objects.using("control").count()
    with pytest.raises(AddressTaken):
        sign_up("Alice@example.com", password=PASSWORD, name="A", company=COMPANY)
    assert Tenant.objects.using("control").count() == before
    for wrong, field in (
        ({"vertical": "piracy"}, "vertical"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "   "}, "company"),
        ({"name": "x" * 101}, "company"),
        ({"name": "a\nb"}, "company"),
    ):
        given = {"name": "N", "vertical": "homeservices", "time_zone": "UTC", **wrong}
        with pytest.raises(BadInput) as refused:
            sign_up("bob@example.com", password=PASSWORD, name="B", company=type(COMPANY)(**given))
        assert refused.value.field == field
    assert not EmailAddress.objects.filter(email="bob@example.com").exists()


def test_two_companies_of_one_name_have_slugs_of_their_own(alice: User) -> None:
    """Which are words of the name, whatever letters it has."""
    first, second = (found_company(alice, COMPANY) for _ in range(2))
    assert first.slug == "rivertown-plumbing"
    assert second.slug.startswith("rivertown-plumbing-")
    other = found_company(alice, type(COMPANY)("水道屋", "homeservices", "Asia/Tokyo"))
    assert other.slug.startswith("company")
    assert {place.role for place in memberships(alice.pk)} == {"owner"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a" * 10_000 + "@example.com"),
        ("email", "a\0b@example.com"),
        ("email", ""),
        ("name", ""),
        ("name", "n" * 10_000),
        ("name", "n\0"),
        ("password", "short"),
        ("password", "password123"),
        ("password", "p" * 10_000),
        ("password", "a long\0 enough one"),
        ("company", ""),
        ("company", "c" * 10_000),
        ("vertical", "piracy"),
        ("vertical", "x" * 10_000),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(
    field: str, value: str, browser: Browser, mails: Mails
) -> None:
    """Nothing is made, nothing is mailed."""
    answer = browser.post("/sign-up", {**NEWCOMER, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"'.encode() in answer.content
    assert mails() == []


def test_what_a_newcomer_calls_themselves_goes_to_nobody(browser: Browser, mails: Mails) -> None:
    """Else anybody could have their words mailed to an address that they name."""
    words = "Win money at https://evil.example"
    browser.post("/sign-up", {**NEWCOMER, "name": words, "company": words})
    (message,) = mails()
    assert "evil" not in message.body + message.subject + str(message.alternatives)


def test_links_lead_to_the_public_address(browser: Browser, mails: Mails, settings: Any) -> None:
    """Whatever host the request names."""
    settings.PUBLIC_URL = "https://calls.example.com"
    browser.post("/sign-up", NEWCOMER, HTTP_HOST="localhost", HTTP_X_FORWARDED_HOST="evil.example")
    (message,) = mails()
    assert set(re.findall(r"https?://[^/\s]+", message.body)) == {"https://calls.example.com"}


def test_an_operator_may_close_it(browser: Browser, settings: Any) -> None:
    """Then accounts come by invitation."""
    settings.SIGN_UP = False
    assert browser.get("/sign-up").status_code == 403
    assert browser.post("/sign-up", NEWCOMER).status_code == 403
    assert b"/sign-up" not in browser.get("/sign-in").content


def test_without_mail_nobody_can_sign_up_and_is_told_why(browser: Browser, settings: Any) -> None:
    """No account is left whose address can never be confirmed."""
    settings.SENDS_MAIL = False
    answer = browser.post("/sign-up", NEWCOMER)
    assert answer.status_code == 503
    assert b"WARMLINE_SMTP_HOST" in answer.content


def test_one_address_opens_so_many_accounts_an_hour(browser: Browser) -> None:
    """Then it waits; another one does not."""
    statuses = [
        browser.post("/sign-up", {**NEWCOMER, "email": f"u{n}@example.com"}).status_code
        for n in range(22)
    ]
    assert statuses[:20] == [302] * 20
    assert statuses[-1] == 429
    other = Browser(address="198.51.100.1")
    assert other.post("/sign-up", NEWCOMER).status_code == 302


def test_an_account_that_nobody_confirms_is_forgotten(
    owner: User, alice_later: Callable[[], User], superuser: psycopg.Connection
) -> None:
    """After a week; the address is free again, and what was confirmed stays."""
    confirmed = alice_later()
    now = clock.now()
    assert remove_unconfirmed(at=now) == 0
    assert remove_unconfirmed(at=now + UNCONFIRMED_FOR + timedelta(minutes=1)) == 1
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    assert EmailAddress.objects.filter(user_id=confirmed.pk, verified=True).exists()
    again, _ = sign_up(EMAIL, password=PASSWORD, name="Alice", company=COMPANY)
    assert again.pk != owner.pk
    names = [n for (n,) in superuser.execute("SELECT name FROM tenants_user ORDER BY created_at")]
    assert names[0] == "A former user"


def forget_unconfirmed() -> int:
    """As the job does, when the week is over."""
    return remove_unconfirmed(at=clock.now() + UNCONFIRMED_FOR + timedelta(minutes=1))


def test_a_company_that_only_a_forgotten_account_was_in_is_closed(owner: User) -> None:
    """So that nobody's company is left: it is erased when its time is over."""
    (company,) = memberships(owner.pk)
    assert forget_unconfirmed() == 1
    line = company_line(Tenant.objects.using(CONTROL).get(name=COMPANY.name).slug)
    assert (line.state, company.role) == ("closed", "owner")
    assert memberships(owner.pk) == ()


def test_an_account_is_kept_while_others_would_be_left_without_an_owner(owner: User) -> None:
    """Until there is another one."""
    carol = create_user("carol@example.com", password=PASSWORD)
    (company,) = memberships(owner.pk)
    with as_tenant(company.tenant_id):
        add_member(carol, role="builder")
    assert forget_unconfirmed() == 0
    with as_tenant(company.tenant_id):
        appoint_owner(carol)
    assert forget_unconfirmed() == 1
    assert [(one.name, one.role) for one in memberships(carol.pk)] == [(company.name, "owner")]
    with as_tenant(company.tenant_id):
        assert [line.email for line in all_members()] == ["carol@example.com"]


@pytest.fixture
def alice_later() -> Callable[[], User]:
    """Somebody else, whose address is confirmed."""
    return lambda: create_user("carol@example.com", password=PASSWORD)


def test_somebody_without_a_company_is_led_to_found_one(browser: Browser, alice: User) -> None:
    """And is inside it at once."""
    browser.sign_in()
    assert browser.get("/")["Location"] == "/company/new"
    form = {"company": "Second Start", "vertical": "healthcare", "time_zone": "UTC"}
    assert browser.post("/company/new", form).status_code == 302
    (place,) = memberships(alice.pk)
    assert (place.name, place.role) == ("Second Start", "owner")
    assert browser.get("/")["Location"] == "/home/"
    assert browser.get("/calls/").status_code == 200


@pytest.mark.parametrize("key", ["x", "MQ:1vabc:zzzz", "a" * 3000, quote("ü" * 20), "%00"])
def test_a_made_up_link_opens_nothing(key: str, browser: Browser) -> None:
    """It says that it does not work."""
    assert browser.get(f"/confirm/{key}").status_code in {200, 404}
    assert browser.post(f"/confirm/{key}").status_code == 404
    assert not browser.is_inside()
