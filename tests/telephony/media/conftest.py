"""Real Valkey for the media plane's tests."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio

from telephony import media_link
from tests.telephony.media.plane import Plane
from tests.telephony.media.valkey import Valkey


@pytest.fixture(scope="session")
def _region_valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        server = Valkey(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def valkey(_region_valkey: Valkey) -> Valkey:
    """A running server with nothing in it."""
    _region_valkey.client().flushall()
    return _region_valkey


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    """A running server that the test may kill."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        server = Valkey(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def control(valkey: Valkey) -> Iterator[redis.Redis]:
    """The control plane's client."""
    with valkey.client() as client:
        yield client


@pytest.fixture
async def media_redis(valkey: Valkey) -> AsyncIterator[redis.asyncio.Redis]:
    """The media plane's client."""
    client = media_link.media_client(valkey.url)
    yield client
    await client.aclose()


@pytest.fixture
async def plane(valkey: Valkey) -> AsyncIterator[Plane]:
    """A media plane with stub replicas and a stub web plane."""
    running = await Plane(valkey.url).start()
    yield running
    await running.stop()


@pytest.fixture
async def plane_on_own_valkey(own_valkey: Valkey) -> AsyncIterator[Plane]:
    """A media plane whose Redis the test may take away (`plane.valkey`)."""
    running = await Plane(own_valkey.url).start()
    running.valkey = own_valkey
    yield running
    await running.stop()
