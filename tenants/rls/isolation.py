"""Tables of tenants: their policies, the keys between them, the schema they lie in."""

from collections.abc import Sequence

from tenants.names import (
    APP_ROLE,
    CONTROL_ROLE,
    ERASURE_POLICY,
    OWNER_POLICY,
    OWNER_ROLE,
    RESOLVER_ROLE,
    SCHEMA,
    TENANT_POLICY,
    TENANT_SETTING,
    TENANT_TABLE,
)
from tenants.rls.operation import DatabaseOperation, constraint_name

ALL_ROWS = "SELECT, INSERT, UPDATE, DELETE"


class CreateTenancy(DatabaseOperation):
    """The schema `tenancy` with `current_tenant()`: the transaction's tenant, else error 42501."""

    def forwards(self) -> Sequence[str]:
        """The schema, the function, and who may use them."""
        return (
            f"CREATE SCHEMA {SCHEMA}",
            f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APP_ROLE}, {CONTROL_ROLE}",
            # CREATE: a function can only be given to a role that may create in its schema.
            f"GRANT USAGE, CREATE ON SCHEMA {SCHEMA} TO {RESOLVER_ROLE}",
            f"""
            CREATE FUNCTION {SCHEMA}.current_tenant() RETURNS uuid
            LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
            DECLARE bound text := current_setting('{TENANT_SETTING}', true);
            BEGIN
                -- After a transaction that set it locally, the setting reads '' and not NULL.
                IF bound IS NULL OR bound = '' THEN
                    RAISE EXCEPTION 'no tenant is bound to this transaction'
                        USING ERRCODE = '42501';
                END IF;
                RETURN bound::uuid;
            END $$
            """,
            f"REVOKE ALL ON FUNCTION {SCHEMA}.current_tenant() FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {SCHEMA}.current_tenant() TO {APP_ROLE}",
        )

    def backwards(self) -> Sequence[str]:
        """The schema with everything in it."""
        return (f"DROP SCHEMA {SCHEMA} CASCADE",)

    def describe(self) -> str:
        """For `migrate`'s output."""
        return "Create the tenancy schema"


class IsolateTable(DatabaseOperation):
    """Every row belongs to one tenant, and the app role meets only its transaction's tenant's.

    Row-level security enabled and forced, one policy for the app, one for migrations, the app's
    grants, and UNIQUE (tenant_id, id) for `TenantKey`s to point at. `app` narrows the grants (an
    audit trail: SELECT, INSERT); `key` is None for a table whose rows no other one points at.
    """

    def __init__(
        self,
        table: str,
        *,
        app: str = ALL_ROWS,
        tenant_column: str = "tenant_id",
        key: str | None = "id",
    ) -> None:
        self.table = table
        self.app = app
        self.key = key
        self.tenant_column = tenant_column

    @property
    def _key_name(self) -> str:
        return constraint_name(self.table, "tenant_id_id")

    def forwards(self) -> Sequence[str]:
        """Row-level security, both policies, the app's grants, the key."""
        same_tenant = f"{self.tenant_column} = (SELECT {SCHEMA}.current_tenant())"
        # The owner works only when it is the session's own login: a function it owns gains nothing.
        migrating = f"session_user = '{OWNER_ROLE}'"
        statements = [
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} FORCE ROW LEVEL SECURITY",
            (
                f"CREATE POLICY {TENANT_POLICY} ON {self.table} TO {APP_ROLE}"
                f" USING ({same_tenant}) WITH CHECK ({same_tenant})"
            ),
            (
                f"CREATE POLICY {OWNER_POLICY} ON {self.table} TO {OWNER_ROLE}"
                f" USING ({migrating}) WITH CHECK ({migrating})"
            ),
            f"GRANT {self.app} ON {self.table} TO {APP_ROLE}",
        ]
        if self.key not in (None, self.tenant_column):
            statements.append(
                f"ALTER TABLE {self.table} ADD CONSTRAINT {self._key_name}"
                f" UNIQUE ({self.tenant_column}, {self.key})"
            )
        return statements

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"ALTER TABLE {self.table} DROP CONSTRAINT IF EXISTS {self._key_name} CASCADE",
            f"REVOKE ALL ON {self.table} FROM {APP_ROLE}",
            f"DROP POLICY {OWNER_POLICY} ON {self.table}",
            f"DROP POLICY {TENANT_POLICY} ON {self.table}",
            f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Isolate {self.table} by tenant"


class EraseWhenDue(DatabaseOperation):
    """Rows that the app may add and never delete: it may once their company's time is over.

    A restrictive policy beside the tenant's own. When that is, control alone writes.
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self) -> Sequence[str]:
        """The grant, and the policy that holds it back until then."""
        due = "closed_at IS NOT NULL AND erase_at <= now()"
        if self.table != TENANT_TABLE:
            whose = f"public.{TENANT_TABLE} t WHERE t.id = {self.table}.tenant_id"
            due = f"EXISTS (SELECT FROM {whose} AND {due})"
        return (
            f"GRANT DELETE ON {self.table} TO {APP_ROLE}",
            (
                f"CREATE POLICY {ERASURE_POLICY} ON {self.table} AS RESTRICTIVE FOR DELETE"
                f" TO {APP_ROLE} USING ({due})"
            ),
        )

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"DROP POLICY {ERASURE_POLICY} ON {self.table}",
            f"REVOKE DELETE ON {self.table} FROM {APP_ROLE}",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Let {self.table} be erased with its company"


class TenantKey(DatabaseOperation):
    """A foreign key within the tenant: (tenant_id, column) refers to (tenant_id, id).

    The model's ForeignKey has `db_constraint=False`: a plain foreign key ignores row-level
    security. An index on (tenant_id, column) comes with it, so give the ForeignKey
    `db_index=False`.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table = table
        self.column = column
        self.target = target

    def _name(self, kind: str) -> str:
        return constraint_name(self.table, f"{self.column}_tenant_{kind}")

    def forwards(self) -> Sequence[str]:
        """The constraint, checked at commit like Django's own, and its index."""
        constraint = (
            f"{self._name('key')} FOREIGN KEY (tenant_id, {self.column})"
            f" REFERENCES {self.target} (tenant_id, id)"
        )
        return (
            f"ALTER TABLE {self.table} ADD CONSTRAINT {constraint} DEFERRABLE INITIALLY DEFERRED",
            f"CREATE INDEX {self._name('idx')} ON {self.table} (tenant_id, {self.column})",
        )

    def backwards(self) -> Sequence[str]:
        """The same, undone. The index goes by the table's schema, which the search path finds."""
        return (
            f"DROP INDEX {self._name('idx')}",
            f"ALTER TABLE {self.table} DROP CONSTRAINT {self._name('key')}",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Tie {self.table}.{self.column} to {self.target} within the tenant"


class MoveToSchema(DatabaseOperation):
    """Put a table of `public` into a vertical's schema, where the search path still finds it."""

    def __init__(self, table: str, schema: str) -> None:
        self.table = table
        self.schema = schema

    def forwards(self) -> Sequence[str]:
        """The schema if it is new, its doors, the move."""
        return (
            f"CREATE SCHEMA IF NOT EXISTS {self.schema}",
            f"REVOKE ALL ON SCHEMA {self.schema} FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA {self.schema} TO {APP_ROLE}, {CONTROL_ROLE}",
            f"ALTER TABLE public.{self.table} SET SCHEMA {self.schema}",
            # Said by the migration, not by the first caller's booking.
            f"""
            DO $$ BEGIN
                IF to_regclass('{self.table}') IS NULL THEN
                    RAISE EXCEPTION '{self.schema} is on no search path: run bootstrap_roles';
                END IF;
            END $$
            """,
        )

    def backwards(self) -> Sequence[str]:
        """Back to `public`; the schema stays."""
        return (f"ALTER TABLE {self.schema}.{self.table} SET SCHEMA public",)

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Move {self.table} to {self.schema}"
