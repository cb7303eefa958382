"""Which role a query goes out as."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from tenants.context import CONTROL, acts_as_control, bound_tenant_id

M = TypeVar("M", bound=models.Model)


def without_alias(row: M) -> M:
    """The row, forgetting through which role it came: its next query is routed anew."""
    row._state.db = None
    return row


# What a person has to sign in with: addresses, second factors, accounts at a provider.
_OF_PEOPLE = frozenset({"account", "mfa", "socialaccount"})
_LABELS = frozenset({"tenants.OutgoingMail"})


def _is_controls(model: type[models.Model]) -> bool:
    """Whether it is a table of people: they belong to no tenant, and inside of one stay unseen."""
    meta = model._meta
    of_people = (
        meta.label == settings.AUTH_USER_MODEL
        or meta.label in _LABELS
        or meta.app_label in _OF_PEOPLE
    )
    return of_people and bound_tenant_id() is None


def _role_of(model: type[models.Model]) -> str | None:
    return CONTROL if acts_as_control() or _is_controls(model) else None


class RoleRouter:
    """Sends queries out as the app role, inside `as_control` as control; the owner migrates.

    All three aliases are one database.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """The control role inside `as_control` and for people, else Django's default."""
        return _role_of(model)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        """The control role inside `as_control` and for people, else Django's default."""
        return _role_of(model)

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        """Rows read through different roles are still rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Only the owner changes the schema."""
        return db == "owner"
