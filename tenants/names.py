"""The names that settings, policies and the lint share."""

OWNER = "warmline_owner"
APP = "warmline_app"
CONTROL = "warmline_control"
# Owns the few SECURITY DEFINER functions and may read nothing but their columns. It cannot log in.
RESOLVER = "warmline_resolver"
LOGIN_ROLES = (OWNER, APP, CONTROL)

SCHEMA = "tenancy"
TENANT_SETTING = "warmline.tenant_id"
TENANT_TABLE = "tenants_tenant"
# The comment that declares a table to belong to no tenant; the lint asks for it.
GLOBAL_COMMENT = "belongs to no tenant"

TENANT_POLICY = "tenant_isolation"
OWNER_POLICY = "owner_migrations"
CONTROL_POLICY = "control_access"
RESOLVER_POLICY = "resolver_reads"
