"""Slots: never more than there are, given back by themselves, by the server's clock."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
import redis.asyncio

from inference.fleet import leases
from tests.inference.conftest import until

POOL = "us-east/think/frontdesk"
PLUMBER = "rivertown"


@pytest.fixture
def server(empty_valkey: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(empty_valkey) as client:
        yield client


@pytest.fixture
async def async_server(empty_valkey: str) -> AsyncIterator[redis.asyncio.Redis]:
    client = redis.asyncio.Redis.from_url(empty_valkey)
    yield client
    await client.aclose()


def test_the_last_slot_is_given_once(server: redis.Redis) -> None:
    """Forty callers at once for ten slots."""
    with ThreadPoolExecutor(20) as callers:
        taken = list(
            callers.map(
                lambda n: leases.take(server, POOL, f"call-{n}", tenant=PLUMBER, slots=10).granted,
                range(40),
            )
        )
    assert sum(taken) == 10
    assert leases.held(server, POOL) == 10


def test_the_same_call_takes_one_slot_however_often_it_asks(server: redis.Redis) -> None:
    """Also when the pool is full."""
    assert [
        leases.take(server, POOL, "call", tenant=PLUMBER, slots=1).granted for _ in range(3)
    ] == [True, True, True]
    assert leases.take(server, POOL, "other", tenant=PLUMBER, slots=1) == leases.LeaseResult(
        granted=False, held=1, slots=1, own=1, fair=1
    )


def test_a_slot_whose_holder_vanished_comes_back_by_itself(server: redis.Redis) -> None:
    """And its renewal, coming too late, is refused."""
    leases.take(server, POOL, "call", tenant=PLUMBER, slots=1, seconds=0.2)
    until(
        lambda: leases.take(server, POOL, "other", tenant=PLUMBER, slots=1, seconds=60).granted,
        seconds=5,
    )
    assert not leases.renew(server, POOL, "call")


def test_a_renewed_slot_is_held_beyond_its_first_time(server: redis.Redis) -> None:
    """Renewing counts from now."""
    leases.take(server, POOL, "call", tenant=PLUMBER, slots=1, seconds=1.0)
    assert leases.renew(server, POOL, "call", seconds=60)
    expiry = server.zscore(leases.lease_key(POOL), "call")
    assert isinstance(expiry, float)
    assert expiry > server.time()[0] + 30


def test_a_released_slot_is_free_at_once_and_releasing_twice_is_harmless(
    server: redis.Redis,
) -> None:
    """Both the media plane and the recorder release."""
    leases.take(server, POOL, "call", tenant=PLUMBER, slots=1)
    assert leases.release(server, POOL, "call")
    assert not leases.release(server, POOL, "call")
    assert leases.take(server, POOL, "other", tenant=PLUMBER, slots=1).granted


async def test_the_awaited_ones_do_the_same(async_server: redis.asyncio.Redis) -> None:
    """Take, renew, release."""
    assert (await leases.take_async(async_server, POOL, "call", tenant=PLUMBER, slots=1)).granted
    assert not (
        await leases.take_async(async_server, POOL, "other", tenant=PLUMBER, slots=1)
    ).granted
    assert await leases.renew_async(async_server, POOL, "call")
    assert await leases.release_async(async_server, POOL, "call")
    assert not await leases.renew_async(async_server, POOL, "call")
