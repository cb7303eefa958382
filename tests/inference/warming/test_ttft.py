"""A pool's expected first word follows what its callers waited, by its replicas' own counters."""

import httpx
import pytest

from inference.warming import prewarm
from inference.warming.ttft import MeanTtft, TtftTotals, TtftWatch, ttft_totals_in
from tests.fakes.small_replica import METRICS
from tests.inference.conftest import SmallPool, publish
from tests.inference.warming.test_warming import PREFIX, idle_for


def test_vllms_histogram_is_read_from_its_metrics() -> None:
    """Count and sum, over all engines; buckets and the time of its making are no waits."""
    text = METRICS.format(requests=12.0, seconds=1.5)
    assert ttft_totals_in(text) == TtftTotals(12.0, 1.5)
    assert ttft_totals_in(text + text.replace('engine="0"', 'engine="1"')) == TtftTotals(24.0, 3.0)


@pytest.mark.parametrize(
    "text",
    ["", "vllm:num_requests_running 1.0", METRICS.format(requests="many", seconds=1.0),
     METRICS.format(requests=1.0, seconds="NaN")],
)  # fmt: skip
def test_metrics_without_a_readable_histogram_tell_nothing(text: str) -> None:
    """No figure is better than a wrong one."""
    assert ttft_totals_in(text) is None


def test_only_the_difference_between_two_looks_counts() -> None:
    """The first look is nothing, nor is one in whose time nobody came."""
    looks = TtftWatch()
    assert looks.since_last("r", TtftTotals(100.0, 50.0), mark=1) is None
    assert looks.since_last("r", TtftTotals(104.0, 51.0), mark=1) == MeanTtft(4, 250.0)
    assert looks.since_last("r", TtftTotals(104.0, 51.0), mark=1) is None


def test_a_counter_that_fell_back_begins_anew() -> None:
    """Its process was restarted."""
    looks = TtftWatch()
    looks.since_last("r", TtftTotals(100.0, 50.0), mark=1)
    assert looks.since_last("r", TtftTotals(3.0, 1.0), mark=1) is None
    assert looks.since_last("r", TtftTotals(4.0, 3.0), mark=1) == MeanTtft(1, 2000.0)


def test_looks_with_requests_of_our_own_between_them_are_not_compared() -> None:
    """Their mark differs."""
    looks = TtftWatch()
    looks.since_last("r", TtftTotals(100.0, 50.0), mark=1)
    assert looks.since_last("r", TtftTotals(170.0, 51.0), mark=2) is None
    assert looks.since_last("r", TtftTotals(171.0, 51.5), mark=2) == MeanTtft(1, 500.0)


def test_looks_are_kept_of_a_bounded_number_of_replicas() -> None:
    """Whoever was looked at longest ago is forgotten."""
    looks = TtftWatch(kept=2)
    for replica in ("a", "b", "a", "c"):
        looks.since_last(replica, TtftTotals(1.0, 1.0), mark=1)
    assert looks.since_last("a", TtftTotals(2.0, 2.0), mark=1) == MeanTtft(1, 1000.0)
    assert looks.since_last("b", TtftTotals(2.0, 2.0), mark=1) is None


@pytest.mark.django_db
def test_what_callers_waited_moves_their_pools_first_word(small_pool: SmallPool) -> None:
    """By half at most at one look; few callers move it little."""
    (replica,) = small_pool.until_warm()
    small_pool.set(first_word_ms=100.0)
    prewarm.work_on(small_pool.row.name)
    httpx.post(f"{replica.base_url}/callers", json={"requests": 100, "seconds": 20.0})
    prewarm.work_on(small_pool.row.name)
    assert small_pool.row.first_word_ms == 150.0
    httpx.post(f"{replica.base_url}/callers", json={"requests": 1, "seconds": 0.36})
    prewarm.work_on(small_pool.row.name)
    assert small_pool.row.first_word_ms == 160.0


@pytest.mark.django_db
def test_the_warmers_own_requests_are_no_callers(small_pool: SmallPool) -> None:
    """A canary on an idle replica, and a prompt that runs on a warm one."""
    (replica,) = small_pool.until_warm()
    prewarm.work_on(small_pool.row.name)
    for cause in ("prefix", "canary"):
        if cause == "prefix":
            publish(PREFIX)
        else:
            idle_for(minutes=2)
        prewarm.work_on(small_pool.row.name)
        small_pool.set(first_word_ms=100.0)
        httpx.post(f"{replica.base_url}/callers", json={"requests": 100, "seconds": 20.0})
        prewarm.work_on(small_pool.row.name)
        assert small_pool.row.first_word_ms == 100.0
