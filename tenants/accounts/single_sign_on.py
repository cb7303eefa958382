"""Whom the operator's OpenID Connect provider vouches for, and of whom it is required."""

from django.conf import settings

from tenants.emails import normal_email


def is_offered() -> bool:
    """Whether the operator named a provider."""
    return bool(settings.SSO_URL)


def vouches_for(email: str) -> bool:
    """Whether the provider may say that somebody is the owner of this address."""
    return is_offered() and normal_email(email).rpartition("@")[2] in settings.SSO_DOMAINS


def is_required_of(email: str) -> bool:
    """Whether whoever has this address comes in by the provider alone."""
    return bool(settings.SSO_REQUIRED) and vouches_for(email)
