"""A pool's columns as flags of a command."""

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from django.core.management.base import CommandError

from inference.fleet import queries
from inference.models import Pool
from inference.types import PURPOSES

_COLUMNS: Final = (
    "baseline",
    "maximum",
    "slots",
    "max_asleep",
    "price_an_hour",
    "target_occupancy",
    "cold_call_price",
    "purpose",
    "fixed_url",
    "gpu",
)

_SCHEDULE: Final = (
    "a JSON file with a list of windows, [] for none. Each: days (0 is Monday), begins and ends "
    "(local times such as 08:30, over midnight when it ends earlier), time_zone, replicas; and "
    "where wanted holidays (dates on which it does not begin), from_date and until_date (a "
    "campaign's first and last date, such as 2026-12-24)"
)


def add_flags(parser: ArgumentParser) -> None:
    """A flag for each column that an operator may set."""
    parser.add_argument("--baseline", type=int, help="warm replicas at any time")
    parser.add_argument("--maximum", type=int, help="replicas at most")
    parser.add_argument("--slots", type=int, help="calls at once on one replica")
    parser.add_argument(
        "--max-asleep", type=int, help="drained replicas kept asleep instead of stopped, at most"
    )
    parser.add_argument(
        "--gpu",
        help="the GPU it takes turns on with the region's pools that name it too; '' for none",
    )
    # The names that these two had before.
    parser.add_argument("--sleepers", type=int, dest="max_asleep", help=SUPPRESS)
    parser.add_argument("--card", dest="gpu", help=SUPPRESS)
    parser.add_argument(
        "--price-an-hour", type=float, help="what an hour of one replica costs, for the ledger"
    )
    parser.add_argument(
        "--target-occupancy", type=float, help="the share of slots that calls should fill at most"
    )
    parser.add_argument(
        "--cold-call-price", type=float, help="hours of a replica that a cold call costs; 0: none"
    )
    parser.add_argument("--schedule", type=Path, help=_SCHEDULE)
    purposes = ", ".join(f"{purpose} ({word})" for purpose, word in PURPOSES.items())
    parser.add_argument("--purpose", help=f"what a call may use it for: {purposes}")
    parser.add_argument(
        "--fixed-url",
        help="an endpoint that somebody else runs; its key goes into WARMLINE_POOL_KEYS",
    )


def columns_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the given flags set."""
    columns = {name: options[name] for name in _COLUMNS if options.get(name) is not None}
    if options.get("schedule") is not None:
        columns["schedule"] = _windows(options["schedule"])
    return columns


def summary(pool: Pool, columns: Mapping[str, Any]) -> str:
    """What was set, and what an operator should know of the pool's place now."""
    changed = ", ".join(f"{name} {getattr(pool, name)}" for name in columns)
    lines = [f"{pool.name}: {changed}"]
    if not queries.has_own(pool):
        place = f"{pool.region_id}/{pool.role}"
        lines.append(
            f"{place} has no pool meant for calls: it answers only where no region with one can."
        )
    return "\n".join(lines)


def _windows(path: Path) -> list[Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Any])
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise CommandError(f"{path}: expected a JSON list of windows ({error})") from error
