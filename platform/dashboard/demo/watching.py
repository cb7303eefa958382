"""What the demo sees of the running platform: pools until they are warm, and the calls' events."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import redis
from asgiref.sync import sync_to_async

from inference.errors import SnapshotMissing
from inference.fleet import snapshots
from inference.fleet.history.start_failures import StartFailures, start_failures
from inference.types import Snapshot
from rag.queries import documents
from telephony.media_link import media_workers
from tenants.context import as_tenant
from warmline.kernel import clock
from warmline.kernel.ids import TenantId
from warmline.kernel.regions import RegionCode, redis_urls
from warmline.kernel.roles import CALL_ROLES

LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class WarmRegions:
    """The regions that can take calls, first come first, and the starts that failed meanwhile."""

    regions: tuple[RegionCode, ...]
    faults: tuple[StartFailures, ...]


async def wait_until_warm(
    *, regions: tuple[RegionCode, ...], at_most_s: float, say: Callable[[str], None]
) -> WarmRegions:
    """Say each replica's steps until every region takes calls, is given up, or the time is over."""
    began, started = clock.now(), time.monotonic()
    states: dict[str, str] = {}
    warm: list[RegionCode] = []
    failures: tuple[StartFailures, ...] = ()
    while len(warm) < len(regions) and not given_up(regions, warm=warm, failures=failures):
        snapshot = await asyncio.to_thread(_snapshot)
        if snapshot is not None:
            for line in _news(snapshot, states):
                say(line)
            for region in regions:
                if region not in warm and await asyncio.to_thread(_takes_calls, snapshot, region):
                    warm.append(region)
                    say(f"{region} takes calls")
        before, failures = failures, await sync_to_async(start_failures)(since=began)
        for fault in failures:
            if fault not in before:
                say(in_words(fault))
        if time.monotonic() - started >= at_most_s:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    return WarmRegions(tuple(warm), failures)


async def wait_until_read(tenants: Sequence[TenantId], *, at_most_s: float) -> bool:
    """Wait until what the companies gave as knowledge answers; whether all of it does in time."""
    started = time.monotonic()
    while time.monotonic() - started < at_most_s:
        if not any([await sync_to_async(_is_reading)(tenant_id) for tenant_id in tenants]):
            return True
        await asyncio.sleep(LOOK_EVERY_S)
    return False


def _is_reading(tenant_id: TenantId) -> bool:
    with as_tenant(tenant_id):
        return any(document.is_unfinished for document in documents())


def given_up(
    regions: Sequence[RegionCode],
    *,
    warm: Collection[RegionCode],
    failures: Sequence[StartFailures],
) -> bool:
    """Whether every region that is not warm has a pool that keeps failing, so that waiting on
    changes nothing.

    While another region is warm two failed starts are enough; while none is, a third one is
    awaited.
    """
    enough = 2 if warm else 3
    failing = {fault.pool.split("/")[0] for fault in failures if fault.failures >= enough}
    return bool(failing) and set(regions) <= failing | set(warm)


def in_words(fault: StartFailures) -> str:
    """A fault as a sentence for a person."""
    count = "a start" if fault.failures == 1 else f"{fault.failures} starts"
    return f"{fault.pool}: {count} failed: {fault.because}"


def _news(snapshot: Snapshot, states: dict[str, str]) -> list[str]:
    """The replicas whose state is another than was said before; `states` is kept up."""
    changed = [replica for replica in snapshot.replicas if states.get(replica.id) != replica.state]
    states.update((replica.id, replica.state) for replica in changed)
    return [f"{replica.pool}: {replica.state}" for replica in changed]


def _snapshot() -> Snapshot | None:
    try:
        return snapshots.current()
    except SnapshotMissing:
        return None


def _takes_calls(snapshot: Snapshot, region: RegionCode) -> bool:
    if any((region, role) not in snapshot.warm_by_place for role in CALL_ROLES):
        return False
    with redis.Redis.from_url(
        redis_urls()[region], socket_timeout=1, socket_connect_timeout=1
    ) as client:
        return bool(media_workers(client))
