"""Migration operations that put tables under row-level security, and say who may touch them.

    migrations.CreateModel("Call", ...),
    IsolateTable("telephony_call"),
    TenantKey("telephony_turn", "call_id", "telephony_call"),

Each runs as the owner, is reversible, and leaves Django's own state alone. Table names are the
plain ones; a table that was moved into a vertical's schema is found through the search path.
"""

from tenants.rls.definer import DefinerFunction
from tenants.rls.grants import AdmitCredentials, ControlMay, ControlMayRead, GrantGlobal
from tenants.rls.isolation import (
    ALL_ROWS,
    CreateTenancy,
    EraseWhenDue,
    IsolateTable,
    MoveToSchema,
    TenantKey,
)
from tenants.rls.operation import DatabaseOperation

__all__ = [
    "ALL_ROWS",
    "AdmitCredentials",
    "ControlMay",
    "ControlMayRead",
    "CreateTenancy",
    "DatabaseOperation",
    "DefinerFunction",
    "EraseWhenDue",
    "GrantGlobal",
    "IsolateTable",
    "MoveToSchema",
    "TenantKey",
]
