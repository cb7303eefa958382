"""The catalogue as the database tells it: every object that is not PostgreSQL's own, in words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from tenants.lint.catalogue.cluster import CLUSTER
from tenants.lint.catalogue.code import CODE
from tenants.lint.catalogue.grants import GRANTS
from tenants.lint.catalogue.relations import RELATIONS
from tenants.lint.catalogue.strays import STRAYS
from tenants.lint.types import Catalogue, Described, ObjectName

# In the database's schemas; and beside them, of which a rehearsal makes nothing.
IN_SCHEMAS = (*RELATIONS, *CODE, *GRANTS)
BESIDE_SCHEMAS = (*CLUSTER, *STRAYS)


def read_catalogue(cursor: Any, *, prefix: str = "") -> Catalogue:
    """Every object of the connected database and its server that concerns it.

    With a prefix only what lies in the schemas whose names begin with it, told without it.
    """
    queries = IN_SCHEMAS if prefix else (*IN_SCHEMAS, *BESIDE_SCHEMAS)
    catalogue: dict[ObjectName, Described] = {}
    with qualified_names(cursor):
        for query in queries:
            cursor.execute(query.replace("{prefix}", prefix))
            for row in cursor.fetchall():
                kind, name, part_of, encoded = (text.replace(prefix, "") for text in row)
                facts = json.loads(encoded)
                if "body" in facts:
                    facts["body"] = sha256(facts["body"].encode()).hexdigest()[:16]
                catalogue[ObjectName(kind, name)] = Described(facts, part_of)
    return catalogue


@contextmanager
def qualified_names(cursor: Any) -> Iterator[None]:
    """Inside, PostgreSQL prints every name with its schema, whatever the role looks in."""
    cursor.execute("SELECT current_setting('search_path')")
    (path,) = cursor.fetchone()
    cursor.execute("SELECT set_config('search_path', 'pg_catalog', false)")
    try:
        yield
    finally:
        cursor.execute("SELECT set_config('search_path', %s, false)", [path])
