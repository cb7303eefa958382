"""What control may do across tenants, and who may touch a table that belongs to none."""

from collections.abc import Sequence

from tenants.names import APP_ROLE, CONTROL_POLICY, CONTROL_ROLE, GLOBAL_COMMENT
from tenants.rls.operation import DatabaseOperation


class ControlMay(DatabaseOperation):
    """Control may do this with every tenant's rows of one table: find work, count, bill."""

    def __init__(self, table: str, privileges: str) -> None:
        self.table = table
        self.privileges = privileges

    def forwards(self) -> Sequence[str]:
        """Its policy and its grants."""
        return (
            (
                f"CREATE POLICY {CONTROL_POLICY} ON {self.table} TO {CONTROL_ROLE}"
                " USING (true) WITH CHECK (true)"
            ),
            f"GRANT {self.privileges} ON {self.table} TO {CONTROL_ROLE}",
        )

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"REVOKE ALL ON {self.table} FROM {CONTROL_ROLE}",
            f"DROP POLICY {CONTROL_POLICY} ON {self.table}",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Let control {self.privileges} on {self.table}"


class ControlMayRead(ControlMay):
    """Control may read every tenant's rows of one table."""

    def __init__(self, table: str) -> None:
        super().__init__(table, "SELECT")


class GrantGlobal(DatabaseOperation):
    """Says to the lint that a table belongs to no tenant, and who may do what with it.

    A column list narrows a privilege: `app="SELECT, UPDATE (password, last_login)"`.
    """

    def __init__(self, table: str, *, app: str = "", control: str = "") -> None:
        self.table = table
        self.app = app
        self.control = control

    def forwards(self) -> Sequence[str]:
        """The comment and the grants."""
        statements = [f"COMMENT ON TABLE {self.table} IS '{GLOBAL_COMMENT}'"]
        if self.app:
            statements.append(f"GRANT {self.app} ON {self.table} TO {APP_ROLE}")
        if self.control:
            statements.append(f"GRANT {self.control} ON {self.table} TO {CONTROL_ROLE}")
        return statements

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"REVOKE ALL ON {self.table} FROM {APP_ROLE}, {CONTROL_ROLE}",
            f"COMMENT ON TABLE {self.table} IS NULL",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Grant on {self.table}, which belongs to no tenant"
