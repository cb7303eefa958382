"""The names that settings, policies and the lint share."""

OWNER_ROLE = "warmline_owner"
APP_ROLE = "warmline_app"
CONTROL_ROLE = "warmline_control"
# Owns the few SECURITY DEFINER functions and may read nothing but their columns. It cannot log in.
RESOLVER_ROLE = "warmline_resolver"
LOGIN_ROLES = (OWNER_ROLE, APP_ROLE, CONTROL_ROLE)

SCHEMA = "tenancy"
TENANT_SETTING = "warmline.tenant_id"
TENANT_TABLE = "tenants_tenant"
# The comment that declares a table to belong to no tenant; the lint asks for it.
GLOBAL_COMMENT = "belongs to no tenant"

TENANT_POLICY = "tenant_isolation"
OWNER_POLICY = "owner_migrations"
CONTROL_POLICY = "control_access"
RESOLVER_POLICY = "resolver_reads"

# What every session may call in a fresh server and none of ours needs: large objects lie outside
# row-level security, ending a session of the same role ends another tenant's work, activity shows
# another tenant's words. A condition on pg_proc.
REFUSED_FUNCTIONS = """
proname ~ '^lo_' OR proname IN (
    'loread', 'lowrite', 'pg_terminate_backend', 'pg_cancel_backend',
    'pg_stat_get_activity', 'pg_stat_get_backend_activity')
"""
