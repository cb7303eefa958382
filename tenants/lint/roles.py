"""Rules about the roles: what is granted to them, what they are, and how long they may take."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.types import Rule
from tenants.names import APP_ROLE, CONTROL_ROLE, OWNER_ROLE, RESOLVER_ROLE, SCHEMA

ROLE_RULES = (
    Rule(
        "the resolver reads single columns and nothing more",
        f"""
        SELECT name || ' ' || privilege_type FROM grants
        WHERE grantee = '{RESOLVER_ROLE}'::regrole
        AND (attname IS NULL OR privilege_type <> 'SELECT')
        """,
    ),
    Rule(
        "no table is PUBLIC's",
        "SELECT name || ' ' || privilege_type FROM grants WHERE grantee = 0",
    ),
    Rule(
        "the app and control read and write rows, nothing else",
        f"""
        SELECT name || ' ' || privilege_type FROM grants
        WHERE grantee IN ('{APP_ROLE}'::regrole, '{CONTROL_ROLE}'::regrole)
        AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        """,
    ),
    Rule(
        "only the owner creates in a schema",
        f"""
        SELECT n.nspname || ' ' || r.rolname FROM pg_namespace n, roles r
        WHERE n.nspname !~ '^pg_' AND r.rolname <> '{OWNER_ROLE}'
        AND has_schema_privilege(r.oid, n.oid, 'CREATE')
        AND NOT (r.rolname = '{RESOLVER_ROLE}' AND n.nspname = '{SCHEMA}')
        """,
    ),
    Rule(
        "nobody but the owner makes temporary tables, which could stand before real ones",
        f"""
        SELECT rolname::text FROM roles
        WHERE rolname <> '{OWNER_ROLE}'
        AND has_database_privilege(oid, current_database(), 'TEMP')
        """,
    ),
    Rule(
        "PUBLIC has nothing in our schemas",
        """
        SELECT n.nspname || ' ' || g.privilege_type FROM schemas n, aclexplode(n.nspacl) g
        WHERE n.nspname !~ '^pg_' AND g.grantee = 0
        """,
    ),
    Rule(
        "no role of ours is a superuser, passes policies by, or makes roles or databases",
        """
        SELECT rolname::text FROM roles
        WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
        """,
    ),
    Rule(
        "the four roles exist; the resolver cannot log in",
        f"""
        SELECT role FROM unnest(
            ARRAY['{OWNER_ROLE}', '{APP_ROLE}', '{CONTROL_ROLE}', '{RESOLVER_ROLE}']) AS role
        WHERE NOT EXISTS (
            SELECT FROM roles
            WHERE rolname = role AND rolcanlogin = (role <> '{RESOLVER_ROLE}'))
        """,
    ),
    Rule(
        "the app and control are members of no role, and the resolver has only the owner "
        "as a member",
        f"""
        SELECT member::regrole || ' in ' || roleid::regrole FROM pg_auth_members
        WHERE member IN (SELECT oid FROM roles WHERE rolname <> '{OWNER_ROLE}')
        OR (roleid IN (SELECT oid FROM roles)
            AND (member <> '{OWNER_ROLE}'::regrole OR inherit_option)
            AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = member))
        """,
    ),
    Rule(
        "everything belongs to the owner",
        f"""
        SELECT c.oid::regclass::text FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner <> '{OWNER_ROLE}'::regrole
        """,
    ),
    Rule(
        "an app's statement, lock wait and idle transaction end by themselves",
        f"""
        SELECT timeout FROM unnest(ARRAY[
            'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'
        ]) AS timeout
        WHERE NOT EXISTS (
            SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
            WHERE s.setrole = '{APP_ROLE}'::regrole AND setting ~ ('^' || timeout || '=[1-9]'))
        """,
    ),
)
