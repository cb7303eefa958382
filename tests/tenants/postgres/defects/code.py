"""Defects of functions, types, operators and their kin."""

from typing import Final

CALL: Final = "telephony_call"

CODE = {
    "another tenant function": (
        (
            "CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS uuid LANGUAGE plpgsql"
            " STABLE PARALLEL SAFE SET search_path = pg_catalog AS"
            " $$ BEGIN RETURN nullif(current_setting('warmline.tenant_id', true), '')::uuid; END $$"
        ),
        "its body",
    ),
    "a tenant that may change within a statement": (
        "ALTER FUNCTION tenancy.current_tenant() VOLATILE",
        "volatility is v, expected s",
    ),
    "a tenant function that runs as its owner": (
        "ALTER FUNCTION tenancy.current_tenant() SECURITY DEFINER",
        "SECURITY DEFINER is True",
    ),
    "a path that can be bent": (
        "ALTER FUNCTION tenancy.resolve_api_key RESET search_path",
        "settings",
    ),
    "a function that claims to leak nothing": (
        "ALTER FUNCTION tenancy.current_tenant() LEAKPROOF",
        "leakproofness",
    ),
    "a function without NULL": ("ALTER FUNCTION tenancy.current_tenant() STRICT", "strictness"),
    "a function in one process only": (
        "ALTER FUNCTION tenancy.current_tenant() PARALLEL UNSAFE",
        "parallel safety",
    ),
    "a function of great cost": ("ALTER FUNCTION tenancy.current_tenant() COST 9999", "cost"),
    "a function of the owner's": (
        "ALTER FUNCTION tenancy.resolve_api_key OWNER TO warmline_owner",
        "owner is warmline_owner, expected warmline_resolver",
    ),
    "a key that opens every tenant": (
        (
            "CREATE OR REPLACE FUNCTION tenancy.resolve_api_key(secret bytea) RETURNS uuid"
            " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS"
            " $$ SELECT k.tenant_id FROM public.tenants_apikey k LIMIT 1 $$"
        ),
        "its body",
    ),
    "anybody resolves keys": (
        "GRANT EXECUTE ON FUNCTION tenancy.resolve_api_key TO PUBLIC",
        "to PUBLIC",
    ),
    "the app asks for passwords": (
        "GRANT EXECUTE ON FUNCTION tenancy.credential_of TO warmline_app",
        "EXECUTE on function tenancy.credential_of(text) to warmline_app",
    ),
    "a definer function": (
        (
            f"CREATE FUNCTION public.peek() RETURNS SETOF {CALL} LANGUAGE sql SECURITY DEFINER"
            f" AS 'SELECT * FROM {CALL}'"
        ),
        "function public.peek()",
    ),
    "a function of the same name": (
        "CREATE FUNCTION tenancy.resolve_api_key(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "tenancy.resolve_api_key(text)",
    ),
    "a procedure": (
        "CREATE PROCEDURE public.work() LANGUAGE sql AS 'SELECT 1'",
        "procedure public.work()",
    ),
    "an aggregate": (
        "CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int)",
        "aggregate public.total(integer)",
    ),
    "no function": ("DROP FUNCTION tenancy.read_session", "tenancy.read_session(text)"),
    "a function among PostgreSQL's own": (
        "CREATE FUNCTION pg_catalog.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "spy()",
    ),
    "a domain": ("CREATE DOMAIN public.code AS text", "type public.code"),
    "an enum": ("CREATE TYPE public.mood AS ENUM ('a')", "type public.mood"),
    "a composite type": ("CREATE TYPE public.pair AS (a int)", "composite type public.pair"),
    "a range": ("CREATE TYPE public.span AS RANGE (SUBTYPE = time)", "type public.span"),
    "a shell type": ("CREATE TYPE public.shell", "public.shell"),
    "no tenancy at all": (
        "DROP SCHEMA tenancy CASCADE",
        "function tenancy.current_tenant(): it is declared and missing",
    ),
    "statistics by a table's name": (
        (
            "CREATE STATISTICS telephony_call ON tenant_id, id FROM telephony_call;"
            "DROP POLICY tenant_isolation ON telephony_call"
        ),
        "policy public.telephony_call.tenant_isolation",
    ),
    "a cast": (
        (
            "CREATE FUNCTION public.c(bool) RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';"
            "CREATE CAST (bool AS uuid) WITH FUNCTION public.c(bool) AS IMPLICIT"
        ),
        "cast",
    ),
    "an operator": (
        "CREATE OPERATOR public.=== (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_ne)",
        "operator public.===",
    ),
    "an operator class": (
        "CREATE OPERATOR CLASS public.odd FOR TYPE uuid USING btree AS FUNCTION 1 uuid_cmp",
        "operator class",
    ),
    "an operator among PostgreSQL's own": (
        (
            "CREATE FUNCTION public.f(uuid, text) RETURNS bool LANGUAGE sql AS 'SELECT true';"
            "CREATE OPERATOR public.=== (LEFTARG = uuid, RIGHTARG = text, FUNCTION = public.f);"
            "ALTER OPERATOR FAMILY pg_catalog.uuid_ops USING hash"
            " ADD OPERATOR 1 public.===(uuid, text)"
        ),
        "operator of access method",
    ),
    "a collation": ('CREATE COLLATION public.odd FROM "C"', "collation public.odd"),
    "a conversion": (
        "CREATE CONVERSION public.odd FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "conversion public.odd",
    ),
    "a language": (
        "CREATE LANGUAGE odd HANDLER plpgsql_call_handler",
        "language odd",
    ),
    "an access method": (
        "CREATE ACCESS METHOD odd TYPE TABLE HANDLER heap_tableam_handler",
        "access method odd",
    ),
    "a text search configuration": (
        "CREATE TEXT SEARCH CONFIGURATION public.odd (COPY = simple)",
        "text search configuration public.odd",
    ),
    "a text search dictionary": (
        "CREATE TEXT SEARCH DICTIONARY public.odd (TEMPLATE = simple)",
        "text search dictionary public.odd",
    ),
    "an extension": ("CREATE EXTENSION vector", "extension vector"),
    "an unknown extension": (
        "UPDATE pg_extension SET extname = 'dblink' WHERE extname = 'plpgsql'",
        "extension dblink",
    ),
}
