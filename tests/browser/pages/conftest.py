"""Mail of these tests lies in the mailbox that the web plane under test shows."""

from typing import Any

import pytest

from tests.browser.conftest import MAILBOX


@pytest.fixture(autouse=True)
def _sends_mail(settings: Any) -> None:
    """As where a mailbox is kept."""
    settings.MAILBOX, settings.SENDS_MAIL = MAILBOX, True
    settings.EMAIL_BACKEND = "tenants.mail.mailbox.MailboxBackend"
    settings.SEALING_KEYS = (settings.SECRET_KEY,)
