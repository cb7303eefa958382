"""The demo waits for warmth, and says in words why there is none."""

import asyncio
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from dashboard.demo.seeding import seed
from dashboard.demo.watching import WarmRegions, given_up, in_words, wait_until_warm
from inference.fleet.history.start_failures import StartFailures, start_failures
from inference.warming import prewarm
from tests import services
from tests.inference.conftest import SmallPool, regions, small_pool, until  # noqa: F401  fixtures
from warmline.kernel import clock
from warmline.kernel.regions import RegionCode

pytestmark = pytest.mark.django_db

US, EU = RegionCode("us-east"), RegionCode("eu-west")
THINK = "us-east/think/frontdesk"


def failing(pool: str, failures: int) -> StartFailures:
    return StartFailures(pool, failures, "no model")


def test_a_region_that_keeps_failing_is_waited_for_no_longer_once_another_is_warm() -> None:
    """Two failed starts are enough then; one may be an accident."""
    assert given_up((US, EU), warm=[EU], failures=[failing(THINK, 2)])
    assert not given_up((US, EU), warm=[EU], failures=[failing(THINK, 1)])


def test_while_no_region_is_warm_each_has_to_fail_three_times() -> None:
    """And one that has not failed may still come."""
    both = [failing(THINK, 3), failing("eu-west/hear/sphinx", 3)]
    assert given_up((US, EU), warm=[], failures=both)
    assert not given_up((US, EU), warm=[], failures=both[:1])
    assert not given_up(
        (US, EU), warm=[], failures=[failing(THINK, 2), failing("eu-west/hear/sphinx", 3)]
    )


def test_nobody_warm_in_time_is_one_sentence(empty_valkey: str, chroma_server: str) -> None:
    """The demo fails, says so, and places no call."""
    seed()
    with pytest.raises(
        CommandError, match=r"no region became warm; no start failed within 0 s.*jobs\.log"
    ):
        call_command("run_demo", "--warm-within", "0.1", stdout=StringIO())


def test_a_demo_without_companies_is_one_sentence(empty_valkey: str) -> None:
    """It says what makes them."""
    (services.home.state / "demo.json").unlink(missing_ok=True)
    with pytest.raises(
        CommandError, match=re.escape("no company lakeside-clinic, rivertown-plumbing; `manage.py")
    ):
        call_command("run_demo", stdout=StringIO())


def test_who_waits_hears_of_each_start_that_failed(small_pool: SmallPool) -> None:
    """While it waits, with the reason that the replica's row keeps;
    the same is in what the wait came to.
    """
    small_pool.behaviour = "mortal"
    said: list[str] = []

    async def waited() -> WarmRegions:
        working = asyncio.create_task(asyncio.to_thread(fail_once))
        warm = await wait_until_warm(regions=(US,), at_most_s=10, say=said.append)
        await working
        return warm

    warm = asyncio.run(waited())

    assert [line for line in said if "a start failed: " in line] == [
        in_words(fault) for fault in warm.faults
    ]
    assert "the model file is missing" in said[-1]
    assert (warm.regions, [fault.pool for fault in warm.faults]) == ((), [THINK])


def fail_once() -> None:
    """The warmer's turns until a start has failed."""
    began = clock.now()
    try:
        until(lambda: prewarm.work_on(THINK) is not None and start_failures(since=began) != ())
    finally:
        connections.close_all()
