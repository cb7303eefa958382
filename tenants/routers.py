"""Which role a query goes out as."""

from typing import Any

from django.db import models

from tenants.context import CONTROL, acts_as_control


class RoleRouter:
    """All three aliases are one database.
    The app role by default, control inside `as_control`; the owner migrates.
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
