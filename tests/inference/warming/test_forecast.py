"""The forecast layer: a week is learnt,
unusual days are followed, prices set the margin, pools share it.
"""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import PolicyError
from inference.warming.forecast import Fit, Forecaster, exponential_survival, fit, survival_of
from inference.warming.history import filled
from inference.warming.policy import Observation, Policy, decide, parse_policy
from inference.warming.staffing import Expected, Group, Share, allocate, deviations
from inference.warming.weekly_profile import DAY_MINUTES, WEEK_MINUTES, Floats, usual_week

START_S = 155.0
SURVIVAL = exponential_survival(190.0)
OPENS, CLOSES = 9 * 60, 17 * 60


def office_week(weekday_calls: float = 6.0) -> Floats:
    """Open from nine to five, Monday to Friday, twice as busy on Mondays."""
    week = np.zeros((7, DAY_MINUTES))
    week[:5, OPENS:CLOSES] = weekday_calls
    week[0] *= 2
    return week.ravel()


def history(weeks: int, *, seed: int = 1, week: Floats | None = None) -> Floats:
    """Poisson counts a minute around the office week, from a Monday's midnight."""
    rates = np.tile(office_week() if week is None else week, weeks)
    return np.random.default_rng(seed).poisson(rates).astype(np.float64)


def office_fit() -> Fit:
    fitted = fit(history(10), first_minute=0, survival=SURVIVAL, horizon_s=START_S)
    assert fitted is not None
    return fitted


def test_the_usual_week_is_learnt_with_sharp_openings() -> None:
    """Within 5 % where it is open, nothing where it is closed, and no slope into the opening."""
    learnt = usual_week(history(10), 0)
    true = office_week()
    assert np.abs(learnt[true > 0] / true[true > 0] - 1).mean() < 0.05
    assert learnt[true == 0].max() < 0.05
    assert learnt[OPENS + 2] > 10


def test_a_holiday_in_the_history_does_not_lower_its_weekday() -> None:
    """A Wednesday without calls teaches nearly nothing of Wednesdays."""
    calls = history(10)
    calls[9 * WEEK_MINUTES + 2 * DAY_MINUTES : 9 * WEEK_MINUTES + 3 * DAY_MINUTES] = 0
    wednesday = usual_week(calls, 0)[2 * DAY_MINUTES + 12 * 60]
    assert wednesday == pytest.approx(6.0, rel=0.06)


def test_too_short_a_history_gives_no_fit() -> None:
    """Less than two days, or nobody ever called."""
    assert (
        fit(history(1)[:DAY_MINUTES], first_minute=0, survival=SURVIVAL, horizon_s=START_S) is None
    )
    assert fit(np.zeros(WEEK_MINUTES), first_minute=0, survival=SURVIVAL, horizon_s=START_S) is None


def test_calls_are_expected_before_the_doors_open() -> None:
    """One start ahead of nine on a Tuesday slots are wanted, though nobody has called yet."""
    forecaster = Forecaster(office_fit(), start_s=START_S)
    before = forecaster.expect(0, week_s=DAY_MINUTES * 60 + OPENS * 60 - 100)
    night = forecaster.expect(0, week_s=DAY_MINUTES * 60 + 4 * 3600)
    assert before.mean > 4
    assert night.mean < 0.2


def test_a_steady_day_is_expected_to_go_on() -> None:
    """By Little's law 6 calls a minute of 190 s fill 19 slots."""
    forecaster = Forecaster(office_fit(), start_s=START_S)
    noon_s = DAY_MINUTES * 60 + 12 * 3600
    for minute in range(180):
        forecaster.saw(6, seconds=60, week_s=noon_s - (180 - minute) * 60)
    assert forecaster.expect(19, week_s=noon_s).mean == pytest.approx(19, rel=0.08)


def test_an_unusual_day_is_followed_where_the_past_had_unusual_days() -> None:
    """Days differ by half in this history:
    after two hours of a double day twice as many calls are expected.
    """
    levels = np.repeat(np.random.default_rng(3).lognormal(0, 0.4, 70), DAY_MINUTES)
    rates = np.tile(office_week(), 10) * levels
    calls = np.random.default_rng(4).poisson(rates).astype(np.float64)
    fitted = fit(calls, first_minute=0, survival=SURVIVAL, horizon_s=START_S)
    assert fitted is not None
    forecaster = Forecaster(fitted, start_s=START_S)
    noon_s = DAY_MINUTES * 60 + 12 * 3600
    usual = fitted.week[DAY_MINUTES + 11 * 60]
    for minute in range(120):
        forecaster.saw(2 * usual, seconds=60, week_s=noon_s - (120 - minute) * 60)
    assert forecaster.level() == pytest.approx(2.0, rel=0.15)


def test_overdispersion_is_measured() -> None:
    """About nothing for Poisson counts; for a rate that jumps by 40 %, some of its square."""
    plain = office_fit()
    shaken = np.tile(office_week(40.0), 10) * np.repeat(
        np.random.default_rng(5).gamma(6, 1 / 6, 70 * 240), 6
    )
    calls = np.random.default_rng(6).poisson(shaken).astype(np.float64)
    wild = fit(calls, first_minute=0, survival=SURVIVAL, horizon_s=START_S)
    assert wild is not None
    assert plain.excess < 0.01
    assert wild.excess > 0.03


def test_survival_is_the_share_of_longer_calls() -> None:
    """Of lengths 5, 15, 25 s two thirds last over 10 s."""
    assert survival_of(np.array([5, 15, 25])) == pytest.approx((1.0, 2 / 3, 1 / 3))


def expected(
    mean: float, *, variance: float | None = None, calls_an_hour: float = 1000.0
) -> Expected:
    return Expected(mean, mean if variance is None else variance, calls_an_hour)


def seen(**changes: object) -> Observation:
    plain = Observation(
        "p",
        datetime(2026, 11, 20, tzinfo=UTC),
        warm=1,
        in_transit=0,
        draining=0,
        slots=16,
        held=0,
        held_peak=0,
        start_s=START_S,
    )
    return msgspec.structs.replace(plain, **changes)


def test_the_forecast_layer_wants_the_mean_and_a_margin() -> None:
    """100 slots and 2.58 deviations of ten each are 127 slots with the skew of counts: eight
    replicas.
    """
    decision = decide(
        seen(expected=expected(100)), Policy(baseline=0, maximum=50, cold_call_price=0.2)
    )
    assert decision.desired == 8
    assert decision.because.startswith("100 slots expected")


def test_without_a_fit_or_a_price_the_layer_is_silent() -> None:
    """The other layers decide as before."""
    assert decide(seen(), Policy(cold_call_price=1.0)).desired == 1
    assert decide(seen(expected=expected(100)), Policy(maximum=50)).desired == 1


@given(st.floats(0, 2000), st.floats(0.001, 10), st.floats(1, 10))
def test_dearer_cold_calls_never_want_fewer_replicas(
    mean: float, price: float, times: float
) -> None:
    """More of everything for a higher price."""
    shares = (Share(expected(mean), 0),)
    assert allocate(shares, 16, price) <= allocate(shares, 16, price * times)


def test_the_margin_is_the_newsvendors() -> None:
    """1,000 calls an hour at 0.1 replica-hours each:
    full once in a hundred is worth one more replica.
    """
    assert deviations(1000, 0.1) == pytest.approx(2.326, abs=0.001)
    assert deviations(10, 0.1) == 0.0


def test_a_replica_is_kept_until_a_larger_margin_can_spare_it() -> None:
    """58 slots and a margin of 2.33 deviations are five replicas, 2.83 deviations six:
    two of eight are spared.
    """
    policy = Policy(baseline=0, maximum=50, cold_call_price=0.1)
    wants = {
        warm: decide(seen(warm=warm, expected=expected(58)), policy).desired
        for warm in (4, 5, 6, 8)
    }
    assert wants == {4: 5, 5: 5, 6: 6, 8: 6}


@given(st.lists(st.tuples(st.floats(0, 300), st.integers(0, 30)), min_size=2, max_size=6))
def test_pools_that_lend_want_no_more_together_than_alone(pools: list[tuple[float, int]]) -> None:
    """Starting from nothing: one margin and one rounding up,
    and each keeps what its own calls fill.
    """
    fresh = tuple(Share(expected(mean), 0) for mean, _ in pools)
    together = allocate(fresh, 16, 0.1)
    alone = [allocate((share,), 16, 0.1)[0] for share in fresh]
    assert sum(together) <= sum(alone) + len(pools)
    assert all(want >= int(mean / 16) for want, (mean, _) in zip(together, pools, strict=True))


def test_each_pool_of_a_group_decides_its_own_part_of_the_same_sum() -> None:
    """Three pools with 20 slots each:
    60 in all and a margin are six replicas or fewer, not three times three.
    """
    shares = tuple(Share(expected(20.0), 0) for _ in range(3))
    policy = Policy(baseline=0, maximum=50, cold_call_price=0.03)
    wants = [
        decide(seen(warm=0, expected=expected(20.0), group=Group(shares, own)), policy).desired
        for own in range(3)
    ]
    assert sum(wants) == sum(allocate(shares, 16, 0.03))
    assert sum(wants) < 3 * allocate(shares[:1], 16, 0.03)[0]


def test_a_negative_price_is_refused() -> None:
    """Nobody is paid for cold calls."""
    with pytest.raises(PolicyError, match="price of a cold call"):
        parse_policy(baseline=0, maximum=1, target_occupancy=0.7, schedule=(), cold_call_price=-1.0)


def test_minutes_in_which_nobody_looked_are_filled_from_other_days() -> None:
    """The mean of the same time of day."""
    calls = np.repeat([2.0, np.nan, 4.0], DAY_MINUTES)
    assert filled(calls)[DAY_MINUTES : 2 * DAY_MINUTES].tolist() == [3.0] * DAY_MINUTES
