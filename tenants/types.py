"""Words of this app that others use: roles, plans, residency, a membership."""

from dataclasses import dataclass

from django.db import models

from warmline.kernel.ids import TenantId


class Role(models.TextChoices):
    """What a member may do, from all to looking on."""

    ADMIN = "admin"
    BUILDER = "builder"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class Plan(models.TextChoices):
    """What a tenant pays for."""

    TRIAL = "trial"
    TEAM = "team"
    SCALE = "scale"


class Residency(models.TextChoices):
    """Where a tenant's calls may be thought about."""

    ANYWHERE = "anywhere"
    US = "us"
    EU = "eu"


@dataclass(frozen=True, slots=True)
class Membership:
    """A tenant that a user may enter, and as what."""

    tenant_id: TenantId
    name: str
    role: str
