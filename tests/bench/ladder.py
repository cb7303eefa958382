"""What the media plane has of a fleet, for a bench: a snapshot followed from a real Valkey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from inference.fleet import snapshots
from inference.types import Snapshot
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.snapshot_replicas import PoolReplicas
from tests.telephony.media.plans import US_EAST
from tests.telephony.media.valkey import Valkey


@asynccontextmanager
async def followed(snapshot: Snapshot, folder: Path) -> AsyncIterator[ReplicaPicker]:
    """A media process's replica picker over that snapshot; Valkey lives in `folder`."""
    valkey = Valkey(folder)
    valkey.start()
    try:
        snapshots.put(snapshot, urls={US_EAST: valkey.url})
        follower = snapshots.Follower(valkey.url)
        following = asyncio.create_task(follower.run())
        try:
            assert await follower.ready(timeout_s=5)
            yield ReplicaPicker(PoolReplicas(follower))
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        valkey.kill()
