"""Migration operations that put tables under row-level security, and say who may touch them.

    migrations.CreateModel("Call", ...),
    IsolateTable("telephony_call"),
    TenantKey("telephony_turn", "call_id", "telephony_call"),

Each runs as the owner, is reversible, and leaves Django's own state alone. Table names are the
plain ones; a table that was moved into a vertical's schema is found through the search path.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tenants.names import (
    APP,
    CONTROL,
    CONTROL_POLICY,
    GLOBAL_COMMENT,
    OWNER,
    OWNER_POLICY,
    RESOLVER,
    RESOLVER_POLICY,
    SCHEMA,
    TENANT_POLICY,
    TENANT_SETTING,
)

ALL_ROWS = "SELECT, INSERT, UPDATE, DELETE"


class DatabaseOperation(Operation):
    """Statements that change the database and not the models."""

    reduces_to_sql = True
    reversible = True

    def forwards(self) -> Sequence[str]:
        """The statements that do it."""
        raise NotImplementedError

    def backwards(self) -> Sequence[str]:
        """The statements that take it back."""
        raise NotImplementedError

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
        # Rows written earlier in this migration have pending checks that would forbid changing
        # their table.
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


class CreateTenancy(DatabaseOperation):
    """The schema `tenancy` with `current_tenant()`:
    the transaction's tenant, or error 42501 when none is set.
    """

    def forwards(self) -> Sequence[str]:
        """The schema, the function, and who may use them."""
        return (
            f"CREATE SCHEMA {SCHEMA}",
            f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APP}, {CONTROL}",
            # CREATE: a function can only be given to a role that may create in its schema.
            f"GRANT USAGE, CREATE ON SCHEMA {SCHEMA} TO {RESOLVER}",
            f"""
            CREATE FUNCTION {SCHEMA}.current_tenant() RETURNS uuid
            LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
            DECLARE bound text := current_setting('{TENANT_SETTING}', true);
            BEGIN
                -- After a transaction that set it locally, the setting reads '' and not NULL.
                IF bound IS NULL OR bound = '' THEN
                    RAISE EXCEPTION 'no tenant is bound to this transaction' USING ERRCODE = '42501';
                END IF;
                RETURN bound::uuid;
            END $$
            """,
            f"REVOKE ALL ON FUNCTION {SCHEMA}.current_tenant() FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {SCHEMA}.current_tenant() TO {APP}",
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
    audit trail: SELECT, INSERT).
    """

    def __init__(
        self, table: str, *, app: str = ALL_ROWS, tenant_column: str = "tenant_id"
    ) -> None:
        self.table = table
        self.app = app
        self.tenant_column = tenant_column

    def forwards(self) -> Sequence[str]:
        """Row-level security, both policies, the app's grants, the key."""
        theirs = f"{self.tenant_column} = (SELECT {SCHEMA}.current_tenant())"
        # The owner works only when it is the session's own login: a function it owns gains nothing.
        migrating = f"session_user = '{OWNER}'"
        statements = [
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {TENANT_POLICY} ON {self.table} TO {APP} USING ({theirs}) WITH CHECK ({theirs})",
            f"CREATE POLICY {OWNER_POLICY} ON {self.table} TO {OWNER} USING ({migrating}) WITH CHECK ({migrating})",
            f"GRANT {self.app} ON {self.table} TO {APP}",
        ]
        if self.tenant_column != "id":
            statements.append(
                f"ALTER TABLE {self.table} ADD CONSTRAINT {_short(self.table, 'tenant_id_id')}"
                f" UNIQUE ({self.tenant_column}, id)"
            )
        return statements

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"ALTER TABLE {self.table} DROP CONSTRAINT IF EXISTS {_short(self.table, 'tenant_id_id')} CASCADE",
            f"REVOKE ALL ON {self.table} FROM {APP}",
            f"DROP POLICY {OWNER_POLICY} ON {self.table}",
            f"DROP POLICY {TENANT_POLICY} ON {self.table}",
            f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Isolate {self.table} by tenant"


class TenantKey(DatabaseOperation):
    """A foreign key between tenant tables that cannot cross tenants: (tenant_id, column) to
    (tenant_id, id).

    The model's ForeignKey has `db_constraint=False`: a plain foreign key ignores row-level
    security. An index on (tenant_id, column) comes with it, so give the ForeignKey
    `db_index=False`.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table = table
        self.column = column
        self.target = target

    def _name(self, kind: str) -> str:
        return _short(self.table, f"{self.column}_tenant_{kind}")

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
    """Put a table (still in `public`) into a vertical's schema;
    its name stays, the search path finds it.
    """

    def __init__(self, table: str, schema: str) -> None:
        self.table = table
        self.schema = schema

    def forwards(self) -> Sequence[str]:
        """The schema if it is new, its doors, the move."""
        return (
            f"CREATE SCHEMA IF NOT EXISTS {self.schema}",
            f"REVOKE ALL ON SCHEMA {self.schema} FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA {self.schema} TO {APP}, {CONTROL}",
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


class ControlMay(DatabaseOperation):
    """The control role may do this with every tenant's rows of one table:
    to find work, to count, to bill.
    """

    def __init__(self, table: str, privileges: str) -> None:
        self.table = table
        self.privileges = privileges

    def forwards(self) -> Sequence[str]:
        """Its policy and its grants."""
        return (
            f"CREATE POLICY {CONTROL_POLICY} ON {self.table} TO {CONTROL} USING (true) WITH CHECK (true)",
            f"GRANT {self.privileges} ON {self.table} TO {CONTROL}",
        )

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"REVOKE ALL ON {self.table} FROM {CONTROL}",
            f"DROP POLICY {CONTROL_POLICY} ON {self.table}",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Let control {self.privileges} on {self.table}"


class ControlMayRead(ControlMay):
    """The control role may read every tenant's rows of one table."""

    def __init__(self, table: str) -> None:
        super().__init__(table, "SELECT")


class GrantGlobal(DatabaseOperation):
    """A table that belongs to no tenant: who may do what with it, and a comment that says so to the
    lint.

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
            statements.append(f"GRANT {self.app} ON {self.table} TO {APP}")
        if self.control:
            statements.append(f"GRANT {self.control} ON {self.table} TO {CONTROL}")
        return statements

    def backwards(self) -> Sequence[str]:
        """The same, undone."""
        return (
            f"REVOKE ALL ON {self.table} FROM {APP}, {CONTROL}",
            f"COMMENT ON TABLE {self.table} IS NULL",
        )

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Grant on {self.table}, which belongs to no tenant"


class DefinerFunction(DatabaseOperation):
    """A function that looks across tenants for the app and answers a tenant's id, nothing else.

        DefinerFunction(
            "resolve_number(e164 text)",
            returns="uuid",
            body="SELECT n.tenant_id FROM public.telephony_number n WHERE n.e164 =
            resolve_number.e164",
            reads={"telephony_number": ("tenant_id", "e164")},
        )

    It runs as the resolver, a role that cannot log in and may read only the columns named in
    `reads`. The search path inside is `pg_catalog`: the body names schemas.
    """

    def __init__(
        self, signature: str, *, returns: str, body: str, reads: Mapping[str, Sequence[str]]
    ) -> None:
        self.signature = signature
        self.returns = returns
        self.body = body
        self.reads = dict(reads)

    @property
    def _function(self) -> str:
        return f"{SCHEMA}.{self.signature}"

    def _policy(self) -> str:
        return _short(RESOLVER_POLICY, self.signature.split("(")[0])

    def forwards(self) -> Sequence[str]:
        """The resolver's columns and policy, the function, its owner, its callers."""
        statements = []
        for table, columns in self.reads.items():
            statements += [
                f"CREATE POLICY {self._policy()} ON {table} FOR SELECT TO {RESOLVER} USING (true)",
                f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {RESOLVER}",
            ]
        bare = self._bare()
        attributes = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
        return (
            *statements,
            f"CREATE FUNCTION {self._function} RETURNS {self.returns} {attributes} AS $body$ {self.body} $body$",
            f"REVOKE ALL ON FUNCTION {bare} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {bare} TO {APP}",
            f"ALTER FUNCTION {bare} OWNER TO {RESOLVER}",
        )

    def _bare(self) -> str:
        # Overloads are not used: the name alone is enough, and ALTER FUNCTION takes it so.
        return f"{SCHEMA}.{self.signature.split('(')[0]}"

    def backwards(self) -> Sequence[str]:
        """The function and what its owner could read for it."""
        statements = [f"DROP FUNCTION {self._bare()}"]
        for table, columns in self.reads.items():
            statements += [
                f"REVOKE SELECT ({', '.join(columns)}) ON {table} FROM {RESOLVER}",  # noqa: S608  a migration's own names
                f"DROP POLICY {self._policy()} ON {table}",
            ]
        return statements

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Create the definer function {self.signature}"


def _short(table: str, suffix: str) -> str:
    """A name of at most 63 bytes that stays unique: PostgreSQL cuts longer ones without a word."""
    name = f"{table}_{suffix}"
    if len(name) <= 63:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[:54]}_{digest}"
