"""Two regions, and replicas that are real processes."""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from inference import models
from inference.fleet import queries
from inference.fleet.actions import ensure_regions
from inference.fleet.prompt_prefixes import Prefix, publish_prefixes
from inference.provisioners.local import LocalMachine
from inference.provisioners.registry import PROVISIONERS, provisioner
from inference.provisioners.types import Order
from inference.types import Replica
from inference.warming import prewarm
from inference.warming.observe import region_redis
from tenants.context import as_control
from warmline.kernel import supervision
from warmline.kernel.regions import redis_urls

DEADLINE_S = 60.0
THINK = "us-east/think/frontdesk"


@pytest.fixture
def regions(db: None, empty_valkey: str) -> Iterator[None]:
    """us-east and eu-west with their pools, as the control role, in an empty Redis."""
    ensure_regions()
    with as_control():
        yield


def publish(prefix: Prefix) -> None:
    """Into every region's Redis, as the number table does."""
    for region in redis_urls():
        with region_redis(region) as client:
            publish_prefixes(client, [prefix])


class SmallPool:
    """us-east's think pool alone, served by small replicas that behave as told."""

    behaviour = "good"

    def program(self, order: Order, port: int) -> tuple[tuple[str, ...], dict[str, str]]:
        """What the provisioner starts."""
        argv = (
            "-m",
            "tests.fakes.small_replica",
            "--port",
            str(port),
            "--behaviour",
            self.behaviour,
        )
        return (sys.executable, *argv), {}

    @property
    def row(self) -> models.Pool:
        """The pool as it is now."""
        return models.Pool.objects.get(name=THINK)

    def set(self, **columns: Any) -> None:
        """Change what the operator wants."""
        models.Pool.objects.filter(name=THINK).update(**columns)

    def warm(self) -> tuple[Replica, ...]:
        """Its warm replicas, as committed."""
        return tuple(
            replica
            for replica in queries.snapshot().replicas
            if replica.state == "warm" and replica.pool == THINK
        )

    def until_warm(self, count: int = 1) -> tuple[Replica, ...]:
        """Work on it until so many are warm."""
        until(lambda: prewarm.work_on(THINK) is not None and len(self.warm()) == count)
        return self.warm()


@pytest.fixture
def small_pool(
    supervisor: None, regions: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallPool]:
    """A pool whose replicas are small; its processes end with the test."""
    pool = SmallPool()
    PROVISIONERS["desk"] = lambda: LocalMachine(name="desk", program=pool.program)
    provisioner.cache_clear()
    monkeypatch.setenv("WARMLINE_PROVISIONER", "desk")
    models.Pool.objects.exclude(name=THINK).update(baseline=0)
    stop_all()  # another test's replica may still run under the name
    yield pool
    stop_all()
    del PROVISIONERS["desk"]
    provisioner.cache_clear()


def stop_all() -> None:
    """End every process that the supervisor runs."""
    for process in supervision.processes():
        supervision.stop_process(process.name, grace_s=0.5)


def until(condition: Callable[[], bool], *, seconds: float = DEADLINE_S) -> None:
    """Try the condition until it holds; past the deadline the test fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)
