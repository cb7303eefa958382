"""Mail: written with what it tells of, sent by a job, tried again, and never without a bound."""

import smtplib
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tenants.context import control_transaction
from tenants.mail import mailbox
from tenants.mail.letters import Letter, compose
from tenants.mail.outbox import MOST_AN_HOUR, MOST_TRIES, deliver_due, post
from tenants.models import OutgoingMail
from tenants.tasks import send_mail, tidy_accounts
from tests.tenants.accounts.conftest import EMAIL, NEWCOMER, Browser, link_in
from warmline.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_valkey")]
LETTER = Letter("A subject", "Words, and https://secret.example/link\n", "<p>Words</p>")


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing today."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        raise smtplib.SMTPServerDisconnected("come back later")


def due_now() -> None:
    OutgoingMail.objects.update(due_at=clock.now() - timedelta(seconds=1))


def test_what_is_rolled_back_is_never_sent(mails: Callable[[], list[Any]]) -> None:
    """A letter goes with the transaction that it tells of."""
    with control_transaction():
        post(LETTER, to=EMAIL)
        transaction.set_rollback(True, using="control")
    assert mails() == []
    post(LETTER, to=EMAIL)
    (message,) = mails()
    assert (message.subject, message.body, message.to) == (LETTER.subject, LETTER.text, [EMAIL])
    assert message.alternatives[0][0] == LETTER.html
    assert mails() == []


def test_the_jobs_send_it_and_tidy_up(db: None) -> None:
    """As beat has them do, as control and without a company."""
    mail.outbox.clear()
    post(LETTER, to=EMAIL)
    assert send_mail.apply().successful()
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    assert tidy_accounts.apply().successful()


def test_a_letter_waits_sealed(superuser: psycopg.Connection) -> None:
    """Its links open accounts: who reads the table reads none."""
    post(LETTER, to=EMAIL)
    row = superuser.execute("SELECT m::text FROM tenants_outgoingmail m").fetchone()
    assert row is not None
    assert "secret.example" not in row[0]


def test_a_server_that_is_away_is_asked_again(
    settings: Any, mails: Callable[[], list[Any]]
) -> None:
    """After growing pauses, and in the end no more."""
    post(LETTER, to=EMAIL)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert deliver_due() == 0
    assert deliver_due() == 0
    waiting = OutgoingMail.objects.get()
    assert waiting.tries == 1
    assert timedelta(seconds=20) < waiting.due_at - clock.now() < timedelta(seconds=40)
    due_now()
    deliver_due()
    again = OutgoingMail.objects.get()
    assert timedelta(seconds=50) < again.due_at - clock.now() < timedelta(seconds=70)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    due_now()
    assert len(mails()) == 1
    post(LETTER, to=EMAIL)
    OutgoingMail.objects.update(tries=MOST_TRIES - 1)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    deliver_due()
    assert not OutgoingMail.objects.exists()


def test_nobody_is_mailed_without_end(mails: Callable[[], list[Any]]) -> None:
    """So often an hour, and the next address goes on."""
    taken = [post(LETTER, to=EMAIL) for _ in range(MOST_AN_HOUR + 4)]
    assert taken.count(True) in {MOST_AN_HOUR, MOST_AN_HOUR + 1}
    assert not taken[-1]
    assert post(LETTER, to="bob@example.com")


@given(words=st.text(max_size=200))
def test_whatever_people_typed_is_words_in_a_letter(words: str) -> None:
    """No header, no paragraph, no tag."""
    letter = compose("tenants/mail/notice.txt", notice=words, device=words, account_url="http://x")
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject + letter.text
    assert "<script" not in letter.html.lower()
    assert letter.html.count("<html") == 1
    letter.text.encode()


def test_each_letter_says_the_same_in_text_and_html(browser: Browser, db: None) -> None:
    """And its only address is a button."""
    letter = compose("tenants/mail/confirm_sign_up.txt", url="https://calls.example.com/confirm/x")
    assert letter.subject == "Confirm your e-mail address"
    for said in ("Welcome to Warmline", "https://calls.example.com/confirm/x", "three days"):
        assert said in letter.text
        assert said in letter.html
    assert 'href="https://calls.example.com/confirm/x"' in letter.html


class TestMailbox:
    """A machine that sends no mail keeps it, and shows it to itself alone."""

    @pytest.fixture(autouse=True)
    def _kept_here(self, settings: Any, tmp_path: Path) -> None:
        """As `make serve` sets it."""
        settings.MAILBOX = tmp_path / "mailbox"
        settings.IS_LOOPBACK = True
        settings.EMAIL_BACKEND = "tenants.mail.mailbox.MailboxBackend"

    def test_a_newcomer_finds_the_link_there(self) -> None:
        """On its page, to be clicked."""
        browser = Browser(address="127.0.0.1")
        browser.post("/sign-up", NEWCOMER)
        assert b'href="/mailbox/"' in browser.get("/sign-up/sent").content
        assert b"No mail yet" in browser.get("/mailbox/").content
        deliver_due()
        (kept,) = mailbox.mails()
        assert kept.recipient == EMAIL
        assert kept.subject.encode() in browser.get("/mailbox/").content
        page = browser.get(f"/mailbox/{kept.name}").content.decode()
        link = link_in(type("Shown", (), {"body": kept.text}))
        assert f'{link}"' in page
        assert browser.post(link)["Location"] == "/"
        assert browser.is_inside()

    def test_only_its_user_may_read_it_and_it_has_a_bound(self, settings: Any) -> None:
        """The oldest make room."""
        for number in range(mailbox.MOST_KEPT + 5):
            post(LETTER, to=f"u{number}@example.com")
        while deliver_due():
            pass
        files = list(settings.MAILBOX.iterdir())
        assert len(files) == mailbox.MOST_KEPT
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}

    @pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", ""])
    def test_it_is_shown_to_nobody_from_elsewhere(self, address: str) -> None:
        """There is no such page for them."""
        assert Client().get("/mailbox/", REMOTE_ADDR=address).status_code == 404

    def test_an_address_that_others_reach_has_none(self, settings: Any) -> None:
        """Whoever asks."""
        settings.IS_LOOPBACK = False
        assert Client().get("/mailbox/", REMOTE_ADDR="127.0.0.1").status_code == 404

    @pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "x", "0" * 36, "%00", "-" * 36])
    def test_a_made_up_name_is_no_mail(self, name: str) -> None:
        """404, whatever it leads to."""
        assert Client().get(f"/mailbox/{name}", REMOTE_ADDR="127.0.0.1").status_code == 404
