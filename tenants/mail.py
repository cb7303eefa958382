"""Mail to people: composed now, sent by a job after the commit."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string


def send_mail_later(to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Have a mail sent after the commit of the transaction that is open; with a rollback, never."""
    from tenants.tasks import send_letter

    text = render_to_string(template, dict(context))
    one_line = " ".join(subject.split())
    transaction.on_commit(lambda: send_letter.delay(to, one_line, text))
