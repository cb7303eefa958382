"""A second factor: asked for after the password, taken once, limited like a password, sealed."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command

from tenants.accounts.codes import LIMIT
from tenants.actions import create_user
from tenants.models import User
from tests.tenants.accounts.conftest import ANOTHER, EMAIL, PASSWORD, Browser, code_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
Mails = Callable[[], list[Any]]
# Of the right form, and signed by nobody.
NO_ANSWER = (
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AA",'
    ' "clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}'
)


@pytest.fixture
def secret(alice: User) -> str:
    """Of the authenticator app that the account has."""
    made = generate_totp_secret()
    TOTP.activate(alice, made)
    return made


@pytest.fixture
def recovery_codes(alice: User, secret: str) -> list[str]:
    """That come with it."""
    codes: list[str] = RecoveryCodes.activate(alice).generate_codes()
    return codes


def test_an_app_is_set_up_and_asked_for_from_then_on(
    browser: Browser, alice: User, mails: Mails
) -> None:
    """After the password is given once more; its owner is told, recovery codes come with it."""
    browser.sign_in()
    asked = browser.get("/account/app")
    assert asked["Location"].startswith("/account/again/password?next=")
    browser.confirm_again()
    page = browser.get("/account/app").content.decode()
    found = re.search(r'class="code">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    assert "data:image/svg+xml" in page
    wrong = browser.post("/account/app", {"code": "000000"})
    assert b"That is not the code" in wrong.content
    code = code_at(secret)
    assert browser.post("/account/app", {"code": code})["Location"] == "/account/recovery-codes"
    assert (
        len(
            re.findall(
                r"<code>\d{8}</code>", browser.get("/account/recovery-codes").content.decode()
            )
        )
        == 10
    )
    assert any("authenticator app" in message.subject for message in mails())
    elsewhere = Browser(address="198.51.100.7")
    assert elsewhere.sign_in()["Location"] == "/sign-in/code"
    assert not elsewhere.is_inside()
    # The code that set it up is used up.
    assert b"used already" in elsewhere.post("/sign-in/code", {"code": code}).content
    assert elsewhere.post("/sign-in/code", {"code": code_at(secret, steps=1)})["Location"] == "/"
    assert elsewhere.is_inside()


def test_the_password_alone_opens_nothing(browser: Browser, secret: str) -> None:
    """Whatever page is asked for directly."""
    browser.sign_in()
    for path in ("/", "/account/", "/account/security", "/calls/", "/account/app/remove"):
        assert browser.get(path)["Location"].startswith("/sign-in")
    assert browser.post("/account/again/password", {"password": PASSWORD}).status_code == 302
    assert browser.post("/account/app/remove")["Location"].startswith("/sign-in")
    assert Authenticator.objects.filter(type="totp").exists()
    assert not browser.is_inside()


def test_without_the_password_no_code_is_asked_for(browser: Browser, secret: str) -> None:
    """The page of the second factor leads back to the first."""
    assert browser.get("/sign-in/code")["Location"] == "/sign-in"
    assert browser.post("/sign-in/code", {"code": code_at(secret)})["Location"] == "/sign-in"
    assert not browser.is_inside()


def test_a_code_is_taken_once(browser: Browser, secret: str) -> None:
    """Nor any that is older than one that was taken."""
    elsewhere = Browser(address="198.51.100.7")
    for entered in (browser, elsewhere):
        entered.sign_in()
    code = code_at(secret)
    assert browser.post("/sign-in/code", {"code": code}).status_code == 302
    for used in (code, f" {code[:3]} {code[3:]} ", code_at(secret, steps=-1)):
        assert elsewhere.post("/sign-in/code", {"code": used}).status_code == 200
    assert not elsewhere.is_inside()
    assert elsewhere.post("/sign-in/code", {"code": code_at(secret, steps=1)}).status_code == 302


def test_a_recovery_code_opens_once(browser: Browser, recovery_codes: list[str]) -> None:
    """The others go on working."""
    first, second, *_ = recovery_codes
    for number, (code, status) in enumerate(((first, 302), (first, 200), (second, 302))):
        entering = Browser(address=f"192.0.2.{number + 10}")
        entering.sign_in()
        assert entering.post("/sign-in/code", {"code": code}).status_code == status


def test_codes_are_limited_as_passwords_are(browser: Browser, secret: str) -> None:
    """By account, wherever they come from: then even the right one is refused."""
    for number in range(LIMIT.most):
        guesser = Browser(address=f"192.0.2.{number}")
        guesser.sign_in()
        assert guesser.post("/sign-in/code", {"code": "000000"}).status_code == 200
    browser.sign_in()
    refused = browser.post("/sign-in/code", {"code": code_at(secret)})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert not browser.is_inside()


def test_codes_are_limited_while_redis_is_away(
    browser: Browser, secret: str, settings: Any
) -> None:
    """Passwords are slow to check, codes are not: what failed is kept beside the factor."""
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": away}
    browser.sign_in()
    for _ in range(LIMIT.most):
        assert browser.post("/sign-in/code", {"code": "000000"}).status_code == 200
    assert browser.post("/sign-in/code", {"code": code_at(secret)}).status_code == 429


def test_what_failed_is_forgotten_after_a_right_code(browser: Browser, secret: str) -> None:
    """Its owner errs, and begins anew."""
    for steps in (0, 1):
        browser.sign_in()
        for _ in range(LIMIT.most - 1):
            assert browser.post("/sign-in/code", {"code": "000000"}).status_code == 200
        assert browser.post("/sign-in/code", {"code": code_at(secret, steps=steps)})["Location"]
        browser.client.logout()


@pytest.mark.parametrize("code", ["", " ", "0" * 10_000, "\0", "１２３４５６", "abc def", "-1"])
def test_what_is_no_code_is_refused(code: str, browser: Browser, secret: str) -> None:
    """In a sentence."""
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": code}).status_code == 200
    assert not browser.is_inside()


def test_another_users_code_opens_nothing(browser: Browser, secret: str) -> None:
    """A factor belongs to its account."""
    create_user("bob@example.com", password=PASSWORD)
    bob = User.objects.get_by_natural_key("bob@example.com")
    bobs = generate_totp_secret()
    TOTP.activate(bob, bobs)
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": code_at(bobs)}).status_code == 200


def test_the_app_is_removed_and_the_codes_with_it(
    browser: Browser, recovery_codes: list[str]
) -> None:
    """After a factor is given once more."""
    browser.sign_in()
    browser.post("/sign-in/code", {"code": recovery_codes[0]})
    assert browser.post("/account/app/remove")["Location"].startswith("/account/again/")
    browser.confirm_again()
    assert browser.post("/account/app/remove")["Location"] == "/account/security"
    assert not Authenticator.objects.exists()
    assert Browser().sign_in()["Location"] == "/"


def test_secrets_are_sealed_at_rest(
    secret: str, recovery_codes: list[str], superuser: psycopg.Connection
) -> None:
    """Whoever reads the table shows no code."""
    rows = superuser.execute("SELECT data::text FROM mfa_authenticator").fetchall()
    text = " ".join(row for (row,) in rows)
    assert secret not in text
    assert not any(code in text for code in recovery_codes)


def test_secrets_outlive_a_change_of_keys(
    browser: Browser, recovery_codes: list[str], settings: Any
) -> None:
    """Resealed, they open under the new key alone."""
    new = "n" * 40
    settings.SEALING_KEYS = (new, *settings.SEALING_KEYS)
    call_command("reseal")
    settings.SEALING_KEYS = (new,)
    browser.sign_in()
    assert browser.post("/sign-in/code", {"code": recovery_codes[0]})["Location"] == "/"


def test_factors_are_unseen_inside_a_company(secret: str, rivertown: str) -> None:
    """The app role may not read them at all."""
    from django.db import ProgrammingError

    from tenants.context import as_tenant

    with as_tenant(rivertown), pytest.raises(ProgrammingError, match="permission denied"):
        list(Authenticator.objects.all())


def test_resetting_the_password_does_not_get_past_it(
    browser: Browser, secret: str, mails: Mails
) -> None:
    """Whoever has the mailbox alone stays outside."""
    from tests.tenants.accounts.test_passwords import asked_for_link, chosen

    chosen(browser, asked_for_link(browser, mails), ANOTHER)
    assert browser.sign_in(ANOTHER)["Location"] == "/sign-in/code"
    assert not browser.is_inside()


class TestPasskeys:
    """What a browser's script sends is parsed like anything else from outside."""

    def test_a_passkey_is_asked_for_in_json(self, browser: Browser, db: None) -> None:
        """A challenge that names nobody."""
        answer = browser.get("/sign-in/passkey", HTTP_ACCEPT="application/json")
        options = answer.json()["request_options"]["publicKey"]
        assert options["rpId"]
        assert options["userVerification"] == "required"
        assert "allowCredentials" not in options or options["allowCredentials"] == []

    @pytest.mark.parametrize(
        "credential",
        [
            "",
            "{}",
            "[]",
            "null",
            "7",
            '"x"',
            "[" * 30_000,
            '{"id": 7, "response": []}',
            '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MTIz"}}',
            NO_ANSWER,
        ],
    )
    def test_what_is_no_passkey_opens_nothing(
        self, credential: str, browser: Browser, alice: User
    ) -> None:
        """Back to the sign-in page; on the account's own pages it is told."""
        browser.get("/sign-in/passkey", HTTP_ACCEPT="application/json")
        answer = browser.post("/sign-in/passkey", {"credential": credential})
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
        assert not browser.is_inside()
        browser.sign_in()
        browser.confirm_again()
        added = browser.post("/account/passkeys/add", {"credential": credential, "name": "x"})
        assert added.status_code == 200
        assert not Authenticator.objects.exists()

    def test_anothers_passkey_is_not_removed(self, browser: Browser, alice: User) -> None:
        """It is answered like one that does not exist."""
        bob = create_user("bob@example.com", password=PASSWORD)
        key = Authenticator(user=bob, type="webauthn", data={"name": "b", "credential": {}})
        key.save()
        browser.sign_in()
        browser.confirm_again()
        assert browser.post(f"/account/passkeys/{key.pk}/remove").status_code == 404
        assert Authenticator.objects.filter(pk=key.pk).exists()


def test_operators_may_be_held_to_a_second_factor(browser: Browser, settings: Any) -> None:
    """Their pages then lead to setting one up, and open to whoever gave one."""
    settings.OPERATORS_SECOND_FACTOR = True
    operator = create_user(EMAIL, password=PASSWORD, is_staff=True)
    browser.sign_in()
    assert browser.get("/pools/")["Location"] == "/account/security"
    secret = generate_totp_secret()
    TOTP.activate(operator, secret)
    assert browser.get("/pools/")["Location"] == "/account/again/code?next=%2Fpools%2F"
    elsewhere = Browser(address="198.51.100.7")
    elsewhere.sign_in()
    elsewhere.post("/sign-in/code", {"code": code_at(secret)})
    assert elsewhere.get("/pools/").status_code == 200
    assert browser.get("/pools/").status_code == 302
