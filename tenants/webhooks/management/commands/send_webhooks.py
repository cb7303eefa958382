"""`manage.py send_webhooks`: bring companies' webhooks out until told to stop."""

import signal
from typing import Any

import structlog
from django.core.management.base import BaseCommand

from tenants.webhooks.sending.sender import Sender

log = structlog.get_logger()


class Command(BaseCommand):
    """A process of its own, of which several may run: each delivery is one's at a time."""

    help = "Send companies' webhooks: what is due, each at least once."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; what was not sent by then is the next one's."""
        sender = Sender()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sender.stop())
        log.info("webhooks' sender started")
        sender.run()
