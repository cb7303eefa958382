"""Passwords and sessions: signing in works as ever, and who reads the database enters nothing."""

from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest
from channels.auth import get_user
from django.conf import settings
from django.contrib.auth import aauthenticate, authenticate, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from tenants.actions import create_user, set_password
from tenants.credentials import credential_of, signed_in_user
from tenants.models import User
from tenants.queries import names_of_users
from tenants.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tenants.probe_urls")]
EMAIL, PASSWORD, ANOTHER = "op@example.com", "a long enough one", "another long one"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def operator() -> User:
    """An operator, who may see a page that others may not."""
    return create_user(EMAIL, password=PASSWORD, is_staff=True)


def signed_in(password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in", {"username": " Op@Example.COM ", "password": password})
    return client


def enters(client: Client) -> bool:
    return client.get("/operators").status_code == 200


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def stored(superuser: psycopg.Connection) -> list[str]:
    return [key for (key,) in superuser.execute("SELECT session_key FROM django_session")]


def test_a_session_is_kept_under_its_keys_hash(
    operator: User, superuser: psycopg.Connection
) -> None:
    """What stands in the table opens no door."""
    client = signed_in()
    assert enters(client)
    hashed = sha256(key_of(client).encode()).hexdigest()
    assert stored(superuser) == [hashed]
    thief = Client()
    for key in (hashed, hashed[:32], hashed[:40]):
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not enters(thief)


def test_signing_out_ends_the_session(operator: User, superuser: psycopg.Connection) -> None:
    """The row is gone, and the key with it."""
    client = signed_in()
    key = key_of(client)
    client.logout()
    assert stored(superuser) == []
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not enters(client)


def test_sessions_end_and_are_cleared_away(operator: User, superuser: psycopg.Connection) -> None:
    """After its time a session opens nothing; `clearsessions` removes it and leaves the others."""
    ended, going_on = signed_in(), signed_in()
    superuser.execute(
        "UPDATE django_session SET expire_date = %s WHERE session_key = %s",
        (timezone.now() - timedelta(seconds=1), sha256(key_of(ended).encode()).hexdigest()),
    )
    assert (enters(ended), enters(going_on)) == (False, True)
    call_command("clearsessions")
    assert stored(superuser) == [sha256(key_of(going_on).encode()).hexdigest()]


def test_a_new_password_ends_every_other_session(operator: User) -> None:
    """But the one in which it was changed, when that asks to go on."""
    here, elsewhere = signed_in(), signed_in()
    user = signed_in_user(operator.pk)
    assert user is not None
    request = HttpRequest()
    request.session, request.user = here.session, user
    words = {"old_password": PASSWORD, "new_password1": ANOTHER, "new_password2": ANOTHER}
    form = PasswordChangeForm(user, words)
    assert form.is_valid(), form.errors
    update_session_auth_hash(request, form.save())
    request.session.save()
    here.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    assert (enters(here), enters(elsewhere)) == (True, False)
    assert enters(signed_in(ANOTHER))


@pytest.mark.parametrize("change", ["command", "action"])
def test_a_password_is_changed_by_control(
    change: str, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the operator's command as by our own action; the old one is worth nothing at once."""
    client = signed_in()
    if change == "action":
        set_password(EMAIL, password=ANOTHER)
    else:
        monkeypatch.setattr("getpass.getpass", lambda prompt: ANOTHER)
        call_command("changepassword", EMAIL)
    assert not enters(client)
    assert authenticate(username=EMAIL, password=PASSWORD) is None
    assert authenticate(username=EMAIL, password=ANOTHER) == operator


def test_signing_in_is_noted(operator: User) -> None:
    """When it last happened."""
    signed_in()
    assert User.objects.get(pk=operator.pk).last_login is not None


def test_who_is_not_active_stays_out(operator: User) -> None:
    """Also out of a session that began before."""
    client = signed_in()
    User.objects.filter(pk=operator.pk).update(is_active=False)
    assert not enters(client)
    assert authenticate(username=EMAIL, password=PASSWORD) is None


def test_nobody_has_no_credential(operator: User) -> None:
    """A name that is nobody's, an id that is, nothing at all."""
    assert credential_of("bob@example.com") is None
    assert signed_in_user(NOBODY) is None
    assert authenticate(username="bob@example.com", password=PASSWORD) is None
    assert authenticate(username=EMAIL) is None


def test_users_are_known_without_their_passwords(operator: User) -> None:
    """Whoever asks for one the usual way; a name is told for an id."""
    user = User.objects.get(email=EMAIL)
    assert "password" not in user.__dict__
    assert user.get_session_auth_hash() == operator.get_session_auth_hash()
    assert names_of_users([operator.pk]) == {operator.pk: EMAIL}


async def test_a_socket_knows_who_signed_in(operator: User) -> None:
    """Channels reads the same session; asynchronous code signs in by the same backend."""
    assert await aauthenticate(username=EMAIL, password=PASSWORD) == operator
    session = SessionStore()
    client = Client()
    await client.aforce_login(operator)
    session = SessionStore(key_of(client))
    assert await get_user({"session": session}) == operator


def test_a_session_is_made_once_and_written_while_it_lasts() -> None:
    """Its key changes with a sign-in and what it holds stays."""
    session = SessionStore()
    session["cart"] = 1
    session.save()
    key = str(session.session_key)
    assert session.exists(key)
    assert SessionStore(key)["cart"] == 1
    with pytest.raises(CreateError):
        SessionStore(key).save(must_create=True)
    session.cycle_key()
    assert not session.exists(key)
    assert SessionStore(session.session_key)["cart"] == 1
    session.delete()
    with pytest.raises(UpdateError):
        session.save()
    SessionStore().delete()


def test_a_session_whose_key_was_used_up_is_dropped() -> None:
    """A browser that brings an unknown key is given a new one, never its own wish."""
    session = SessionStore("x" * 32)
    assert session.load() == {}
    assert session.session_key is None
