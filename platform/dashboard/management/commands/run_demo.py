"""`manage.py run_demo`: three calls on the running platform; `make demo` starts the platform around it."""

import asyncio
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboard.demo.running import run
from telephony.simulator.webhooks import WebhookFailed


class Command(BaseCommand):
    """Exits 0 only if every call was answered and booked, and the shadowed one scored."""

    help = "Place the demo's three calls, show them, and sum up."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; a failure is an exit code of 1."""
        try:
            good = asyncio.run(run(started=time.monotonic()))
        except WebhookFailed as failed:
            raise CommandError(str(failed)) from failed
        if not good:
            raise CommandError("not every call came to what it should")
