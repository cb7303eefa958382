"""The server around the database: roles, their settings, the database: (kind, name, '', facts)."""
# ruff: noqa: S608  the queries are put together from this project's own names, never from input

from tenants.lint.catalogue.grants import granted
from tenants.lint.catalogue.scope import FIRST_OWN

# What concerns this database or any: a database's number, 0 for all.
_HERE = "(0, (SELECT oid FROM pg_database WHERE datname = current_database()))"

_DATABASE = """
SELECT 'database', 'of Warmline', '',
    jsonb_build_object(
        'owner', datdba::regrole::text, 'encoding', pg_encoding_to_char(encoding),
        'use as a template', datistemplate, 'openness', datallowconn,
        'connection limit', datconnlimit
    )::text
FROM pg_database WHERE datname = current_database()
"""

_ROLES = f"""
SELECT 'role', rolname::text, '',
    jsonb_build_object(
        'SUPERUSER', rolsuper, 'BYPASSRLS', rolbypassrls, 'CREATEROLE', rolcreaterole,
        'CREATEDB', rolcreatedb, 'REPLICATION', rolreplication, 'LOGIN', rolcanlogin,
        'INHERIT', rolinherit, 'connection limit', rolconnlimit, 'end', rolvaliduntil
    )::text
FROM pg_roles WHERE oid >= {FIRST_OWN}
-- PostgreSQL's own can do nothing by themselves, but for the superuser (10) that initdb makes.
OR oid <> 10 AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
    OR rolcanlogin)
"""

_MEMBERSHIPS = f"""
SELECT 'membership', format('%s in %s', member::regrole, roleid::regrole), '',
    (to_jsonb(m) - ARRAY['oid', 'roleid', 'member', 'grantor'])::text
FROM pg_auth_members m WHERE oid >= {FIRST_OWN}
"""

_SETTINGS = f"""
SELECT 'setting', format('%s of %s in %s', split_part(setting, '=', 1),
        CASE WHEN s.setrole = 0 THEN 'every role' ELSE s.setrole::regrole::text END,
        CASE WHEN s.setdatabase = 0 THEN 'every database' ELSE 'this database' END),
    '', jsonb_build_object('value', substr(setting, strpos(setting, '=') + 1))::text
FROM pg_db_role_setting s, unnest(s.setconfig) AS setting WHERE s.setdatabase IN {_HERE}
"""

_GRANTS = granted("""
SELECT 'database of Warmline', '', coalesce(datacl, acldefault('d', datdba))
FROM pg_database WHERE datname = current_database()
UNION ALL
SELECT 'parameter ' || parname, '', paracl FROM pg_parameter_acl
UNION ALL
SELECT 'tablespace ' || spcname, '', spcacl FROM pg_tablespace
UNION ALL
SELECT format('%s that %s makes in %s', CASE defaclobjtype WHEN 'r' THEN 'tables'
        WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
        WHEN 'n' THEN 'schemas' ELSE 'large objects' END, defaclrole::regrole,
    CASE WHEN defaclnamespace = 0 THEN 'any schema' ELSE defaclnamespace::regnamespace::text END),
    '', defaclacl
FROM pg_default_acl
""")

CLUSTER = (_DATABASE, _ROLES, _MEMBERSHIPS, _SETTINGS, _GRANTS)
