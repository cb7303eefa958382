"""Mail on its way: written with what it tells of, sent by a job after the commit, tried again.

It may come twice where a process dies between sending and noting it; it is never lost but after
its last try.
"""

import json
import smtplib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from tenants import attempts
from tenants.accounts.sealing import MAIL, seal, unseal
from tenants.attempts import Counter, digest
from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.errors import NoMail, SealBroken
from tenants.mail.letters import Letter, compose
from tenants.models import OutgoingMail
from warmline.kernel import clock

# Pauses of 30 s, 1 min, 2 … and an hour at most: about nine hours in all.
MOST_TRIES: Final = 16
PAUSE_S: Final = 30
LONGEST_PAUSE_S: Final = 3600
# Whoever takes a mail has so long for it; then another may.
CLAIM_S: Final = 120
AT_ONCE: Final = 20
TIMEOUT_S: Final = 15
# To one address an hour: nobody's mailbox is filled by somebody who types its address.
MOST_AN_HOUR: Final = 12
# In all: beyond it something is wrong, and nothing waits here without end.
MOST_WAITING: Final = 10_000

log = structlog.get_logger()


def check_configured() -> None:
    """`NoMail` where this installation cannot send any."""
    if not settings.SENDS_MAIL:
        raise NoMail(
            "this installation sends no mail, which this needs: its operator sets "
            "WARMLINE_SMTP_HOST"
        )


def post(letter: Letter, *, to: str) -> bool:
    """Put a letter into the outbox, in the transaction of control's that is open, if one is.

    False where the address has had so many within the hour, or the outbox is full: it is left out.
    """
    address = normal_email(to)
    if attempts.begin([_counter(address)]) or _is_full():
        log.warning("mail left out", recipient=digest(address))
        return False
    content = json.dumps([letter.subject, letter.text, letter.html])
    OutgoingMail(recipient=address, sealed=seal(content, purpose=MAIL)).save(using=CONTROL)
    return True


def send_mail_later(to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Put a letter into the outbox after the commit of the tenant's transaction that is open.

    `template` names its subject as `{{ subject }}`; with a rollback it is never sent.
    """
    letter = compose(template, subject=subject, **context)
    transaction.on_commit(lambda: post(letter, to=to))


def deliver_due() -> int:
    """Send what is due; how many were sent. Outside of any transaction, since a server may be slow.

    What fails waits longer each time, and is given up after its last try.
    """
    sent = 0
    for mail in _claim():
        try:
            _send(mail)
        except (OSError, smtplib.SMTPException, SealBroken) as error:
            _put_back(mail, error)
        else:
            mail.delete(using=CONTROL)
            sent += 1
    return sent


def _claim() -> list[OutgoingMail]:
    """Mail that is due, which nobody else will take for a while."""
    with transaction.atomic(using=CONTROL):
        due = OutgoingMail.objects.using(CONTROL).filter(due_at__lte=clock.now())
        mails = list(due.select_for_update(skip_locked=True).order_by("due_at")[:AT_ONCE])
        if mails:
            taken = OutgoingMail.objects.using(CONTROL).filter(pk__in=[mail.pk for mail in mails])
            taken.update(due_at=clock.now() + timedelta(seconds=CLAIM_S), tries=F("tries") + 1)
    return mails


def _send(mail: OutgoingMail) -> None:
    subject, text, html = json.loads(unseal(mail.sealed, purpose=MAIL))
    message = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.recipient],
        # No out-of-office note comes back, and one mail that is sent twice is known as one.
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{mail.pk}@{settings.MAIL_DOMAIN}>",
        },
        connection=get_connection(timeout=TIMEOUT_S),
    )
    message.attach_alternative(html, "text/html")
    message.send()


def _put_back(mail: OutgoingMail, error: Exception) -> None:
    tries = mail.tries + 1
    log.warning("mail not sent", mail=str(mail.pk), tries=tries, why=type(error).__name__)
    if tries >= MOST_TRIES:
        log.error("mail given up", mail=str(mail.pk), recipient=digest(mail.recipient))
        mail.delete(using=CONTROL)
        return
    pause_s = min(PAUSE_S << (tries - 1), LONGEST_PAUSE_S)
    OutgoingMail.objects.using(CONTROL).filter(pk=mail.pk).update(
        due_at=clock.now() + timedelta(seconds=pause_s)
    )


def _counter(address: str) -> Counter:
    return Counter(
        f"mail:{digest(address)}",
        most=MOST_AN_HOUR + 1,
        window_s=3600,
        wait_s=900,
        longest_wait_s=3600,
    )


def _is_full() -> bool:
    waiting = OutgoingMail.objects.using(CONTROL).order_by()[: MOST_WAITING + 1]
    return waiting.count() > MOST_WAITING
