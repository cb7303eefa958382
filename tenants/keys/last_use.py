"""When a key was last used: to the minute, and never in the way of the request that used it."""

from datetime import timedelta
from typing import Final

import structlog
from django.db import DatabaseError
from django.db.models import Q

from tenants.context import as_tenant
from tenants.keys.models import ApiKey
from tenants.keys.types import LiveKey
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

_EVERY: Final = timedelta(minutes=1)

log = structlog.get_logger()


def note_use(key: LiveKey, *, tenant_id: TenantId) -> None:
    """Write it down after the request's own transaction, once a minute at most.

    Of many requests at one moment a single one writes; the others find the row taken and go on. The
    request is answered already: if it cannot be written, the answer stays.
    """
    now = clock.now()
    if key.last_used_at is not None and key.last_used_at > now - _EVERY:
        return
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - _EVERY)
    try:
        with as_tenant(tenant_id):
            free = ApiKey.objects.select_for_update(skip_locked=True, no_key=True)
            for row in free.filter(due, pk=key.id).only("pk"):
                ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    except DatabaseError as error:
        log.warning("a key's last use is not kept", key=str(key.id), why=type(error).__name__)
