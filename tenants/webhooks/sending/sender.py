"""The loop that brings webhooks out: finds work across tenants, and has it done by threads.

A receiver may keep a try waiting for 15 seconds: that costs a thread here, and nobody else's time.
No endpoint and no tenant has more than its part of the threads, and an endpoint that fails has one.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import structlog
from django.db import DatabaseError, connections

from tenants.webhooks.sending.delivering import deliver_due
from tenants.webhooks.sending.dispatching import dispatch_events
from tenants.webhooks.sending.due_work import DueEndpoint, due_endpoints, tenants_with_events
from tenants.webhooks.sending.transactions import tenant_transaction
from warmline.kernel.ids import TenantId

log = structlog.get_logger()

POLL_S: Final = 1.0
# After a piece of work there is often more of it: so soon it is looked for.
_SOON_S: Final = 0.05
DELIVERING: Final = 64
DISPATCHING: Final = 4
OF_ONE_TENANT: Final = 16
OF_ONE_ENDPOINT: Final = 4
# Far more than there are threads, so that those whose part is used up hide nobody.
MOST_FOUND: Final = 1000
# What failed by our own fault, as for a key that is missing, is left alone for so long.
SET_ASIDE_S: Final = 30.0
_ALL: Final = "all"


class Sender:
    """Sends what is due until it is told to stop; then what is on its way is still noted.

    What it holds in memory is only who is at work: it may be killed at any moment, and several may
    run side by side.
    """

    def __init__(self) -> None:
        self._deliverers = ThreadPoolExecutor(DELIVERING, thread_name_prefix="deliver")
        self._dispatchers = ThreadPoolExecutor(DISPATCHING, thread_name_prefix="dispatch")
        self._guard = threading.Lock()
        self._at_work: Counter[Hashable] = Counter()
        self._aside_until: dict[Hashable, float] = {}
        self._look = threading.Event()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Have `run` return once what is on its way has been noted."""
        self._stopping.set()
        self._look.set()

    def run(self) -> None:
        """Find work and have it done, until `stop`. While Postgres is away it tries again."""
        while not self._stopping.is_set():
            self._look.clear()
            try:
                self._sweep()
            except DatabaseError as error:
                log.warning("webhooks wait for the database", why=str(error).strip()[:200])
            finally:
                connections.close_all()
            self._look.wait(POLL_S)
            self._stopping.wait(_SOON_S)
        self._dispatchers.shutdown()
        self._deliverers.shutdown()

    def _sweep(self) -> None:
        """Start work for what is due and has a part of the threads left."""
        for tenant_id in tenants_with_events(limit=MOST_FOUND):
            outbox = ("outbox", tenant_id)
            if self._is_free(outbox, most=1):
                self._start(self._dispatchers, partial(_dispatch, tenant_id), keys=[outbox])
        endpoints = due_endpoints(limit=MOST_FOUND)
        # A tenant with nothing on its way goes before one that has much, however long that waits.
        endpoints.sort(key=lambda endpoint: self._at_work[endpoint.tenant_id])
        for endpoint in endpoints:
            if self._has_room_for(endpoint):
                work = partial(deliver_due, endpoint.tenant_id, endpoint.id, goes_on=self._goes_on)
                keys = [endpoint.id, endpoint.tenant_id, _ALL]
                self._start(self._deliverers, work, keys=keys)

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _has_room_for(self, endpoint: DueEndpoint) -> bool:
        of_endpoint = 1 if endpoint.is_failing else OF_ONE_ENDPOINT
        return (
            self._is_free(endpoint.id, most=of_endpoint)
            and self._is_free(endpoint.tenant_id, most=OF_ONE_TENANT)
            and self._is_free(_ALL, most=DELIVERING)
        )

    def _is_free(self, key: Hashable, *, most: int) -> bool:
        aside = self._aside_until.get(key, 0.0) > time.monotonic()
        return not aside and self._at_work[key] < most

    def _start(
        self, executor: ThreadPoolExecutor, work: Callable[[], int], *, keys: Sequence[Hashable]
    ) -> None:
        with self._guard:
            self._at_work.update(keys)
        executor.submit(self._do, work, keys)

    def _do(self, work: Callable[[], int], keys: Sequence[Hashable]) -> None:
        done = 0
        try:
            done = work()
        except DatabaseError as error:
            log.warning("webhooks wait for the database", why=str(error).strip()[:200])
        except Exception:
            # Whatever is wrong with one endpoint or outbox, the others' go out.
            log.exception("webhook work set aside", work=str(keys[0]))
            self._aside_until[keys[0]] = time.monotonic() + SET_ASIDE_S
        finally:
            with self._guard:
                self._at_work -= Counter(keys)
        if done:
            self._look.set()


def _dispatch(tenant_id: TenantId) -> int:
    with tenant_transaction(tenant_id):
        return dispatch_events()
