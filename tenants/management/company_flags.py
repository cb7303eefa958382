"""Flags that commands about companies share."""

from django.core.management.base import CommandParser

from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS, PricingPlan, Residency


def add_settings(parser: CommandParser, *, name_required: bool = False) -> None:
    """What a company sets for itself too."""
    parser.add_argument("--name", required=name_required, help="as its callers know it")
    parser.add_argument("--time-zone", help="such as Europe/Berlin")
    parser.add_argument(
        "--residency", help=f"where its calls may be answered: {', '.join(Residency.values)}"
    )
    parser.add_argument("--human-number", help="who takes a call when no agent can; '' for nobody")


def add_limits(parser: CommandParser) -> None:
    """What the operator alone sets."""
    parser.add_argument("--plan", help=f"one of {', '.join(PricingPlan.values)}")
    parser.add_argument("--max-concurrent-calls", type=int, help="calls at once that agents take")
    parser.add_argument(
        "--call-weight",
        type=int,
        help=f"1 to {MAX_CALL_WEIGHT}: its share of the slots while they are short",
    )
    parser.add_argument(
        "--warm-replicas",
        type=int,
        help=f"0 to {MAX_WARM_REPLICAS}: its class; so many stay warm in every pool that may "
        "serve its calls",
    )
