"""What control may do across tenants, and who may touch a table that belongs to none."""

from collections.abc import Sequence

from tenants.names import (
    APP_ROLE,
    CONTROL_POLICY,
    CONTROL_ROLE,
    CREDENTIALS_ROLE,
    GLOBAL_COMMENT,
    SCHEMA,
)
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

    A column list narrows a privilege: `control="SELECT (id, email), INSERT"`. Said again of the
    same table, it takes the place of what was said before: `replaces` is that one.
    """

    def __init__(
        self,
        table: str,
        *,
        app: str = "",
        control: str = "",
        credentials: str = "",
        replaces: "GrantGlobal | None" = None,
    ) -> None:
        self.table = table
        self.granted = {APP_ROLE: app, CONTROL_ROLE: control, CREDENTIALS_ROLE: credentials}
        self.replaces = replaces

    def _revoke(self) -> str:
        # Columns' grants go with it.
        roles = [role for role, privileges in self.granted.items() if privileges]
        return f"REVOKE ALL ON {self.table} FROM {', '.join(roles)}"

    def forwards(self) -> Sequence[str]:
        """The comment and the grants."""
        statements = [f"COMMENT ON TABLE {self.table} IS '{GLOBAL_COMMENT}'"]
        if self.replaces:
            statements.append(self.replaces._revoke())
        for role, privileges in self.granted.items():
            if privileges:
                statements.append(f"GRANT {privileges} ON {self.table} TO {role}")
        return statements

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        if self.replaces:
            return (self._revoke(), *self.replaces.forwards())
        return (self._revoke(), f"COMMENT ON TABLE {self.table} IS NULL")

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Grant on {self.table}, which belongs to no tenant"


class AdmitCredentials(DatabaseOperation):
    """The role that owns the functions before passwords and sessions may create them."""

    def forwards(self) -> Sequence[str]:
        """Its way into the schema, once it is there."""
        return (
            f"""
            DO $$ BEGIN
                IF to_regrole('{CREDENTIALS_ROLE}') IS NULL THEN
                    RAISE EXCEPTION 'there is no role {CREDENTIALS_ROLE}: run bootstrap_roles';
                END IF;
            END $$
            """,
            # CREATE: a function can only be given to a role that may create in its schema.
            f"GRANT USAGE, CREATE ON SCHEMA {SCHEMA} TO {CREDENTIALS_ROLE}",
        )

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {CREDENTIALS_ROLE}",)

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Let {CREDENTIALS_ROLE} own functions"
