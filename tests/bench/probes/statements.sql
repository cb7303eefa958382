-- What a statement of one tenant's tries in order to reach another's rows: each form with what a
-- database without a hole does. `nothing`: no row is found, changed or returned. `refused`: an error.
-- `silent`: whatever is answered holds nothing of another's. A star: the rows' own tenant is shown
-- them by it, without which it would prove nothing; that is tried first.
--
-- {t} the table, {name} its bare name, {id} and {tenant} the row that is wanted and whose it is,
-- {own} and {own_id} whose session it is and a row of theirs, {other} another table, {col} a column,
-- {names} all columns and {values…} what a row of one's own has in them, {new} a fresh id, {n} a
-- number that makes the statement one of its own. Of several statements the last one is judged.

-- nothing*: by id
SELECT * FROM {t} WHERE id = '{id}' AND {n} = {n};

-- nothing*: by tenant
SELECT * FROM {t} WHERE tenant_id = '{tenant}' LIMIT {n};

-- nothing*: not one's own
SELECT * FROM {t} WHERE tenant_id <> '{own}' LIMIT {n};

-- nothing*: by a negated id
SELECT * FROM {t} WHERE id NOT IN ('{own_id}', '{new}') AND tenant_id <> '{own}';

-- nothing*: a column
SELECT {col}, id FROM {t} WHERE id = '{id}' AND {n} > 0;

-- nothing*: by an OR
SELECT * FROM {t} WHERE (id = '{id}' OR {n} = -1) AND tenant_id <> '{own}';

-- nothing*: whole row as text
SELECT t::text FROM {t} t WHERE t.id = '{id}' AND {n} > 0;

-- nothing*: whole row as JSON
SELECT to_jsonb(t) FROM {t} t WHERE t.id = '{id}' AND {n} > 0;

-- nothing*: an aggregate
SELECT array_agg(t::text) FROM {t} t WHERE id = '{id}' HAVING count(*) > 0;

-- nothing*: JSON of all
SELECT jsonb_agg(t) FROM {t} t WHERE tenant_id = '{tenant}' HAVING count(*) > 0;

-- nothing*: a grouping
SELECT tenant_id, count(*), min(t::text) FROM {t} t GROUP BY 1 HAVING tenant_id = '{tenant}';

-- nothing*: a window
SELECT * FROM (SELECT t.*, row_number() OVER (ORDER BY id) FROM {t} t) x WHERE x.tenant_id =
'{tenant}' LIMIT {n};

-- nothing*: a join by tenant
SELECT a.* FROM {t} a JOIN {other} b USING (tenant_id) WHERE b.tenant_id = '{tenant}' LIMIT {n};

-- nothing*: an outer join
SELECT a.* FROM {t} a LEFT JOIN {other} b ON b.id = a.id WHERE a.id = '{id}' AND {n} > 0;

-- nothing*: a full join
SELECT a.* FROM {t} a FULL JOIN {other} b ON b.id = a.id WHERE a.tenant_id = '{tenant}' LIMIT {n};

-- nothing*: a join with values
SELECT a.* FROM (VALUES ('{id}'::uuid)) v (id) JOIN {t} a ON a.id = v.id WHERE {n} > 0;

-- nothing*: a lateral join
SELECT x.* FROM (VALUES ('{id}'::uuid)) v (id), LATERAL (SELECT * FROM {t} a WHERE a.id = v.id) x
WHERE {n} > 0;

-- nothing*: a subquery
SELECT * FROM {t} WHERE id = (SELECT '{id}'::uuid) AND {n} > 0;

-- nothing*: a scalar subquery
SELECT x FROM (SELECT (SELECT t::text FROM {t} t WHERE id = '{id}') AS x) y WHERE x IS NOT NULL
AND {n} > 0;

-- nothing*: EXISTS
SELECT '{other}', 'ca9a' || '71e5' WHERE EXISTS (SELECT FROM {t} WHERE id = '{id}') AND {n} > 0;

-- nothing*: ANY
SELECT * FROM {t} WHERE id = ANY (ARRAY['{id}', '{new}']::uuid[]);

-- nothing*: a common table
WITH x AS MATERIALIZED (SELECT * FROM {t}) SELECT * FROM x WHERE tenant_id = '{tenant}' LIMIT {n};

-- nothing*: a common table inlined
WITH x AS NOT MATERIALIZED (SELECT * FROM {t}) SELECT * FROM x WHERE id = '{id}' AND {n} > 0;

-- nothing*: a recursion
WITH RECURSIVE x AS (SELECT '{id}'::uuid AS id, 1 AS n UNION ALL SELECT x.id, x.n + 1 FROM x WHERE
x.n < 3) SELECT t.* FROM {t} t JOIN x USING (id) WHERE {n} > 0;

-- nothing*: a union
SELECT t::text FROM {t} t WHERE id = '{id}' UNION ALL SELECT o::text FROM {other} o WHERE
o.tenant_id = '{tenant}' LIMIT {n};

-- nothing*: an intersection
SELECT id, t::text FROM {t} t INTERSECT SELECT id, t::text FROM {t} t WHERE id = '{id}' AND {n} >
0;

-- nothing*: a sample
SELECT * FROM {t} TABLESAMPLE BERNOULLI (100) WHERE tenant_id = '{tenant}' LIMIT {n};

-- nothing*: by its place
SELECT ctid, xmin, t.* FROM {t} t WHERE ctid >= '(0,0)' AND tenant_id = '{tenant}' LIMIT {n};

-- nothing*: locked for update
SELECT * FROM {t} WHERE id = '{id}' AND {n} > 0 FOR UPDATE;

-- silent*: sorted
SELECT * FROM {t} ORDER BY (tenant_id = '{tenant}') DESC, {col}::text OFFSET 0 FETCH FIRST 1 ROW
WITH TIES;

-- nothing*: distinct
SELECT DISTINCT ON (tenant_id) * FROM {t} WHERE tenant_id <> '{own}' LIMIT {n};

-- nothing*: cast to text
SELECT * FROM {t} WHERE tenant_id::text = '{tenant}' LIMIT {n};

-- nothing*: a pattern
SELECT * FROM {t} t WHERE t::text LIKE '%{tenant}%' LIMIT {n};

-- nothing*: an expression
SELECT * FROM {t} WHERE coalesce(nullif(tenant_id, '{own}'), '{own}') = '{tenant}' LIMIT {n};

-- nothing*: a case
SELECT CASE WHEN tenant_id = '{tenant}' THEN t::text END FROM {t} t WHERE tenant_id <> '{own}'
LIMIT {n};

-- nothing*: a cursor
DECLARE reach CURSOR FOR SELECT * FROM {t} WHERE id = '{id}' AND {n} > 0;
FETCH ALL FROM reach;

-- nothing*: a prepared statement
DEALLOCATE ALL;
PREPARE reach (uuid) AS SELECT * FROM {t} WHERE id = $1;
EXECUTE reach('{id}');

-- silent*: everything
SELECT * FROM {t} LIMIT {n};

-- silent: everything as XML
SELECT query_to_xml('SELECT * FROM {t} LIMIT {n}', true, true, '');

-- silent: the table as XML
SELECT table_to_xml('{t}'::regclass, true, true, '') WHERE {n} > 0;

-- silent*: words of all
SELECT * FROM ts_stat('SELECT to_tsvector(''simple'', t::text) FROM {t} t') LIMIT {n};

-- silent*: a cast that fails
SELECT * FROM {t} WHERE {col}::text::int = {n};

-- silent*: a cast of the row
SELECT * FROM {t} t WHERE t::text::int = {n};

-- silent: a plan
EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM {t} WHERE id = '{id}'
AND {n} > 0;

-- silent: statistics
SELECT * FROM pg_stats WHERE tablename = '{name}' LIMIT {n};

-- silent: raw statistics
SELECT * FROM pg_statistic WHERE starelid = '{t}'::regclass LIMIT {n};

-- silent: extended statistics
SELECT * FROM pg_stats_ext WHERE tablename = '{name}' LIMIT {n};

-- silent: others' sessions
SELECT query, state FROM pg_stat_activity LIMIT {n};

-- silent: others' statements
SELECT * FROM pg_prepared_statements LIMIT {n};

-- nothing: a division that tells
SELECT 1 FROM {t} WHERE 1 / (CASE WHEN tenant_id = '{tenant}' THEN 0 ELSE {n} END) = -1;

-- silent: the number of a call
SELECT tenancy.resolve_number('+1555{n}');

-- silent: a key that nobody has
SELECT tenancy.resolve_api_key(sha256('{new}'));

-- silent: a session that nobody has
SELECT tenancy.read_session('{new}');

-- silent: sessions
SELECT * FROM django_session LIMIT {n};

-- silent: people
SELECT * FROM tenants_user LIMIT {n};

-- silent: companies
SELECT * FROM tenants_tenant WHERE id <> '{own}' LIMIT {n};

-- nothing: an update by id
UPDATE {t} SET id = id WHERE id = '{id}' AND {n} > 0 RETURNING *;

-- nothing: an update by tenant
UPDATE {t} SET id = id WHERE tenant_id = '{tenant}' AND {n} > 0 RETURNING *;

-- nothing: an update from a join
UPDATE {t} a SET id = a.id FROM {other} b WHERE b.tenant_id = a.tenant_id AND a.tenant_id =
'{tenant}' AND {n} > 0;

-- nothing: a theft
UPDATE {t} SET tenant_id = '{own}' WHERE id = '{id}' AND {n} > 0 RETURNING *;

-- nothing: a deletion by id
DELETE FROM {t} WHERE id = '{id}' AND {n} > 0 RETURNING *;

-- nothing: a deletion by tenant
DELETE FROM {t} WHERE tenant_id = '{tenant}' AND {n} > 0;

-- nothing: a deletion of the others
DELETE FROM {t} WHERE tenant_id <> '{own}' AND {n} > 0;

-- nothing: a deletion by a join
DELETE FROM {t} a USING {other} b WHERE a.tenant_id = '{tenant}' AND {n} > 0;

-- nothing: a merge that removes
MERGE INTO {t} a USING (VALUES ('{id}'::uuid)) v (id) ON a.id = v.id WHEN MATCHED AND {n} > 0 THEN
DELETE;

-- nothing: a merge that changes
MERGE INTO {t} a USING (VALUES ('{id}'::uuid)) v (id) ON a.id = v.id WHEN MATCHED AND {n} > 0 THEN
UPDATE SET id = a.id;

-- nothing: a deletion in a common table
WITH gone AS (DELETE FROM {t} WHERE id = '{id}' AND {n} > 0 RETURNING *) SELECT * FROM gone;

-- nothing: an insert that gives way
INSERT INTO {t} ({names}) SELECT {values} FROM {t} WHERE id = '{id}' ON CONFLICT DO NOTHING
RETURNING *, {n};

-- silent*: a whole deletion
DELETE FROM {t} WHERE {n} > 0 RETURNING *;

-- silent*: a whole update
UPDATE {t} SET id = id WHERE {n} > 0 RETURNING *;

-- refused: a gift
UPDATE {t} SET tenant_id = '{tenant}' WHERE id = '{own_id}' AND {n} > 0;

-- refused: a row for another
INSERT INTO {t} ({names}) SELECT {values_of_other} FROM {t} WHERE id = '{own_id}' AND {n} > 0;

-- refused: a bare row for another
INSERT INTO {t} (id, tenant_id) VALUES ('{new}', '{tenant}') RETURNING *;

-- refused: over another's row
INSERT INTO {t} ({names}) SELECT {values_over} FROM {t} WHERE id = '{own_id}' AND {n} > 0 ON
CONFLICT (id) DO UPDATE SET id = EXCLUDED.id RETURNING *;

-- refused: a merge that gives
MERGE INTO {t} a USING (VALUES ('{new}'::uuid)) v (id) ON a.id = v.id WHEN NOT MATCHED THEN INSERT
(id, tenant_id) VALUES (v.id, '{tenant}');

-- refused: emptying
TRUNCATE {t} /* {n} */;

-- refused: without its policies
ALTER TABLE {t} DISABLE ROW LEVEL SECURITY /* {n} */;

-- refused: without force
ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY /* {n} */;

-- refused: a policy dropped
DROP POLICY tenant_isolation ON {t} /* {n} */;

-- refused: a policy made
CREATE POLICY p{n} ON {t} USING (true);

-- refused: a trigger
CREATE TRIGGER t{n} BEFORE INSERT ON {t} EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- refused: a rule
CREATE RULE r{n} AS ON INSERT TO {t} DO NOTHING;

-- refused: a view
CREATE VIEW public.v{n} AS SELECT * FROM {t};

-- refused: a table of one's own
CREATE TABLE public.t{n} AS SELECT * FROM {t};

-- refused: a temporary table
CREATE TEMP TABLE {name} AS SELECT {n} AS id;

-- refused: a function
CREATE FUNCTION public.f{n}() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- refused: a grant
GRANT ALL ON {t} TO PUBLIC /* {n} */;
SELECT 1 / count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = '{t}'::regclass AND
a.grantee = 0;

-- refused: the owner's role
SET LOCAL ROLE warmline_owner /* {n} */;

-- refused: control's role
SET LOCAL ROLE warmline_control /* {n} */;

-- refused: a superuser's role
SET LOCAL ROLE postgres /* {n} */;

-- refused: another's session
SET LOCAL SESSION AUTHORIZATION warmline_owner /* {n} */;

-- refused: a replica's session
SET LOCAL session_replication_role = replica /* {n} */;

-- refused: rows not secured
SET LOCAL row_security = off /* {n} */;
SELECT * FROM {t} WHERE id = '{id}';

-- refused: no tenant
RESET warmline.tenant_id /* {n} */;
SELECT * FROM {t} WHERE id = '{id}';

-- refused: an empty tenant
SET LOCAL warmline.tenant_id = '' /* {n} */;
SELECT * FROM {t} WHERE id = '{id}';

-- refused: the tenant's default
SET LOCAL warmline.tenant_id TO DEFAULT /* {n} */;
SELECT * FROM {t} WHERE id = '{id}';

-- refused: a tenant that is none
SET LOCAL warmline.tenant_id = '% OR true --{n}';
SELECT * FROM {t} WHERE id = '{id}';

-- refused: both tenants
SET LOCAL warmline.tenant_id = '{own},{tenant}' /* {n} */;
SELECT * FROM {t} WHERE id = '{id}';

-- refused: a role's setting of it
ALTER ROLE warmline_app SET warmline.tenant_id = '{tenant}' /* {n} */;

-- refused: the database's setting of it
ALTER DATABASE {database} SET warmline.tenant_id = '{tenant}' /* {n} */;

-- refused: a file
SELECT pg_read_file('postgresql.conf') WHERE {n} > 0;

-- refused: a folder
SELECT pg_ls_dir('.') WHERE {n} > 0;

-- refused: a large object
SELECT lo_from_bytea(0, '\x00') WHERE {n} > 0;

-- refused: another's end
SELECT pg_terminate_backend(pg_backend_pid() + {n});

-- refused: a program
COPY {t} TO PROGRAM 'cat /* {n} */';

-- refused: a file written
COPY {t} TO '/tmp/probe{n}';

-- refused: passwords
SELECT * FROM pg_authid LIMIT {n};

-- refused: an anonymous block
DO $$ BEGIN PERFORM 1 / count(*) FROM {t} WHERE id = '{id}' AND {n} > 0; END $$;

-- refused: a row that points at another's
INSERT INTO {t} ({names}) SELECT {values_to_other} FROM {t} WHERE id = '{own_id}' AND {n} > 0;

-- refused: one's own row turned to another's
UPDATE {t} SET {key} = '{target_id}' WHERE id = '{own_id}' AND {n} > 0;

-- nothing: what another's row points at
SELECT a.* FROM {t} a JOIN {target} b ON b.id = a.{key} WHERE b.id = '{target_id}' AND {n} > 0;
