"""`manage.py set_pool us-east/think/frontdesk --baseline 2 --maximum 6`: what an operator wants of a pool."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from inference import actions
from inference.errors import PolicyError
from warmline.kernel.errors import BadInput


class Command(BaseCommand):
    """Changes the given columns of a pool and leaves the others; the warmer's next turn follows."""

    help = "Change how warm a pool is kept. What contradicts itself is refused, and nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The pool, and a flag for each column."""
        parser.add_argument("pool", help="its name as `manage.py pools` shows it, such as us-east/think/frontdesk")
        parser.add_argument("--baseline", type=int, help="warm replicas at any time")
        parser.add_argument("--maximum", type=int, help="replicas at most")
        parser.add_argument("--slots", type=int, help="calls at once on one replica")
        parser.add_argument("--sleepers", type=int, help="drained replicas kept asleep instead of stopped")
        parser.add_argument("--price-an-hour", type=float, help="what an hour of one replica costs, for the ledger")
        parser.add_argument("--target-occupancy", type=float, help="the share of slots that calls should fill at most")
        parser.add_argument("--cold-call-price", type=float, help="hours of a replica that a cold call costs; 0: none")
        parser.add_argument("--schedule", type=Path, help="a JSON file with a list of windows; [] for none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and change."""
        numbers = ("baseline", "maximum", "slots", "sleepers", "price_an_hour", "target_occupancy", "cold_call_price")
        columns = {name: options[name] for name in numbers if options[name] is not None}
        if options["schedule"] is not None:
            columns["schedule"] = _windows(options["schedule"])
        if not columns:
            raise CommandError("nothing to change: expected at least one of the flags (see --help)")
        try:
            pool = actions.set_pool(options["pool"], **columns)
        except (PolicyError, BadInput) as refused:
            raise CommandError(str(refused)) from refused
        changed = ", ".join(f"{name} {getattr(pool, name)}" for name in columns)
        self.stdout.write(f"{pool.name}: {changed}")


def _windows(path: Path) -> list[Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Any])
    except (OSError, msgspec.MsgspecError) as wrong:
        raise CommandError(f"{path}: expected a JSON list of windows ({wrong})") from wrong
