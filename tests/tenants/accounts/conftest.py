"""People with accounts, their browsers and their mail."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client

from tenants.accounts.actions import NewCompany, sign_up
from tenants.actions import create_user
from tenants.mail.outbox import deliver_due
from tenants.models import User

PASSWORD, ANOTHER = "a long enough one", "another long one"
EMAIL = "alice@example.com"
COMPANY = NewCompany(name="Rivertown Plumbing", vertical="homeservices", time_zone="Europe/London")
NEWCOMER = {
    "email": EMAIL,
    "name": "Alice",
    "password": PASSWORD,
    "company": COMPANY.name,
    "vertical": COMPANY.vertical,
    "time_zone": COMPANY.time_zone,
}


@dataclass
class Browser:
    """A browser from one address, which follows what it is told."""

    address: str = "192.0.2.1"
    agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client: Client = field(default_factory=Client)

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(path, **self._from(), **extra)

    def post(self, path: str, form: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.client.post(path, form or {}, **self._from(), **extra)

    def sign_in(self, password: str = PASSWORD, *, email: str = EMAIL) -> HttpResponseBase:
        answer: HttpResponseBase = self.post("/sign-in", {"username": email, "password": password})
        return answer

    def is_inside(self) -> bool:
        return bool(self.get("/account/").status_code == 200)

    def confirm_again(self, password: str = PASSWORD) -> None:
        """The password once more, before something that matters."""
        answer = self.post("/account/again/password?next=/account/", {"password": password})
        assert answer.status_code == 302, answer.content

    def _from(self) -> dict[str, Any]:
        return {"REMOTE_ADDR": self.address, "HTTP_USER_AGENT": self.agent}


@pytest.fixture(autouse=True)
def _sends_mail(settings: Any) -> None:
    """Into Django's own outbox, as under test."""
    settings.SENDS_MAIL = True


@pytest.fixture
def browser() -> Browser:
    """A newcomer's."""
    return Browser()


@pytest.fixture
def alice(db: None) -> User:
    """Somebody with an account and no company."""
    return create_user(EMAIL, password=PASSWORD, name="Alice")


@pytest.fixture
def owner(db: None) -> User:
    """Somebody who signed up, whose address is not confirmed yet."""
    user, _ = sign_up(EMAIL, password=PASSWORD, name="Alice", company=COMPANY)
    return user


@pytest.fixture
def mails() -> Callable[[], list[Any]]:
    """What was sent since it was last asked, once the job has run."""

    def sent() -> list[Any]:
        mail.outbox.clear()
        deliver_due()
        return list(mail.outbox)

    return sent


def link_in(message: Any) -> str:
    """The path of the first link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found, message.body
    return found[1]


def code_at(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows, so many steps of 30 s from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))
