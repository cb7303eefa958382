"""Where one is signed in: told, ended one by one or all, and ended by time."""

import time
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tenants.actions import create_user
from tenants.models import User
from tenants.sessions import BEGAN, SEEN, SessionStore, session_hash
from tests.tenants.accounts.conftest import PASSWORD, Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def phone() -> Browser:
    """Another browser of the same person."""
    return Browser(address="2001:db8::7", agent=PHONE)


def session_of(browser: Browser) -> SessionStore:
    return SessionStore(browser.client.cookies[settings.SESSION_COOKIE_NAME].value)


def end_paths(page: Any) -> list[str]:
    text = page.content.decode()
    return [part.split('"')[0] for part in text.split('action="')[1:] if "/end" in part[:60]]


def test_each_sign_in_is_told_with_device_address_and_time(
    browser: Browser, phone: Browser, alice: User
) -> None:
    """And which one this is."""
    browser.sign_in()
    phone.sign_in()
    page = browser.get("/account/sessions").content.decode()
    for shown in ("Firefox on Linux", "192.0.2.1", "Safari on iPhone", "2001:db8::7"):
        assert shown in page
    assert page.count("this one") == 1


def test_one_sign_in_is_ended(browser: Browser, phone: Browser, alice: User) -> None:
    """At once, and the other goes on; ended twice it is not there."""
    browser.sign_in()
    phone.sign_in()
    (path, *_) = [p for p in end_paths(browser.get("/account/sessions")) if "others" not in p]
    assert browser.post(path).status_code == 302
    assert (browser.is_inside(), phone.is_inside()) == (True, False)
    assert browser.post(path).status_code == 404


def test_all_others_are_ended(browser: Browser, phone: Browser, alice: User) -> None:
    """But nobody else's."""
    bob = Browser(address="203.0.113.9")
    create_user("bob@example.com", password=PASSWORD)
    bob.sign_in(email="bob@example.com")
    browser.sign_in()
    phone.sign_in()
    assert browser.post("/account/sessions/end-others").status_code == 302
    assert (browser.is_inside(), phone.is_inside(), bob.is_inside()) == (True, False, True)


def test_nobody_ends_anothers_sign_in(browser: Browser, phone: Browser, alice: User) -> None:
    """It is answered like one that does not exist."""
    create_user("bob@example.com", password=PASSWORD)
    browser.sign_in()
    phone.sign_in()
    (path, *_) = [p for p in end_paths(browser.get("/account/sessions")) if "others" not in p]
    bob = Browser(address="203.0.113.9")
    bob.sign_in(email="bob@example.com")
    assert bob.post(path).status_code == 404
    assert phone.is_inside()


def test_a_session_that_is_not_used_ends(
    browser: Browser, alice: User, superuser: psycopg.Connection
) -> None:
    """Each page that is opened puts it off, what a page asks for by itself does not."""
    browser.sign_in()

    def left_s() -> float:
        row = superuser.execute(
            "SELECT extract(epoch FROM expire_date - now()) FROM django_session"
        ).fetchone()
        assert row is not None
        return float(row[0])

    idle_s = settings.SESSION_IDLE_HOURS * 3600
    assert idle_s - 60 < left_s() <= idle_s
    session = session_of(browser)
    session[SEEN] = int(time.time()) - 600
    session.save()
    superuser.execute("UPDATE django_session SET expire_date = now() + interval '5 minutes'")
    browser.get("/account/", HTTP_SEC_FETCH_DEST="empty")
    assert left_s() < 310
    browser.get("/account/", HTTP_SEC_FETCH_DEST="document")
    assert left_s() > idle_s - 60


def test_a_session_ends_some_day_however_it_is_used(browser: Browser, alice: User) -> None:
    """The absolute end is counted from the sign-in."""
    browser.sign_in()
    session = session_of(browser)
    session[BEGAN] = time.time() - settings.SESSION_HOURS * 3600 + 2
    session.save()
    assert (session.get_expiry_date().timestamp() - time.time()) < 3
    session[BEGAN] -= 10
    session.save()
    assert not browser.is_inside()


def test_the_key_is_new_after_signing_in(browser: Browser, alice: User) -> None:
    """Whoever planted a session in the browser does not come in with it."""
    browser.get("/account/app")
    planted = SessionStore()
    planted["planted"] = True
    planted.create()
    browser.client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    browser.sign_in()
    assert browser.is_inside()
    assert session_of(browser).session_key != planted.session_key
    attacker = Browser()
    attacker.client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    assert not attacker.is_inside()


def test_what_is_kept_of_a_sign_in_opens_nothing(
    browser: Browser, alice: User, superuser: psycopg.Connection, app_session: psycopg.Connection
) -> None:
    """The hash of its key, which the app role cannot read either; it goes with the session."""
    browser.sign_in()
    key = str(session_of(browser).session_key)
    rows = superuser.execute("SELECT session_key FROM tenants_signin").fetchall()
    assert rows == [(session_hash(key),)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_session.execute("SELECT * FROM tenants_signin")
    told = app_session.execute("SELECT * FROM tenancy.sign_ins_beside(%s)", (key,)).fetchall()
    assert told == []
    browser.client.logout()
    assert superuser.execute("SELECT count(*) FROM tenants_signin").fetchone() == (0,)


@pytest.mark.parametrize("agent", ["", "x" * 10_000, "\x07bell\x7f", "curl/8.0"])
def test_any_device_may_sign_in(agent: str, alice: User) -> None:
    """Whatever it says of itself is cut to what fits."""
    browser = Browser(agent=agent)
    assert browser.sign_in().status_code == 302
    assert browser.get("/account/sessions").status_code == 200


@pytest.fixture
def app_session(django_db_setup: None) -> Any:
    """A bare session of the app role."""
    from tests import services

    with psycopg.connect(services.urls.app, autocommit=True) as connection:
        yield connection
