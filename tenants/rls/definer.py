"""Functions that look where their caller may not: whose something is, a credential, a session.

The statements hold a migration's own names, never input.
"""

from collections.abc import Mapping, Sequence

from tenants.names import APP_ROLE, RESOLVER_POLICY, RESOLVER_ROLE, SCHEMA
from tenants.rls.operation import DatabaseOperation, constraint_name


class DefinerFunction(DatabaseOperation):
    """A function that runs as another role than its caller's.

        DefinerFunction(
            "resolve_number(e164 text)",
            returns="uuid",
            body="SELECT n.tenant_id FROM public.telephony_number n"
            " WHERE n.e164 = resolve_number.e164",
            reads={"telephony_number": ("tenant_id", "e164")},
        )

    By default it looks across tenants and answers a tenant's id, nothing else: it runs as the
    resolver, which cannot log in and may read only the columns named in `reads`. `runs_as` another
    role it does what that role's own grants say. `caller` alone may call it. `replaces` is what a
    migration before made under the same name. The search path inside
    is `pg_catalog`: the body names schemas.
    """

    def __init__(
        self,
        signature: str,
        *,
        returns: str,
        body: str,
        reads: Mapping[str, Sequence[str]] | None = None,
        runs_as: str = RESOLVER_ROLE,
        caller: str = APP_ROLE,
        volatility: str = "STABLE",
        replaces: "DefinerFunction | None" = None,
    ) -> None:
        self.signature = signature
        self.returns = returns
        self.body = body
        self.reads = dict(reads or {})
        self.runs_as = runs_as
        self.caller = caller
        self.volatility = volatility
        self.replaces = replaces

    @property
    def _name(self) -> str:
        return self.signature.split("(")[0]

    @property
    def _policy(self) -> str:
        return constraint_name(RESOLVER_POLICY, self._name)

    def forwards(self) -> Sequence[str]:
        """The resolver's columns and policy, the function, its owner, its caller."""
        statements: list[str] = []
        if self.replaces:
            statements += self.replaces.backwards()
        for table, columns in self.reads.items():
            statements += [
                (
                    f"CREATE POLICY {self._policy} ON {table} FOR SELECT TO {self.runs_as}"
                    " USING (true)"
                ),
                f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {self.runs_as}",
            ]
        # Overloads are not used: the name alone is enough.
        name = f"{SCHEMA}.{self._name}"
        return (
            *statements,
            (
                f"CREATE FUNCTION {SCHEMA}.{self.signature} RETURNS {self.returns}"
                f" LANGUAGE sql {self.volatility} SECURITY DEFINER"
                f" SET search_path = pg_catalog, pg_temp AS $body$ {self.body} $body$"
            ),
            f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name} TO {self.caller}",
            f"ALTER FUNCTION {name} OWNER TO {self.runs_as}",
        )

    def backwards(self) -> Sequence[str]:
        """The function and what its owner could read for it."""
        statements = [f"DROP FUNCTION {SCHEMA}.{self._name}"]
        for table, columns in self.reads.items():
            privilege = f"SELECT ({', '.join(columns)})"
            statements += [
                f"REVOKE {privilege} ON {table} FROM {self.runs_as}",
                f"DROP POLICY {self._policy} ON {table}",
            ]
        if self.replaces:
            statements += self.replaces.forwards()
        return statements

    def describe(self) -> str:
        """For `migrate`'s output."""
        return f"Create the definer function {self.signature}"
