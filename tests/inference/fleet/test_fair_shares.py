"""While slots are short each company gets its share; while they are not, whoever asks."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from uuid import uuid4

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.fleet import leases
from tests.inference.conftest import until

POOL = "us-east/think/frontdesk"
GREEDY, QUIET = "greedy", "quiet"


@pytest.fixture
def server(empty_valkey: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(empty_valkey) as client:
        yield client


def ring(
    server: redis.Redis,
    tenant: str,
    calls: int,
    *,
    slots: int,
    weight: int = 1,
    seconds: float = 60,
) -> int:
    """So many new calls of a company; how many got a slot."""
    taken = [
        leases.take(
            server,
            POOL,
            f"{tenant}-{uuid4()}",
            tenant=tenant,
            slots=slots,
            weight=weight,
            seconds=seconds,
        )
        for _ in range(calls)
    ]
    return sum(answer.granted for answer in taken)


def hang_up(server: redis.Redis, tenant: str, calls: int) -> None:
    """So many of a company's calls end."""
    held = [
        member.decode()
        for member in cast("list[bytes]", server.zrange(leases.lease_key(POOL), 0, -1))
    ]
    for lease in [lease for lease in held if lease.startswith(f"{tenant}-")][:calls]:
        assert leases.release(server, POOL, lease)


def counts(server: redis.Redis, pool: str = POOL) -> dict[str, int]:
    """How many slots each company holds."""
    kept = cast("dict[bytes, bytes]", server.hgetall(leases.counts_key(pool)))
    return {tenant.decode(): int(count) for tenant, count in kept.items()}


@pytest.mark.parametrize("slots", [1, 2, 3, 12, 50])
def test_a_company_that_is_alone_may_use_every_slot(server: redis.Redis, slots: int) -> None:
    """And not one more."""
    assert ring(server, GREEDY, slots + 5, slots=slots) == slots


def test_while_slots_are_short_who_holds_more_than_its_share_gets_no_other(
    server: redis.Redis,
) -> None:
    """The refusal has the numbers; the quiet company gets the slots that are left."""
    assert ring(server, QUIET, 1, slots=12) == 1
    assert ring(server, GREEDY, 20, slots=12) == 9
    refused = leases.take(server, POOL, "one-more", tenant=GREEDY, slots=12)
    assert refused == leases.LeaseResult(granted=False, held=10, slots=12, own=9, fair=6)
    assert not refused.is_full
    assert ring(server, QUIET, 5, slots=12) == 2
    assert counts(server) == {GREEDY: 9, QUIET: 3}


def test_while_there_is_room_nobody_is_held_to_a_share(server: redis.Redis) -> None:
    """Three of four slots are more than half; the last one is kept."""
    ring(server, QUIET, 1, slots=4)
    assert [ring(server, GREEDY, 1, slots=4) for _ in range(3)] == [1, 1, 0]


def test_who_found_a_pool_full_is_let_in_when_calls_end(server: redis.Redis) -> None:
    """The company that filled it rings first, and more often, and waits for all that."""
    ring(server, GREEDY, 12, slots=12)
    assert ring(server, QUIET, 1, slots=12) == 0
    hang_up(server, GREEDY, 1)
    assert ring(server, GREEDY, 50, slots=12) == 0
    assert ring(server, QUIET, 1, slots=12) == 1


def test_who_waits_is_forgotten_once_it_has_a_slot_and_gives_it_back(server: redis.Redis) -> None:
    """Then the other is alone again."""
    ring(server, GREEDY, 12, slots=12)
    ring(server, QUIET, 1, slots=12)
    hang_up(server, GREEDY, 1)
    ring(server, QUIET, 1, slots=12)
    hang_up(server, QUIET, 1)
    assert ring(server, GREEDY, 1, slots=12) == 1


def test_weights_of_three_to_one_share_accordingly(server: redis.Redis) -> None:
    """Both ring without end while calls of either end; the pool settles at nine to three."""
    dice = random.Random(7)
    ring(server, GREEDY, 12, slots=12)
    for _ in range(60):
        ring(server, "paying", 3, slots=12, weight=3)
        ring(server, GREEDY, 3, slots=12)
        hang_up(server, dice.choice([GREEDY, "paying"]), 1)
    ring(server, GREEDY, 3, slots=12)
    ring(server, "paying", 3, slots=12, weight=3)
    assert counts(server) == {"paying": 9, GREEDY: 3}


def test_a_weight_that_was_changed_counts_from_the_next_call_on(server: redis.Redis) -> None:
    """Raised to three, the share of twelve slots is nine."""
    ring(server, GREEDY, 6, slots=12)
    ring(server, QUIET, 6, slots=12)
    hang_up(server, GREEDY, 1)
    assert leases.take(server, POOL, "as before", tenant=QUIET, slots=12).fair == 6
    assert leases.take(server, POOL, "raised", tenant=QUIET, slots=12, weight=3).fair == 9


def test_counts_come_back_when_a_crashed_holders_leases_expire(server: redis.Redis) -> None:
    """Its company's and its weight's, in the next one's script."""
    ring(server, GREEDY, 9, slots=12, weight=10, seconds=0.2)
    assert ring(server, QUIET, 1, slots=12) == 1
    assert counts(server) == {GREEDY: 9, QUIET: 1}
    until(lambda: leases.held(server, POOL) == 1, seconds=5)
    assert ring(server, QUIET, 11, slots=12) == 11
    assert counts(server) == {QUIET: 12}
    assert server.hgetall(f"lease-weights:{POOL}") == {b"quiet": b"1"}


def test_the_same_lease_again_is_granted_and_counted_once(server: redis.Redis) -> None:
    """Also for a company over its share, also in a full pool;
    giving it back twice takes one off.
    """
    ring(server, QUIET, 1, slots=4)
    for _ in range(3):
        for call in ("a", "b"):
            assert leases.take(server, POOL, call, tenant=GREEDY, slots=4).granted
    assert counts(server) == {GREEDY: 2, QUIET: 1}
    assert [leases.release(server, POOL, "a"), leases.release(server, POOL, "a")] == [True, False]
    assert counts(server) == {GREEDY: 1, QUIET: 1}


def test_a_call_that_goes_on_takes_its_slot_again_beyond_any_share(server: redis.Redis) -> None:
    """Its caller is on the line; only a full pool refuses it."""
    ring(server, QUIET, 1, slots=4)
    ring(server, GREEDY, 2, slots=4)
    assert not leases.take(server, POOL, "new", tenant=GREEDY, slots=4).granted
    assert leases.take_again(server, POOL, "lost", tenant=GREEDY, slots=4).granted
    assert not leases.take_again(server, POOL, "lost too", tenant=GREEDY, slots=4).granted


def test_leases_of_unknown_holders_are_counted_as_one_company(server: redis.Redis) -> None:
    """As an older version leaves them:
    they hold slots, and the counts are made anew from the leases.
    """
    server.zadd(leases.lease_key(POOL), {f"old-{n}": 9e12 for n in range(6)})
    ring(server, GREEDY, 1, slots=12)
    server.zrem(leases.lease_key(POOL), "old-0")
    ring(server, GREEDY, 1, slots=12)
    assert counts(server) == {"": 5, GREEDY: 2}


def test_renewing_keeps_the_count_as_long_as_the_lease(server: redis.Redis) -> None:
    """What lies beside the leases does not go before them."""
    leases.take(server, POOL, "call", tenant=QUIET, slots=4, seconds=1)
    assert leases.renew(server, POOL, "call", seconds=3600)
    for key in (
        leases.lease_key(POOL),
        leases.counts_key(POOL),
        f"lease-owners:{POOL}",
        f"lease-weights:{POOL}",
    ):
        assert server.pttl(key) > 3600_000


def test_many_at_once_never_hold_more_than_there_is_nor_more_than_a_share(
    server: redis.Redis,
) -> None:
    """Two companies, twenty connections."""
    ring(server, QUIET, 1, slots=30)
    with ThreadPoolExecutor(20) as callers:
        list(callers.map(lambda _: ring(server, GREEDY, 3, slots=30), range(20)))
    assert counts(server) == {QUIET: 1, GREEDY: 26}


COMPANIES = st.sampled_from(["a", "b", "c"])
STEPS = st.one_of(
    st.tuples(st.just("ring"), COMPANIES, st.integers(1, 10)),
    st.tuples(st.just("crash"), COMPANIES, st.integers(1, 10)),
    st.tuples(st.just("again"), COMPANIES, st.integers(0, 9)),
    st.tuples(st.just("hang up"), COMPANIES, st.integers(0, 9)),
    st.tuples(st.just("renew"), COMPANIES, st.integers(0, 9)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(slots=st.integers(1, 14), steps=st.lists(STEPS, max_size=60))
def test_whatever_happens_counts_are_the_leases_and_slots_suffice(
    server: redis.Redis, slots: int, steps: list[tuple[str, str, int]]
) -> None:
    """Calls ring, crash, renew, come again and end in any order;
    a company below its share finds room if there is.
    """
    pool, held = f"pool-{uuid4()}", dict[str, str]()
    for number, (what, tenant, n) in enumerate(steps):
        own = [lease for lease, owner in held.items() if owner == tenant]
        known = own[n % len(own)] if own else "nobody's"
        if what == "hang up":
            assert leases.release(server, pool, known) == (held.pop(known, None) is not None)
        elif what == "renew":
            assert leases.renew(server, pool, known, seconds=60) == (known in held)
        else:
            lease = known if what == "again" and own else f"{tenant}-{number}"
            seconds = 0.0 if what == "crash" else 60.0
            taken = leases.take(
                server, pool, lease, tenant=tenant, slots=slots, weight=max(n, 1), seconds=seconds
            )
            is_alone = set(held.values()) <= {tenant} and not server.exists(f"lease-waiting:{pool}")
            assert taken.granted or not taken.is_full or len(held) == slots
            assert taken.granted or not (is_alone and len(held) < slots)
            assert taken.granted or taken.own >= taken.fair or taken.is_full
            if taken.granted and what != "crash":
                held[lease] = tenant
        leases.take(server, pool, "sweep", tenant="nobody", slots=0)
        assert counts(server, pool) == Counter(held.values())
        assert (
            server.zcard(leases.lease_key(pool))
            == server.hlen(f"lease-owners:{pool}")
            == len(held)
            <= slots
        )
