"""What a new agent begins with, from its company's line of business."""

from agents import registry
from agents.types import Fact, Wording
from tenants import queries as tenants_queries


def starter_wording(agent: str) -> Wording:
    """The bound tenant's vertical's greeting and words, for an agent of that name."""
    tenant = tenants_queries.tenant()
    starter = registry.vertical(tenant.vertical).starter
    return Wording(
        greeting=starter.greeting.replace("{business}", tenant.name).replace("{agent}", agent),
        vocabulary=starter.vocabulary,
    )


def suggested_facts(wording: Wording) -> tuple[Fact, ...]:
    """What callers of such a company ask for and the wording does not say: label and example."""
    starter = registry.vertical(tenants_queries.tenant().vertical).starter
    known = {label.casefold() for label, _ in wording.facts}
    return tuple(fact for fact in starter.facts if fact[0].casefold() not in known)
