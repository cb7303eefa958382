"""Signing in: who knows the password comes in, and nobody goes on guessing it."""

import pytest
import redis
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from structlog.testing import capture_logs

from dashboard.sign_in import MOST_FROM_ONE_ADDRESS
from tenants.actions import create_user
from tenants.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
PASSWORD, EMAIL = "a long enough one", "alice@example.com"


@pytest.fixture
def alice() -> User:
    """Somebody with an account."""
    return create_user(EMAIL, password=PASSWORD)


def sign_in(password: str, *, email: str = EMAIL, address: str = "192.0.2.1") -> HttpResponseBase:
    return Client(REMOTE_ADDR=address).post("/sign-in", {"username": email, "password": password})


@pytest.mark.usefixtures("alice")
def test_who_guesses_from_one_address_is_refused_and_nobody_else_is() -> None:
    """Even with the right password, however the account is written;
    its owner comes in from elsewhere.
    """
    for _ in range(MOST_FROM_ONE_ADDRESS):
        assert sign_in("not this one").status_code == 200
    refused = sign_in(PASSWORD, email=" Alice@Example.com ")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert b"Try again in 15 minutes" in refused.getvalue()
    assert not refused.cookies.get("sessionid")
    assert sign_in(PASSWORD, address="192.0.2.2").status_code == 302
    assert sign_in(PASSWORD, email="bob@example.com").status_code == 200


@pytest.mark.usefixtures("alice")
def test_who_guesses_from_many_addresses_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """One account bears so many failures in all."""
    monkeypatch.setattr("dashboard.sign_in.MOST_IN_ALL", 12)
    for number in range(12):
        assert sign_in("not this one", address=f"192.0.2.{number}").status_code == 200
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 429


@pytest.mark.usefixtures("alice")
def test_signing_in_rightly_is_never_counted() -> None:
    """A busy owner is not locked out."""
    for _ in range(MOST_FROM_ONE_ADDRESS + 2):
        assert sign_in(PASSWORD).status_code == 302


@pytest.mark.usefixtures("alice")
def test_the_dashboard_can_be_entered_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are not counted then, and that is logged."""

    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError

    for method in ("get_many", "add"):
        monkeypatch.setattr(cache, method, away)
    with capture_logs() as logs:
        assert sign_in("not this one").status_code == 200
    assert [line["event"] for line in logs] == ["sign-ins are not counted"] * 2
    assert sign_in(PASSWORD).status_code == 302


def test_the_admin_has_no_door_of_its_own() -> None:
    """Its sign-in is the counted one, and leads back."""
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in?next=%2Fadmin%2F"
