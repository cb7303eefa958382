"""The filters of a list of calls, as a command's options."""

from typing import Any

from django.core.management.base import CommandParser

from telephony.calls.listing.filters import NAMES, SORTS, CallFilters, parsed_filters


def add_filters(parser: CommandParser) -> None:
    """An option for each filter of a list of calls."""
    for name in NAMES:
        # Django's own --version tells the version of Django.
        option = "agent-version" if name == "version" else name.replace("_", "-")
        parser.add_argument(f"--{option}", default="", dest=name)


def add_sort(parser: CommandParser) -> None:
    """`--sort`."""
    parser.add_argument("--sort", default=SORTS[0], choices=SORTS)


def given_filters(options: dict[str, Any]) -> CallFilters:
    """The filters that were given; `BadInput` says which is none."""
    return parsed_filters({name: options[name] for name in NAMES})
