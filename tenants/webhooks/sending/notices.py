"""What people are told when nothing is sent to an endpoint any more."""

from tenants.webhooks.types import DisabledBecause


def tell_disabled(url: str, because: DisabledBecause) -> None:
    """Nothing yet."""
