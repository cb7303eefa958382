"""`manage.py run_demo`: three calls on the running platform;
`make demo` starts the platform around it.
"""

import asyncio
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.demo.running import WARM_AT_MOST_S, run
from warmline.kernel.errors import WarmlineError


class Command(BaseCommand):
    """Exits 0 only if every call was answered and booked, and the shadowed one scored."""

    help = "Place the demo's three calls, show them, and sum up."

    def add_arguments(self, parser: CommandParser) -> None:
        """How patient to be."""
        parser.add_argument("--warm-within", type=float, default=WARM_AT_MOST_S, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; a failure is one sentence and an exit code of 1."""
        try:
            good = asyncio.run(run(started=time.monotonic(), warm_within_s=options["warm_within"]))
        except WarmlineError as failed:
            raise CommandError(str(failed)) from failed
        if not good:
            raise CommandError("not every call came to what it should")
