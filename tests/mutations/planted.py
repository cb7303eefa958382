"""Which holes are made, and which tests see them."""

from dataclasses import dataclass
from typing import Final

_POSTGRES: Final = "tests/tenants/postgres"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One place of one file in which `before` gives way to `after`, and the test that turns red."""

    name: str
    file: str
    before: str
    after: str
    test: str


MUTATIONS: Final = (
    Mutation(
        "a policy that shows all rows",
        "tenants/rls/isolation.py",
        " USING ({same_tenant}) WITH",
        " USING (true) WITH",
        f"{_POSTGRES}/test_isolation.py::test_no_table_shows_another_tenants_row_to_raw_sql",
    ),
    Mutation(
        "a policy that takes other tenants' rows",
        "tenants/rls/isolation.py",
        "WITH CHECK ({same_tenant})",
        "WITH CHECK (true)",
        f"{_POSTGRES}/test_isolation.py::test_no_table_takes_or_gives_away_a_row",
    ),
    Mutation(
        "an app role that passes policies by",
        "tenants/postgres/roles.py",
        '"NOSUPERUSER NOBYPASSRLS ',
        '"NOSUPERUSER BYPASSRLS ',
        f"{_POSTGRES}/test_isolation.py::test_no_table_shows_another_tenants_row_to_raw_sql",
    ),
    Mutation(
        "policies that the owner passes by",
        "tenants/rls/isolation.py",
        "TABLE {self.table} FORCE ROW",
        "TABLE {self.table} NO FORCE ROW",
        f"{_POSTGRES}/test_lint.py",
    ),
    Mutation(
        "a key between tables without the tenant",
        "tenants/rls/isolation.py",
        'KEY (tenant_id, {self.column})"\n            f" REFERENCES {self.target} (tenant_id, id)',
        'KEY ({self.column})"\n            f" REFERENCES {self.target} (id)',
        f"{_POSTGRES}/test_rls.py::test_a_key_between_tenant_tables_cannot_cross_tenants",
    ),
    Mutation(
        "a tenant that is set for the session",
        "tenants/postgres/base.py",
        "set_config(%s, %s, true)",
        "set_config(%s, %s, false)",
        "tests/tenants/test_context.py",
    ),
    Mutation(
        "a transaction that changes its tenant",
        "tenants/postgres/base.py",
        "self.transaction_tenant is not None and tenant_id != self.transaction_tenant",
        "False",
        "tests/tenants/test_context.py",
    ),
    Mutation(
        "a job whose header anybody may write",
        "tenants/jobs.py",
        "if not hmac.compare_digest(mac, expected):",
        "if False:",
        "tests/tenants/test_jobs.py::test_a_header_that_was_not_made_for_this_message_is_buried",
    ),
    Mutation(
        "an API key that needs no scope",
        "tenants/api/admission.py",
        "if operation.permission not in principal.key.permissions:",
        "if False:",
        "tests/tenants/keys",
    ),
    Mutation(
        "a page that needs no permission",
        "tenants/web.py",
        "if permission not in member.permissions:",
        "if False:",
        "tests/tenants/test_web.py::test_a_page_for_admins_is_for_admins",
    ),
    Mutation(
        "a call's token that opens any call",
        "tenants/call_tokens.py",
        'if claims["call"] != call_id:',
        "if False:",
        "tests/tenants/test_call_tokens.py",
    ),
    Mutation(
        "a cursor of another tenant's list",
        "tenants/api/pages.py",
        "if tenant_id != current_tenant_id() or encoded_kind != kind:",
        "if encoded_kind != kind:",
        "tests/tenants/api/test_operations.py::test_a_cursor_is_its_lists_own",
    ),
    Mutation(
        "a sealed secret that opens for any tenant",
        "tenants/sealed.py",
        "(_DOMAIN, owner.encode(), purpose.encode())",
        "(_DOMAIN, purpose.encode())",
        "tests/tenants/test_sealed.py::test_a_token_in_another_companys_row_does_not_open",
    ),
    Mutation(
        "a passage of another tenant's in an answer",
        "rag/chroma.py",
        'if metadata is None or metadata.get("tenant_id") != self._tenant_id:',
        "if metadata is None:",
        "tests/rag/test_knowledge.py::test_a_foreign_row_in_an_answer_spoils_the_whole_answer",
    ),
)
