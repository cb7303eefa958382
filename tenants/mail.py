"""Mail to people: composed now, sent after the commit."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string


def send_mail_later(to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Have a mail sent after the commit of the transaction that is open; with a rollback, never."""
    text = render_to_string(template, dict(context))
    one_line = " ".join(subject.split())
    transaction.on_commit(lambda: send_mail(one_line, text, None, [to]), robust=True)
