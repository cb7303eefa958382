"""The names that settings, policies and the lint share."""

OWNER_ROLE = "warmline_owner"
APP_ROLE = "warmline_app"
CONTROL_ROLE = "warmline_control"
# Owns the few SECURITY DEFINER functions and may read nothing but their columns. It cannot log in.
RESOLVER_ROLE = "warmline_resolver"
# Owns the functions that stand before passwords and sessions. It cannot log in either.
CREDENTIALS_ROLE = "warmline_credentials"
LOGIN_ROLES = (OWNER_ROLE, APP_ROLE, CONTROL_ROLE)
DEFINER_ROLES = (RESOLVER_ROLE, CREDENTIALS_ROLE)

SCHEMA = "tenancy"
TENANT_SETTING = "warmline.tenant_id"
TENANT_TABLE = "tenants_tenant"
USER_TABLE = "tenants_user"
SESSION_TABLE = "django_session"
# The comment that declares a table to belong to no tenant; the lint asks for it.
GLOBAL_COMMENT = "belongs to no tenant"

TENANT_POLICY = "tenant_isolation"
OWNER_POLICY = "owner_migrations"
CONTROL_POLICY = "control_access"
# Narrows the app's own: rows that it may not delete otherwise go with their company.
ERASURE_POLICY = "erased_when_due"
RESOLVER_POLICY = "resolver_reads"

# What every session may call in a fresh server and none of ours needs: large objects lie outside
# row-level security; ending a session of the same role ends another tenant's work, an advisory lock
# blocks it, a notification reaches it; activity and locks show what it does; sleep holds a
# connection, a message in the log of writes reaches whoever replicates. A condition on pg_proc.
REFUSED_FUNCTIONS = """
proname ~ '^lo_' OR proname ~ '^pg_(try_)?advisory_' OR proname ~ '^pg_sleep'
OR proname ~ '^pg_stat_get_(activity|backend_|progress_info)' OR proname IN (
    'loread', 'lowrite', 'pg_terminate_backend', 'pg_cancel_backend', 'pg_notify',
    'pg_lock_status', 'pg_blocking_pids', 'pg_logical_emit_message')
"""
# Replicas are counted and started one worker at a time; control knows no tenant to block.
CONTROL_FUNCTION = "pg_advisory_xact_lock(bigint)"
