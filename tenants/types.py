"""Words of this app that others use: roles, plans, residency."""

from typing import Final

from django.db import models

# Ten to one sets a large customer apart; with more, a small one beside it has not one slot of a
# pool of ten.
MAX_CALL_WEIGHT: Final = 10
# A slip of the hand must not order a thousand cards; each pool's own maximum bounds it further.
MAX_WARM_REPLICAS: Final = 100


class MemberRole(models.TextChoices):
    """What a member may do, from all to looking on: `tenants.permissions` is the table."""

    OWNER = "owner"
    ADMIN = "admin"
    BUILDER = "builder"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class PricingPlan(models.TextChoices):
    """What a tenant pays for."""

    TRIAL = "trial"
    TEAM = "team"
    SCALE = "scale"


class Residency(models.TextChoices):
    """Where a tenant's calls may be thought about."""

    ANYWHERE = "anywhere"
    US = "us"
    EU = "eu"
