"""Defects of every kind of object, each planted into the migrated database by one statement.

By what is wrong: the statements that make it so, and what the finding names.
"""

from typing import Final

from tests.tenants.postgres.defects.code import CODE
from tests.tenants.postgres.defects.rights import GRANTS
from tests.tenants.postgres.defects.rows import ACTIONS, POLICIES
from tests.tenants.postgres.defects.server import POSTGRES, SERVER
from tests.tenants.postgres.defects.tables import COLUMNS, KEYS, TABLES

DEFECTS: Final = TABLES | COLUMNS | KEYS | POLICIES | ACTIONS | CODE | GRANTS | SERVER | POSTGRES
