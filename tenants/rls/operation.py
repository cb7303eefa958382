"""What the operations have in common: statements that change the database and not the models."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import sha256

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class DatabaseOperation(Operation, ABC):
    """Statements that change the database and not the models."""

    reduces_to_sql = True
    reversible = True

    @abstractmethod
    def forwards(self) -> Sequence[str]:
        """The statements that do it."""

    @abstractmethod
    def backwards(self) -> Sequence[str]:
        """The statements that take it back."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models do not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the statements."""
        # Rows written earlier in this migration have pending checks that forbid changing a table.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE", params=None)
        for statement in self.forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the statements that take it back."""
        for statement in self.backwards():
            schema_editor.execute(statement, params=None)


def constraint_name(table: str, suffix: str) -> str:
    """A name of at most 63 bytes that stays unique: PostgreSQL cuts longer ones without a word."""
    name = f"{table}_{suffix}"
    if len(name) <= 63:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[:54]}_{digest}"
