"""The warmer's loop on processes of this machine:
warm by real requests, replaced when dead, never a storm.
"""

import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from inference import models
from inference.errors import ProvisionerFailed
from inference.fleet import actions, leases, queries, replica_actions, snapshots
from inference.fleet.history import cold_starts
from inference.fleet.prompt_prefixes import Prefix
from inference.provisioners.local import llm_command
from inference.provisioners.types import Order
from inference.types import Replica
from inference.warming import prewarm, reconcile
from inference.warming.observe import region_redis
from tests.inference.conftest import THINK, SmallPool, publish, until
from warmline.kernel import clock, supervision
from warmline.kernel.ids import ReplicaId
from warmline.kernel.regions import RegionCode, redis_urls

pytestmark = pytest.mark.django_db

PREFIX = Prefix("agent-1", ({"role": "system", "content": "You are Anna at Rivertown Plumbing."},))
US_EAST = RegionCode("us-east")


def prompts(base_url: str) -> list[str]:
    asked = httpx.get(f"{base_url}/asked").json()
    return [request["messages"][0]["content"] for request in asked]


def idle_for(*, minutes: int) -> None:
    """As if all replicas had been probed so long ago."""
    models.Replica.objects.update(probed_at=Now() - timedelta(minutes=minutes))


def pid_of(name: str) -> int:
    pid = next(process.pid for process in supervision.processes() if process.name == name)
    assert pid is not None
    return pid


def test_a_replica_is_warm_only_after_the_regions_prefixes_and_the_canary_ran_on_it(
    small_pool: SmallPool,
) -> None:
    """Each step and each stage of the start is kept with its time."""
    publish(PREFIX)
    (replica,) = small_pool.until_warm()
    assert prompts(replica.base_url)[0] == PREFIX.messages[0]["content"]
    row = models.Replica.objects.get(pk=replica.id)
    assert [step.state for step in row.steps.all()][-2:] == ["priming", "warm"]
    assert row.stages_s["engine"] == 2.55
    assert cold_starts.cold_starts(pool=THINK)[0].total_s > 0


def test_the_snapshot_in_every_region_shows_the_warm_replica(small_pool: SmallPool) -> None:
    """The media plane and the web plane read it there."""
    (replica,) = small_pool.until_warm()
    snapshots.forget()
    assert replica.id in {
        replica.id for replica in snapshots.current().replicas if replica.state == "warm"
    }
    assert snapshots.missing_in() == ()


def test_a_replica_that_died_leaves_the_snapshot_and_is_replaced(small_pool: SmallPool) -> None:
    """Though the supervisor brings the process back, it is not the warm one any more."""
    (first,) = small_pool.until_warm()
    os.killpg(pid_of("think-us-east-1"), signal.SIGKILL)
    until(lambda: prewarm.work_on(THINK) is not None and not small_pool.warm())
    dead = models.Replica.objects.get(pk=first.id)
    assert dead.state == "failed"
    assert "died" in dead.because or "is backoff" in dead.because or "is exited" in dead.because
    small_pool.set(retry_at=None)
    (second,) = small_pool.until_warm()
    assert second.id != first.id


def test_a_replica_that_stops_answering_is_failed_after_three_probes(small_pool: SmallPool) -> None:
    """Its process lives on (stopped by a signal), and is of no use to callers."""
    (first,) = small_pool.until_warm()
    os.killpg(pid_of("think-us-east-1"), signal.SIGSTOP)
    until(lambda: prewarm.work_on(THINK) is not None and not small_pool.warm())
    assert "probes unanswered" in models.Replica.objects.get(pk=first.id).because


@pytest.mark.parametrize(
    ("behaviour", "reason"), [("empty", "answer is empty"), ("mortal", "model file is missing")]
)
def test_a_replica_that_never_becomes_warm_holds_back_the_next_start(
    small_pool: SmallPool, behaviour: str, reason: str
) -> None:
    """One start, its reason kept, and no second one before its time: no storm."""
    small_pool.behaviour = behaviour
    until(lambda: prewarm.work_on(THINK) is not None and small_pool.row.failures == 1)
    for _ in range(5):
        prewarm.work_on(THINK)
    failed = models.Replica.objects.filter(pool__name=THINK)
    assert failed.count() == 1
    assert reason in failed.get().because
    assert small_pool.row.retry_at is not None


def test_a_process_that_runs_and_never_listens_is_given_up(
    small_pool: SmallPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provisioner that calls that running is not believed:
    it failed, and its successor is held back.
    """
    monkeypatch.setattr(reconcile, "START_LEAST_S", 1.0)
    small_pool.behaviour = "deaf"
    small_pool.set(start_s=0.1)
    until(lambda: prewarm.work_on(THINK) is not None and small_pool.row.failures == 1)
    failed = models.Replica.objects.get(pool__name=THINK)
    assert (failed.state, small_pool.row.retry_at is not None) == ("failed", True)
    assert "not answering 1 s after its start" in failed.because


def test_starts_are_held_back_longer_each_time_they_fail(small_pool: SmallPool) -> None:
    """5, 10, 20 … seconds, at most five minutes."""
    holds = []
    for _ in range(8):
        replica_actions.note_start_failed(small_pool.row, because="test")
        pool = small_pool.row
        assert pool.retry_at is not None
        holds.append(round((pool.retry_at - clock.now()).total_seconds()))
    assert holds == [5, 10, 20, 40, 80, 160, 300, 300]


def test_a_canary_that_answers_otherwise_than_before_is_not_warm(
    small_pool: SmallPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same model on the same engine gives the same words at temperature 0."""
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("WARMLINE_THINK_MODEL", str(tmp_path))
    small_pool.behaviour = "fickle"
    small_pool.until_warm()
    os.killpg(pid_of("think-us-east-1"), signal.SIGKILL)
    until(lambda: prewarm.work_on(THINK) is not None and small_pool.row.failures == 1)
    small_pool.set(retry_at=None)
    until(lambda: prewarm.work_on(THINK) is not None and small_pool.row.failures == 2)
    last = models.Replica.objects.order_by("-created_at").first()
    assert last is not None
    assert "as before" in last.because


def test_a_prompt_that_goes_live_later_runs_on_replicas_that_are_warm_already(
    small_pool: SmallPool,
) -> None:
    """Without taking them from their callers."""
    (replica,) = small_pool.until_warm()
    publish(PREFIX)
    prewarm.work_on(THINK)
    assert PREFIX.messages[0]["content"] in prompts(replica.base_url)
    assert small_pool.warm() == (replica,)


def test_an_idle_replica_runs_its_prompts_again_with_its_canary(small_pool: SmallPool) -> None:
    """Caches stay warm for who calls next."""
    publish(PREFIX)
    (replica,) = small_pool.until_warm()
    idle_for(minutes=2)
    prewarm.work_on(THINK)
    assert prompts(replica.base_url).count(PREFIX.messages[0]["content"]) == 2
    prewarm.work_on(THINK)
    assert prompts(replica.base_url).count(PREFIX.messages[0]["content"]) == 2


def test_an_engine_that_may_not_be_run_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not there, or there and not to be executed: the start fails, and nothing else does."""
    order = Order(ReplicaId("1"), RegionCode("us-east"), "think", "frontdesk", 16, 1)
    for engine in (tmp_path / "absent" / "python", tmp_path / "python"):
        (tmp_path / "python").write_text("no program", encoding="utf-8")
        monkeypatch.setenv("WARMLINE_ENGINE_PYTHON", str(engine))
        with pytest.raises(ProvisionerFailed, match="engine is not installed"):
            llm_command(order, 28700)


def test_an_engine_keeps_idle_connections_for_longer_than_media_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Media close theirs after 60 s;
    a connection that the engine closes first costs a turn a new one.
    """
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("WARMLINE_THINK_MODEL", str(tmp_path))
    monkeypatch.setenv("WARMLINE_ENGINE_PYTHON", sys.executable)
    order = Order(ReplicaId("1"), RegionCode("us-east"), "think", "frontdesk", 16, 1)
    _, environment = llm_command(order, 28700)
    assert int(environment["VLLM_HTTP_TIMEOUT_KEEP_ALIVE"]) > 60


def test_a_fixed_endpoint_is_never_put_to_sleep(small_pool: SmallPool) -> None:
    """It is somebody else's, though the pool keeps sleepers and the endpoint would obey."""
    (replica,) = small_pool.until_warm()
    eu = "eu-west/think/frontdesk"
    models.Pool.objects.filter(name=eu).update(
        baseline=1, max_asleep=1, fixed_url=f"{replica.base_url}/v1"
    )
    until(lambda: prewarm.work_on(eu) is not None and len(_warm_in("eu-west")) == 1)
    models.Pool.objects.filter(name=eu).update(baseline=0)
    rows = models.Replica.objects.filter(pool__name=eu)
    until(lambda: prewarm.work_on(eu) is not None and rows.get().state not in {"warm", "draining"})
    assert rows.get().state == "stopped"
    assert httpx.get(f"{replica.base_url}/is_sleeping").json() == {"is_sleeping": False}


def test_a_process_that_its_rows_have_lost_makes_way(small_pool: SmallPool) -> None:
    """The database was restored from before its start: a new replica takes the name."""
    small_pool.until_warm()
    lost = pid_of("think-us-east-1")
    models.Replica.objects.all().delete()
    small_pool.until_warm()
    assert pid_of("think-us-east-1") != lost
    assert small_pool.row.failures == 0


def test_two_workers_never_work_on_one_pool(small_pool: SmallPool) -> None:
    """The claim is the first one's until it is given back or its time is over."""
    assert actions.claim_pool(THINK, worker="one", seconds=60) is not None
    assert actions.claim_pool(THINK, worker="two", seconds=60) is None
    models.Pool.objects.filter(name=THINK).update(claimed_until=Now() - timedelta(seconds=1))
    assert actions.claim_pool(THINK, worker="two", seconds=60) is not None


def test_more_callers_bring_a_second_replica_and_their_leaving_drains_it(
    small_pool: SmallPool,
) -> None:
    """Occupied slots decide; who drains leaves the snapshot first and stops when nothing runs on
    it.
    """
    small_pool.set(maximum=2, slots=2)
    small_pool.until_warm()
    with region_redis("us-east") as client:
        for caller in ("ann", "ben", "cleo"):
            leases.take(client, THINK, caller, tenant="rivertown", slots=4, seconds=60)
        small_pool.until_warm(2)
        client.flushdb()
    until(lambda: prewarm.work_on(THINK) is not None and len(small_pool.warm()) == 1)
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.filter(state="stopped").exists()
        )
    )


def scaled_to_nothing_and_back(small_pool: SmallPool) -> tuple[Replica, Replica]:
    """A pool that may keep one replica asleep:
    the warm one before, and the warm one after nobody was wanted.
    """
    small_pool.set(max_asleep=1)
    publish(PREFIX)
    (before,) = small_pool.until_warm()
    small_pool.set(baseline=0)
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.get(pk=before.id).state != "warm"
        )
    )
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.get(pk=before.id).state != "draining"
        )
    )
    small_pool.set(baseline=1)
    (after,) = small_pool.until_warm()
    return before, after


def test_a_drained_replica_sleeps_and_is_primed_again_when_it_is_woken(
    small_pool: SmallPool,
) -> None:
    """Its caches were forgotten: prefixes and canary run anew before anybody is routed to it."""
    before, after = scaled_to_nothing_and_back(small_pool)
    assert after.id == before.id
    states = list(models.Replica.objects.get(pk=after.id).steps.values_list("state", flat=True))
    assert states[-6:] == ["warm", "draining", "asleep", "waking", "priming", "warm"]
    assert prompts(after.base_url).count(PREFIX.messages[0]["content"]) == 2
    small_pool.set(baseline=0, max_asleep=0)
    until(
        lambda: (
            prewarm.work_on(THINK) is not None
            and models.Replica.objects.get(pk=after.id).state == "stopped"
        )
    )


def test_a_replica_that_does_not_fall_asleep_is_stopped(small_pool: SmallPool) -> None:
    """And another one is started when it is wanted again."""
    small_pool.behaviour = "sleepless"
    before, after = scaled_to_nothing_and_back(small_pool)
    assert after.id != before.id
    assert models.Replica.objects.get(pk=before.id).state == "stopped"


def test_a_pool_whose_leases_cannot_be_counted_is_left_as_it_is(
    small_pool: SmallPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blind, the warmer scales nothing down."""
    small_pool.until_warm()
    small_pool.set(baseline=0)
    nowhere = dict.fromkeys(redis_urls(), "unix:///nowhere.sock")
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", json.dumps(nowhere))
    prewarm.work_on(THINK)
    assert len(small_pool.warm()) == 1


def test_a_pool_whose_policy_contradicts_itself_is_left_as_it_is(small_pool: SmallPool) -> None:
    """Written past the commands' checks:
    nothing is scaled by it, the loop lives, and obeys the row that is right.
    """
    small_pool.until_warm()
    nowhere = {
        "begins": "08:00",
        "ends": "18:00",
        "time_zone": "Mars/Olympus",
        "days": [0],
        "replicas": 1,
    }
    small_pool.set(baseline=0, schedule=[nowhere])
    prewarm.work_on(THINK)
    prewarm.warm_for(0.0)
    assert len(small_pool.warm()) == 1
    small_pool.set(schedule=[])
    until(lambda: prewarm.work_on(THINK) is not None and not small_pool.warm())


def test_a_fixed_endpoint_is_probed_and_never_started(small_pool: SmallPool) -> None:
    """A pool's replica is then the address."""
    (replica,) = small_pool.until_warm()
    names = {process.name for process in supervision.processes()}
    models.Pool.objects.filter(name="eu-west/think/frontdesk").update(
        baseline=1, fixed_url=f"{replica.base_url}/v1"
    )
    until(
        lambda: (
            prewarm.work_on("eu-west/think/frontdesk") is not None and len(_warm_in("eu-west")) == 1
        )
    )
    assert _warm_in("eu-west") == [replica.base_url]
    assert {process.name for process in supervision.processes()} == names


def test_the_think_url_stands_for_every_think_pool_and_is_asked_for_its_own_model(
    small_pool: SmallPool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WARMLINE_THINK_URL and WARMLINE_THINK_MODEL:
    no process is started, and the canary names the endpoint's model.
    """
    (replica,) = small_pool.until_warm()
    settings.LLM_URL = f"{replica.base_url}/v1"
    monkeypatch.setenv("WARMLINE_THINK_URL", settings.LLM_URL)
    monkeypatch.setenv("WARMLINE_THINK_MODEL", "large-3")
    names = {process.name for process in supervision.processes()}
    models.Pool.objects.filter(name="eu-west/think/frontdesk").update(baseline=1)
    until(
        lambda: (
            prewarm.work_on("eu-west/think/frontdesk") is not None and len(_warm_in("eu-west")) == 1
        )
    )
    assert {process.name for process in supervision.processes()} == names
    assert httpx.get(f"{replica.base_url}/asked").json()[-1]["model"] == "large-3"


def test_a_stand_in_is_warmed_beside_the_pool_it_stands_in_for(small_pool: SmallPool) -> None:
    """A pool of its own, with its own replica, on which the agents' prefixes ran too."""
    publish(PREFIX)
    (own,) = small_pool.until_warm()
    actions.add_pool("us-east", "think", "small", purpose="stand_in")
    # wants nobody, and so lets the next pool have its turn
    prewarm.work_on("eu-west/think/frontdesk")
    until(
        lambda: prewarm.work_on("us-east/think/small") is not None and len(_warm_in("us-east")) == 2
    )
    [stand_in] = [replica for replica in queries.snapshot().replicas if replica.id != own.id]
    assert stand_in.model == "small"
    assert prompts(stand_in.base_url)[0] == PREFIX.messages[0]["content"]


def test_a_hosted_provider_is_asked_with_its_key_and_not_for_prefixes(
    small_pool: SmallPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cache is not ours to fill, at its price; the canary is what shows that it answers."""
    (replica,) = small_pool.until_warm()
    publish(PREFIX)
    before = len(httpx.get(f"{replica.base_url}/asked").json())
    monkeypatch.setenv("WARMLINE_POOL_KEYS", json.dumps({"eu-west/think/gpt": "sk-hosted"}))
    actions.add_pool(
        "eu-west", "think", "gpt", purpose="hosted", fixed_url=f"{replica.base_url}/v1"
    )
    until(
        lambda: prewarm.work_on("eu-west/think/gpt") is not None and len(_warm_in("eu-west")) == 1
    )
    asked_first = len(httpx.get(f"{replica.base_url}/asked").json())
    idle_for(minutes=2)
    prewarm.work_on("eu-west/think/gpt")
    asked = httpx.get(f"{replica.base_url}/asked").json()[before:]
    assert len(asked) > asked_first - before
    assert {request["authorization"] for request in asked} == {"Bearer sk-hosted"}
    assert PREFIX.messages[0] not in [request["messages"][0] for request in asked]


def _warm_in(region: str) -> list[str]:
    warm = queries.snapshot().warm_by_place.get((RegionCode(region), "think"), ())
    return [replica.base_url for replica in warm]
