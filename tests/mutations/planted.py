"""Which holes are made, and which tests see them."""

from dataclasses import dataclass
from typing import Final

_POSTGRES: Final = "tests/tenants/postgres"
_ISOLATION: Final = "tests/isolation"


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
        "a session's tenant behind PgBouncer",
        "tenants/postgres/base.py",
        "set_config(%s, %s, true)",
        "set_config(%s, %s, false)",
        f"{_ISOLATION}/test_pgbouncer.py",
    ),
    Mutation(
        "a cursor that outlives its transaction behind PgBouncer",
        "tenants/postgres/addresses.py",
        '"DISABLE_SERVER_SIDE_CURSORS": True',
        '"DISABLE_SERVER_SIDE_CURSORS": False',
        f"{_ISOLATION}/test_pgbouncer.py::test_nothing_is_prepared_and_no_cursor_left",
    ),
    Mutation(
        "a PgBouncer that clears nothing",
        "deploy/pgbouncer/pgbouncer.ini",
        "server_reset_query_always = 1",
        "server_reset_query_always = 0",
        f"{_ISOLATION}/test_pgbouncer.py::test_what_a_statement_left_in_its_session_reaches_nobody",
    ),
    Mutation(
        "a socket that needs no permission",
        "platform/dashboard/live/consumers.py",
        "if member is None or permission not in member.permissions:",
        "if member is None:",
        f"{_ISOLATION}/test_sockets.py",
    ),
    Mutation(
        "a socket of another tenant's call",
        "platform/dashboard/live/consumers.py",
        "if call_id is not None and not calls_queries.call_exists(call_id):",
        "if False:",
        f"{_ISOLATION}/test_sockets.py",
    ),
    Mutation(
        "a socket that is never looked at again",
        "platform/dashboard/live/consumers.py",
        "if groups != self.groups_joined:",
        "if False:",
        f"{_ISOLATION}/test_sockets.py::test_a_socket_closes_when_its_page_would_not_open_any_more",
    ),
    Mutation(
        "a job that runs without its tenant",
        "tenants/webhooks/tasks.py",
        '"tenants.webhooks.tasks.forget_old_of_tenant", base=TenantTask)',
        '"tenants.webhooks.tasks.forget_old_of_tenant", base=TenantTask, cross_tenant=True)',
        f"{_ISOLATION}/test_tasks.py",
    ),
    Mutation(
        "a command in whichever company",
        "tenants/management/tenant_command.py",
        'tenant_by_slug(options["tenant"]).tenant_id',
        "__import__('tenants.queries').queries.all_tenant_ids()[-1]",
        f"{_ISOLATION}/test_commands.py",
    ),
    Mutation(
        "a page that takes from whoever may read it",
        "tenants/web.py",
        'permissions["POST"] = writes or permission',
        'permissions["POST"] = permission',
        f"{_ISOLATION}/test_permissions.py::test_what_only_reads_changes_nothing",
    ),
    Mutation(
        "a page with a lesser permission",
        "platform/dashboard/members/views.py",
        "@tenant_view(Permission.MEMBERS_WRITE)\ndef change_role",
        "@tenant_view(Permission.MEMBERS_READ, writes=Permission.MEMBERS_READ)\ndef change_role",
        f"{_ISOLATION}/test_permissions.py::test_what_only_reads_changes_nothing",
    ),
    Mutation(
        "an operation with a lesser permission",
        "tenants/keys/api.py",
        '"revoke_api_key", permission=Permission.KEYS_WRITE',
        '"revoke_api_key", permission=Permission.KEYS_READ',
        f"{_ISOLATION}/test_permissions.py::test_what_only_reads_changes_nothing",
    ),
    Mutation(
        "a role that may more",
        "tenants/permissions.py",
        "_REVIEWER: Final = _VIEWER | {Permission.RECORDINGS_READ,",
        "_REVIEWER: Final = _VIEWER | {Permission.CALLS_ERASE, Permission.RECORDINGS_READ,",
        f"{_ISOLATION}/test_permissions.py::test_the_table_is_what_it_was_agreed_to_be",
    ),
    Mutation(
        "a passage of another tenant's in an answer",
        "rag/chroma.py",
        'if metadata is None or metadata.get("tenant_id") != self._tenant_id:',
        "if metadata is None:",
        "tests/rag/test_knowledge.py::test_a_foreign_row_in_an_answer_spoils_the_whole_answer",
    ),
)
