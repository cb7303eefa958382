"""`manage.py watch_calls`: says when calls are taken, and shows them; `make serve` runs it."""

import asyncio
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dashboard.demo.running import WARM_AT_MOST_S, watch


class Command(BaseCommand):
    """Runs until it is ended."""

    help = "Say when which region takes calls and who can sign in, then show every call."

    def add_arguments(self, parser: CommandParser) -> None:
        """How patient to be before that is said without the regions that are not warm."""
        parser.add_argument("--warm-within", type=float, default=WARM_AT_MOST_S, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch."""
        asyncio.run(watch(started=time.monotonic(), warm_within_s=options["warm_within"]))
