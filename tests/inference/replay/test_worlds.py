"""From logs to worlds: counts, scales, call lengths, start times, time zones."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from inference.replay.arrivals import Trace
from inference.replay.draws import (
    ScaledTrace,
    arrival_seconds,
    local_mean,
    scaled,
    sensible_scale,
    start_times,
)
from inference.replay.worlds import ReplaySetting
from tests.inference.replay.replays import MONDAY, replay, trace


def test_scale_one_replays_the_very_counts() -> None:
    """Nothing is drawn anew but the second within the bin."""
    log = trace(days=2)
    drawn = np.random.default_rng(1)
    seconds = arrival_seconds(scaled(log, scale=1, scaling="rates", drawn=drawn), drawn)
    assert np.bincount(seconds // 300, minlength=len(log.calls)).tolist() == log.calls.tolist()


def test_scaling_rates_keeps_poisson_counts_poisson_and_scaling_counts_does_not() -> None:
    """Twenty times a Poisson count has twenty times its variance over its mean;
    a larger company has not.
    """
    log = trace(days=40, calls_a_bin=8.0)
    ratio = {}
    for scaling in ("rates", "counts"):
        calls = scaled(log, scale=20, scaling=scaling, drawn=np.random.default_rng(2)).calls
        busy = calls[log.calls.nonzero()]
        assert busy.mean() == pytest.approx(20 * log.calls[log.calls > 0].mean(), rel=0.05)
        ratio[scaling] = busy.var() / busy.mean()
    assert ratio["rates"] < 4
    assert ratio["counts"] > 15


def test_overdispersion_of_a_log_is_kept_when_it_is_scaled() -> None:
    """Rates that vary by 50 % from bin to bin still do at a hundred times as many calls."""
    drawn = np.random.default_rng(3)
    calls = drawn.poisson(10 * drawn.gamma(4, 1 / 4, 288 * 40))
    large = scaled(
        Trace(MONDAY, 300, calls, {"all": 1}), scale=100, scaling="rates", drawn=drawn
    ).calls
    assert large.std() / large.mean() == pytest.approx(0.5, abs=0.08)


def test_the_local_mean_ends_where_the_doors_close() -> None:
    """The first open bin's mean does not know the night."""
    calls = np.concatenate([np.zeros(100), np.full(50, 10), np.zeros(100)]).astype(np.int64)
    mean = local_mean(calls, bins=6)
    assert mean[100:150].tolist() == [10.0] * 50
    assert mean[99] == mean[150] == 0.0


def test_the_scale_by_default_fills_the_slots_of_several_replicas() -> None:
    """A quiet log is scaled, a busy one is not; the mean call lasts 192 s."""
    assert sensible_scale(trace(calls_a_bin=4.0), 192.0) > 10
    assert sensible_scale(trace(calls_a_bin=250.0), 192.0) == 1


def test_start_times_lie_around_what_a_start_takes() -> None:
    """With and without measured ones."""
    drawn = np.random.default_rng(1)
    assert start_times(155.0, measured=None, drawn=drawn).mean() == pytest.approx(155, rel=0.02)
    measured = start_times(155.0, measured=np.array([50, 100, 150]), drawn=drawn)
    assert set(measured.tolist()) == {78, 155, 232}


def test_regions_are_copies_shifted_by_their_time_zones() -> None:
    """Eight hours later each: what the first one sees at nine,
    the third sees at one in the night.
    """
    of = replay(ReplaySetting(regions=3, shift_hours=8))
    first_calls = [int(times[0]) - of.world.counted_from_s for times in of.world.arrivals]
    assert first_calls[0] == pytest.approx(8 * 3600, abs=600)
    last_calls = [times.max() - of.world.counted_from_s for times in of.world.arrivals]
    assert last_calls[0] == pytest.approx(86_400 + 18 * 3600, abs=600)
    # Nine to six of the day before the log's first, eight and sixteen hours later, began in the
    # history.
    assert first_calls[2] < 3600
    assert len(of.history[0]) == len(of.history[1])


def test_empty_bins_give_no_arrivals() -> None:
    """A closed day is silent."""
    assert (
        len(arrival_seconds(ScaledTrace(300, np.zeros(288, np.int64)), np.random.default_rng(1)))
        == 0
    )


def test_days_between_two_logs_that_nobody_counted_are_as_the_week_before() -> None:
    """Ten days are missing after two weeks:
    each is taken as its weekday was, and what follows is the second log's.
    """
    before, after = (
        trace(14),
        msgspec.structs.replace(trace(3, seed=2), begins=MONDAY + timedelta(days=24)),
    )
    whole = before.followed_by(after)
    a_day = 86_400 // whole.step_s
    assert whole.calls[14 * a_day : 21 * a_day].tolist() == before.calls[7 * a_day :].tolist()
    assert (
        whole.calls[21 * a_day : 24 * a_day].tolist()
        == before.calls[7 * a_day : 10 * a_day].tolist()
    )
    assert whole.calls[24 * a_day :].tolist() == after.calls.tolist()
