"""The sender's transactions: short, for one company each, and no connection kept in between."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from tenants.context import as_tenant
from warmline.kernel.ids import TenantId

# Many threads wait for receivers; as many as there are connections may be at the database.
_places = threading.BoundedSemaphore(
    (settings.DATABASES[DEFAULT_DB_ALIAS]["OPTIONS"].get("pool") or {}).get("max_size", 4)
)


@contextmanager
def tenant_transaction(tenant_id: TenantId) -> Iterator[None]:
    """A transaction of the tenant's; its connection is back in the pool afterwards."""
    with _places:
        try:
            with as_tenant(tenant_id):
                yield
        finally:
            connections.close_all()
