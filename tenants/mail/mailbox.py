"""A mailbox on this machine, in place of sending: the newest mails as files that a page shows."""

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from warmline.kernel.errors import NotFound
from warmline.kernel.ids import new_uuid
from warmline.kernel.private_files import write_private

MOST_KEPT: Final = 100
_NAME: Final = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its page shows it."""

    name: str
    at: datetime
    recipient: str
    subject: str
    text: str


class MailboxBackend(BaseEmailBackend):
    """Django's backend: each mail becomes a file that its user alone may read."""

    def __init__(self, fail_silently: bool = False, **_: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Keep the mails; the oldest make room."""
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            write_private(folder / f"{new_uuid()}.eml", message.message().as_bytes())
        for old in sorted(folder.glob("*.eml"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def is_open() -> bool:
    """Whether this machine has such a mailbox: nobody else's mail is ever shown."""
    return settings.MAILBOX is not None


def mails() -> tuple[Mail, ...]:
    """The mails, newest first."""
    return tuple(_read(path) for path in sorted(_folder().glob("*.eml"), reverse=True))


def mail(name: str) -> Mail:
    """One of them; `NotFound`."""
    path = _folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("there is no such mail here")
    return _read(path)


def _folder() -> Path:
    folder = settings.MAILBOX
    if folder is None:
        raise NotFound("this installation has no mailbox")
    return Path(folder)


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Mail(
        name=path.stem,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
    )
