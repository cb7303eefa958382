"""`manage.py place_call`: calls an agent of the running platform, as a telephone would."""

import asyncio
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.demo.placing import PlacedCall, place
from dashboard.demo.scenario import NEW_YORK, PLUMBER
from dashboard.demo.screen import Screen
from warmline.kernel.errors import WarmlineError


class Command(BaseCommand):
    """Exits 0 if the agent answered all that was said."""

    help = "Call an agent, in a recorded voice or your own, and show the call."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who calls whom, and what is said."""
        parser.add_argument("--to", default=PLUMBER, help="the number that is dialled")
        parser.add_argument("--caller", default=NEW_YORK, help="the caller's number")
        parser.add_argument(
            "--say",
            type=Path,
            action="append",
            default=[],
            metavar="FILE.wav",
            help="what the caller says, one recording a turn (PCM, 16 bits); else a demo caller's",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Call; a failure is one sentence and an exit code of 1."""
        call = PlacedCall(options["caller"], options["to"], tuple(options["say"]))
        screen = Screen(since=time.monotonic())
        try:
            outcome = asyncio.run(place(call, screen=screen))
        except WarmlineError as error:
            raise CommandError(str(error)) from error
        if outcome.call_id:
            page = f"{settings.PUBLIC_URL}/calls/{outcome.call_id}"
            self.stdout.write(f"Its page, with the recording: {page}")
        if outcome.problem:
            raise CommandError(outcome.problem)
