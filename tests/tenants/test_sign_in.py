"""Signing in: who knows the password comes in, and nobody goes on guessing it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

import pytest
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from structlog.testing import capture_logs

from tenants import attempts, hashing
from tenants.accounts.limits import MOST_FROM_ONE_ADDRESS, MOST_IN_ALL, MOST_OF_AN_ADDRESS
from tenants.actions import create_user
from tenants.attempts import Counter, network
from tenants.context import as_control
from tenants.emails import normal_email
from tenants.errors import TooManyAtOnce
from tenants.models import SecurityEvent, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
PASSWORD, EMAIL = "a long enough one", "alice@example.com"
SPELLINGS = (
    " Alice@Example.com ",
    "ALICE@EXAMPLE.COM",
    "ａｌｉｃｅ@example.com",  # full-width
    "ＡＬＩＣＥ＠ＥＸＡＭＰＬＥ．ＣＯＭ",
    "𝐚𝐥𝐢𝐜𝐞@example.com",  # mathematical bold
    "ⓐlice@example.com",
    "ªlice@example.com",
    "\u3000alice@example.com\u00a0",
    "alice@example．com",
    "alice＠example.com",
    "aliⅽe@example.com",  # the Roman numeral
    "ALICE@example.ⅽom",
)


@pytest.fixture
def alice() -> User:
    """Somebody with an account."""
    return create_user(EMAIL, password=PASSWORD)


def sign_in(
    password: str, *, email: str = EMAIL, address: str = "192.0.2.1", browser: Client | None = None
) -> HttpResponseBase:
    client = browser or Client()
    form = {"username": email, "password": password}
    return client.post("/sign-in", form, REMOTE_ADDR=address)


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


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_has_one_spelling(spelling: str) -> None:
    """Under which it is kept, looked for and counted."""
    assert normal_email(spelling) == EMAIL


@pytest.mark.usefixtures("alice")
def test_an_account_is_counted_as_it_is_looked_for() -> None:
    """In whatever letters it is written: what signs in to it counts against it."""
    assert sign_in(PASSWORD, email=SPELLINGS[2]).status_code == 302
    for spelling in SPELLINGS[:MOST_FROM_ONE_ADDRESS]:
        assert sign_in("not this one", email=spelling).status_code == 200
    for spelling in (EMAIL, *SPELLINGS):
        assert sign_in(PASSWORD, email=spelling).status_code == 429


@given(st.text(max_size=60))
def test_what_the_form_makes_of_a_name_is_the_same_account(name: str) -> None:
    """It normalises too: no spelling reaches an account under which its failures do not count."""
    try:
        cleaned = UsernameField(max_length=254, required=False).clean(name)
    except ValidationError:
        return  # refused, as NUL is
    assert normal_email(cleaned) == normal_email(name)


@pytest.mark.usefixtures("alice")
def test_who_guesses_from_many_addresses_is_refused_too() -> None:
    """One account bears so many failures in all."""
    counter = Counter(
        f"sign-in:{attempts.digest(EMAIL)}", MOST_IN_ALL, window_s=900, wait_s=60, longest_wait_s=60
    )
    for _ in range(MOST_IN_ALL - 1):
        assert attempts.begin([counter]) == 0
    assert sign_in("not this one", address="192.0.2.7").status_code == 200
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 429


@pytest.mark.usefixtures("alice")
def test_others_failures_do_not_lock_out_a_browser_that_signed_in_before() -> None:
    """Nor can its cookie be used for guessing without end, or for another account."""
    create_user("bob@example.com", password=PASSWORD)
    browser = Client()
    assert sign_in(PASSWORD, browser=browser).status_code == 302
    for _ in range(MOST_FROM_ONE_ADDRESS):
        sign_in("not this one")
    assert sign_in(PASSWORD).status_code == 429
    assert sign_in(PASSWORD, browser=browser).status_code == 302
    for _ in range(MOST_FROM_ONE_ADDRESS):
        assert sign_in("not this one", browser=browser).status_code == 200
    assert sign_in(PASSWORD, browser=browser).status_code == 429
    for _ in range(MOST_FROM_ONE_ADDRESS):
        sign_in("not this one", browser=browser, email="bob@example.com")
    assert sign_in(PASSWORD, email="bob@example.com").status_code == 429


def test_who_tries_many_accounts_from_one_address_is_refused() -> None:
    """One password for everybody is guessing too; a /64 of IPv6 is one address."""
    counter = Counter(
        network("2001:db8::7"), MOST_OF_AN_ADDRESS, window_s=900, wait_s=60, longest_wait_s=60
    )
    for _ in range(MOST_OF_AN_ADDRESS - 2):
        assert attempts.begin([counter]) == 0
    for number in range(2):
        address = f"2001:db8::{number:x}"
        assert sign_in("x", email=f"u{number}@example.com", address=address).status_code == 200
    refused = sign_in("x", email="other@example.com", address="2001:db8::ffff")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert sign_in("x", email="other@example.com", address="2001:db8:0:1::1").status_code == 200


@pytest.mark.usefixtures("alice")
def test_signing_in_rightly_is_never_counted() -> None:
    """A busy owner is not locked out, and starts anew after an error."""
    for _ in range(MOST_FROM_ONE_ADDRESS + 2):
        assert sign_in(PASSWORD).status_code == 302
    for _ in range(MOST_FROM_ONE_ADDRESS - 1):
        sign_in("not this one")
    assert sign_in(PASSWORD).status_code == 302
    assert sign_in("not this one").status_code == 200
    assert sign_in(PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": EMAIL},
        {"password": PASSWORD},
        {"username": "a\0b", "password": "x"},
    ],
)
def test_a_form_that_tries_no_password_is_no_failure(form: dict[str, str]) -> None:
    """It is shown again, as often as it comes."""
    for _ in range(MOST_FROM_ONE_ADDRESS + 1):
        assert Client().post("/sign-in", form).status_code == 200


@pytest.mark.parametrize(
    ("failures", "wait_s"), [(0, 0), (9, 0), (10, 60), (11, 120), (12, 240), (14, 900), (5000, 900)]
)
def test_each_further_failure_doubles_the_wait(failures: int, wait_s: int) -> None:
    """Up to a bound: nobody can lock an owner out for good."""
    counter = Counter("x", most=10, window_s=3600, wait_s=60, longest_wait_s=900)
    assert counter.wait_s_after(failures) == wait_s


def test_many_attempts_at_one_moment_are_counted_one_by_one() -> None:
    """None slips through between the look and the count; one more may, where the wait begins."""
    counter = Counter("race", most=10, window_s=60, wait_s=60, longest_wait_s=60)
    with ThreadPoolExecutor(16) as threads:
        waits = list(threads.map(lambda _: attempts.begin([counter]), range(60)))
    assert 10 <= waits.count(0) <= 11
    assert set(waits) <= {0, *range(50, 61)}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::9", "2001:db8::/64"),
    ],
)
def test_an_address_is_counted_by_whose_it_is(address: str, counted: str) -> None:
    """However it is written."""
    assert network(address) == counted


@pytest.mark.usefixtures("alice")
def test_a_failure_is_a_security_event_without_names() -> None:
    """Whoever reads the log learns that, whence and how often, not who or with what."""
    with capture_logs() as logs:
        sign_in("not this one", address="192.0.2.9")
    with as_control():
        (event,) = SecurityEvent.objects.filter(action="sign-in.failed")
    assert event.source == "192.0.2.9"
    for text in (str(logs), str(event.detail)):
        assert attempts.digest(EMAIL) in text
        assert "alice" not in text
        assert "not this one" not in text


@pytest.mark.usefixtures("alice")
def test_the_dashboard_can_be_entered_while_redis_is_away(settings: Settings) -> None:
    """Failures are not counted then, and that is logged."""
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": away}
    with capture_logs() as logs:
        assert sign_in("not this one").status_code == 200
    assert {line["event"] for line in logs} == {"attempts are not counted", "sign-in failed"}
    assert sign_in(PASSWORD).status_code == 302


@pytest.mark.usefixtures("alice")
def test_so_many_sign_ins_wait_and_no_more() -> None:
    """Two passwords are checked at a time; beyond the line one is told to come again."""
    many = 40
    outcomes: Queue[str] = Queue()
    let_go = threading.Event()

    def hold() -> None:
        outcomes.put("in")
        let_go.wait()

    def sign_in_elsewhere(_: int) -> None:
        try:
            hashing.in_turn(hold)
        except TooManyAtOnce:
            outcomes.put("refused")

    with ThreadPoolExecutor(many) as threads:
        held: Any = threads.map(sign_in_elsewhere, range(many))
        first = [
            outcomes.get(timeout=5)
            for _ in range(many - hashing.MOST_WAITING)  # of the others none has a turn yet
        ]
        answer = sign_in(PASSWORD)
        let_go.set()
        list(held)
    assert first.count("in") == hashing.AT_ONCE
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert b"Many people sign in right now" in answer.getvalue()
    assert sign_in(PASSWORD).status_code == 302
