"""Calls as they are recorded, for somebody at a terminal."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from dashboard.demo.screen import Screen
from telephony.calls import live, queries
from telephony.calls.types import RecordedEvent
from tenants.context import run_as_tenant
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.ids import TenantId, new_uuid

log = structlog.get_logger()

# Rows are read when a live view would be told of a change, and now and then all the same, since a
# message may be lost. An idle machine pays for one question a company in that time.
READ_AGAIN_S = 30.0
# Events of one batch are read together.
SETTLE_S = 0.1
# A call's last events are rows within this after its line is closed.
LAST_ROWS_S = 1.0
# A row may be committed so long after its id was made; what is older is not read again, so that a
# machine that runs for weeks reads no more than one that has just begun.
LATE_S = 60.0


async def follow_calls(
    tenants: Sequence[TenantId], *, show: Callable[[RecordedEvent], None]
) -> None:
    """Every event that is recorded of these companies' calls from now on, until cancelled."""
    since = mark = new_uuid()
    marked_at, shown = time.monotonic(), set[UUID]()
    changes = _Changes(tenants)
    while not_cancelled():
        read = set[UUID]()
        for tenant_id in tenants:
            recorded = await run_as_tenant(tenant_id, queries.events_since, since)
            new = [event for event in recorded if event.row_id not in shown]
            for event in sorted(new, key=_in_order):
                show(event)
            read.update(event.row_id for event in recorded)
        shown = read
        if time.monotonic() - marked_at >= LATE_S:
            since, mark, marked_at = mark, new_uuid(), time.monotonic()
        await changes.wait(at_most_s=READ_AGAIN_S)
        await asyncio.sleep(SETTLE_S)


@asynccontextmanager
async def calls_on(screen: Screen, *, companies: Mapping[TenantId, str]) -> AsyncIterator[None]:
    """Within, these companies' calls are on the screen; they are slugs by tenant id."""
    following = asyncio.ensure_future(show_calls(screen, companies=companies))
    try:
        yield
        await asyncio.sleep(LAST_ROWS_S)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def show_calls(screen: Screen, *, companies: Mapping[TenantId, str]) -> None:
    """Show these companies' calls on the screen until cancelled; slugs by tenant id."""

    def show(recorded: RecordedEvent) -> None:
        slug = companies[recorded.event.tenant_id]
        screen.show(recorded, company=slug.split("-")[0])

    await follow_calls(tuple(companies), show=show)


def _in_order(recorded: RecordedEvent) -> tuple[datetime, int, int]:
    """As it happened: rows that are written together have no order of their own."""
    event = recorded.event
    return event.at, event.epoch, event.number


class _Changes:
    """What the live views are told when one of these companies' calls changes."""

    def __init__(self, tenants: Sequence[TenantId]) -> None:
        self._groups = [live.calls_group(tenant_id) for tenant_id in tenants]
        self._layer = get_channel_layer()
        self._channel = ""

    async def wait(self, *, at_most_s: float) -> None:
        """Until the next change is told, or for so long."""
        until = time.monotonic() + at_most_s
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + at_most_s):
                if not self._channel:
                    self._channel = await self._layer.new_channel()
                    for group in self._groups:
                        await self._layer.group_add(group, self._channel)
                    return  # what changed before the groups were joined
                await self._layer.receive(self._channel)
        except TimeoutError:
            return
        except (RedisError, OSError) as error:
            log.warning("changes of calls are not told", why=type(error).__name__)
            await asyncio.sleep(max(0.0, until - time.monotonic()))
