"""What operators and machines see of the pools: rows, table, metrics, doors by role."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError
from django.test import Client

from inference import models
from inference.fleet import actions, queries, snapshots
from inference.replay.arrivals import read_seconds
from inference.warming.retire import retire_lost
from tests.inference.conftest import THINK, SmallPool

pytestmark = pytest.mark.django_db


def test_regions_and_pools_are_made_once_and_then_left_as_the_operator_has_them(
    regions: None,
) -> None:
    """Two regions with three pools each; a changed baseline stays."""
    models.Pool.objects.filter(name=THINK).update(baseline=0)
    actions.ensure_regions()
    assert len(queries.pool_names()) == 6
    assert models.Pool.objects.get(name=THINK).baseline == 0


def test_a_small_machine_begins_with_the_engines_that_fit_it(
    db: None, empty_valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No neural ears and no neural voice where the setting says so."""
    monkeypatch.setenv("WARMLINE_SPEECH", "small")
    actions.ensure_regions()
    models_of_pools = {name.rpartition("/")[2] for name in queries.pool_names()}
    assert models_of_pools == {"frontdesk", "pocketsphinx", "espeak-ng"}


def test_the_app_role_reads_the_pools_and_cannot_change_them(db: None, empty_valkey: str) -> None:
    """Only the control role writes."""
    actions.ensure_regions()
    assert queries.pool_lines()
    with pytest.raises(ProgrammingError, match="permission denied"):
        models.Pool.objects.update(baseline=9)


def test_metrics_tell_replicas_by_state_and_what_is_wanted(
    small_pool: SmallPool, client: Client
) -> None:
    """In Prometheus' text format, as they are at the moment of asking."""
    small_pool.until_warm()
    text = client.get("/metrics").content.decode()
    assert (
        'warmline_replicas{model="frontdesk",region="us-east",role="think",state="warm"} 1.0'
        in text
    )
    assert 'warmline_replicas_wanted{model="frontdesk",region="us-east",role="think"} 1.0' in text


def test_the_table_shows_each_pool_its_replicas_and_why(small_pool: SmallPool) -> None:
    """`manage.py pools`."""
    small_pool.until_warm()
    out = StringIO()
    call_command("pools", stdout=out)
    assert THINK in out.getvalue()
    assert "warm" in out.getvalue()
    assert "baseline 1" in out.getvalue()


def test_cold_starts_are_measured_stage_by_stage_and_leave_nothing_behind(
    small_pool: SmallPool, tmp_path: Path
) -> None:
    """`manage.py coldstart`: n starts and their median;
    a pool that does not exist is named with those that do.
    """
    out = StringIO()
    small_pool.set(start_s=900.0)
    call_command("coldstart", starts=2, sleep=True, csv=tmp_path / "starts.csv", stdout=out)
    assert "median" in out.getvalue()
    assert "2.55" in out.getvalue()
    assert "times faster than a start" in out.getvalue()
    assert models.Replica.objects.count() == 0
    assert small_pool.row.start_s < 900.0, "the warmer plans with what was measured"
    assert len(read_seconds(tmp_path / "starts.csv")) == 2, "a replay takes it as it is"
    with pytest.raises(CommandError, match="expected at least 1"):
        call_command("coldstart", starts=0)
    with pytest.raises(CommandError, match="us-east/think/frontdesk"):
        call_command("coldstart", pool="mars/think/x")


def test_replicas_of_an_earlier_run_leave_the_snapshot_before_anything_else(
    small_pool: SmallPool,
) -> None:
    """Their rows say warm, their processes went with their machine."""
    (lost,) = small_pool.until_warm()
    handle = models.Replica.objects.get(pk=lost.id).handle
    models.Replica.objects.filter(pk=lost.id).update(
        handle=handle.replace("think-us-east-1", "think-us-east-7")
    )
    retire_lost()
    snapshots.forget()
    assert small_pool.warm() == ()
    assert snapshots.current().warm_by_place == {}
    assert small_pool.row.failures == 0


def test_an_operator_changes_a_pool_and_the_rest_of_it_stays(regions: None, tmp_path: Path) -> None:
    """By name; the schedule from a file."""
    windows = [
        {
            "days": [0],
            "begins": "08:00",
            "ends": "18:00",
            "time_zone": "America/New_York",
            "replicas": 2,
        }
    ]
    (tmp_path / "schedule.json").write_text(json.dumps(windows), encoding="utf-8")
    out = StringIO()
    call_command(
        "set_pool", THINK, maximum=3, max_asleep=1, schedule=tmp_path / "schedule.json", stdout=out
    )
    pool = models.Pool.objects.get(name=THINK)
    assert (pool.baseline, pool.maximum, pool.max_asleep, pool.schedule) == (1, 3, 1, windows)
    assert "maximum 3, max_asleep 1" in out.getvalue()


@pytest.mark.parametrize("flags", [("--max-asleep", "--gpu"), ("--sleepers", "--card")])
def test_two_flags_are_known_by_their_former_names_too(
    regions: None, flags: tuple[str, str]
) -> None:
    """What operators' scripts already say goes on to work."""
    asleep, gpu = flags
    call_command("set_pool", THINK, asleep, "2", gpu, "gpu-0", stdout=StringIO())
    pool = models.Pool.objects.get(name=THINK)
    assert (pool.max_asleep, pool.gpu) == (2, "gpu-0")


@pytest.mark.parametrize(
    ("name", "columns", "reason"),
    [
        (THINK, {"baseline": 5}, "expected 0 <= baseline <= maximum"),
        (THINK, {"slots": 0}, "expected at least 1"),
        (THINK, {"target_occupancy": 1.5}, "expected more than 0 and at most 1"),
        (
            "us-west/think/frontdesk",
            {"baseline": 1},
            "there is no pool 'us-west/think/frontdesk'; there are us-east",
        ),
        (THINK, {}, "nothing to change"),
        (THINK, {"purpose": "spare"}, "expected one of calls, stand_in, hosted"),
        (THINK, {"purpose": "hosted"}, "a hosted provider without a fixed URL"),
        (
            THINK,
            {"fixed_url": "api.example.com"},
            r"expected http\(s\)://host without a user or key",
        ),
        (THINK, {"fixed_url": "https://user:sk-1@api.example.com"}, "without a user or key"),
        (THINK, {"fixed_url": "https://api.example.com", "max_asleep": 1}, "is not put to sleep"),
        (THINK, {"fixed_url": "https://api.example.com", "gpu": "gpu-0"}, "a GPU of theirs"),
        (THINK, {"gpu": "the first one"}, "expected a name such as gpu-0"),
    ],
)
def test_what_contradicts_itself_changes_nothing(
    regions: None, name: str, columns: dict[str, float], reason: str
) -> None:
    """The sentence says what was expected."""
    before = models.Pool.objects.filter(name=THINK).values().get()
    with pytest.raises(CommandError, match=reason):
        call_command("set_pool", name, **columns)
    assert models.Pool.objects.filter(name=THINK).values().get() == before


def test_an_operator_adds_a_smaller_model_and_a_hosted_provider(regions: None) -> None:
    """Each is a pool of its own; the snapshot says what it is, and the table does in a word."""
    out = StringIO()
    call_command("add_pool", "us-east/think/small", purpose="stand_in", baseline=1, stdout=out)
    call_command(
        "add_pool",
        "eu-west/think/gpt",
        purpose="hosted",
        fixed_url="https://api.example.com/v1",
        stdout=out,
    )
    assert "us-east/think/small: purpose stand_in, baseline 1" in out.getvalue()
    pools = {pool.name: pool for pool in queries.snapshot().pools}
    assert pools["us-east/think/small"].purpose == "stand_in"
    assert pools["eu-west/think/gpt"].fixed_url == "https://api.example.com/v1"
    assert pools[THINK].purpose == "calls"
    call_command("pools", stdout=out)
    assert "smaller model" in out.getvalue()
    assert "hosted" in out.getvalue()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (THINK, "there is a pool 'us-east/think/frontdesk' already"),
        ("mars/think/small", "there is no region 'mars'; there are eu-west, us-east"),
        ("us-east/sing/small", "expected a role"),
        ("us-east/embed/small", "the web plane embeds knowledge in its own process"),
        ("us-east/think/", "expected a role"),
        ("us-east", "expected a role"),
    ],
)
def test_a_pool_that_cannot_be_is_not_added(regions: None, name: str, reason: str) -> None:
    """The sentence says what was expected."""
    with pytest.raises(CommandError, match=reason):
        call_command("add_pool", name, purpose="stand_in")
    assert len(queries.pool_names()) == 6


def test_a_place_with_only_stand_ins_is_allowed_and_said(regions: None) -> None:
    """To whoever makes it so, and to whoever looks."""
    out = StringIO()
    call_command("set_pool", THINK, purpose="stand_in", stdout=out)
    assert "us-east/think has no pool meant for calls" in out.getvalue()
    lines = {line.pool.name: line for line in queries.pool_lines()}
    assert (lines[THINK].purpose, lines[THINK].has_own) == ("smaller model", False)
    assert lines["eu-west/think/frontdesk"].has_own
    call_command("set_pool", THINK, purpose="calls", stdout=out)
    assert queries.pool_lines()[0].has_own


def test_a_hosted_pool_without_its_address_is_no_row_either(regions: None) -> None:
    """Whoever writes it."""
    with pytest.raises(IntegrityError, match="pool_hosted_has_its_address"):
        models.Pool.objects.filter(name=THINK).update(purpose="hosted")
