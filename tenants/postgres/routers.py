"""Which role a query goes out as."""

from typing import Any, TypeVar

from django.db import models

from tenants.context import CONTROL, acts_as_control

M = TypeVar("M", bound=models.Model)


def without_alias(row: M) -> M:
    """The row, forgetting through which role it came: its next query is routed anew."""
    row._state.db = None
    return row


class RoleRouter:
    """Sends queries out as the app role, inside `as_control` as control; the owner migrates.

    All three aliases are one database.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """The control role inside `as_control`, else Django's default."""
        return CONTROL if acts_as_control() else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        """The control role inside `as_control`, else Django's default."""
        return CONTROL if acts_as_control() else None

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        """Rows read through different roles are still rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Only the owner changes the schema."""
        return db == "owner"
