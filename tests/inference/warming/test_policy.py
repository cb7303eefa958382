"""How many replicas, and why: each layer,
the clock on the wall, and policies that contradict themselves.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import PolicyError
from inference.warming.policy import Observation, Policy, Window, decide, is_open, parse_policy

# 2026-11-21 is a Saturday.
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)


def seen(**changes: Any) -> Observation:
    """A pool with one warm replica of 16 slots and no calls,
    at noon on a Friday, that starts in a minute.
    """
    plain = Observation(
        "p", NOON, warm=1, in_transit=0, draining=0, slots=16, held=0, held_peak=0, start_s=60.0
    )
    return msgspec.structs.replace(plain, **changes)


def window(
    begins: str,
    ends: str,
    *,
    replicas: int = 3,
    days: tuple[int, ...] = ALL_DAYS,
    zone: str = "UTC",
) -> Window:
    return Window(days, begins, ends, zone, replicas)


def test_the_baseline_holds_when_nothing_else_wants_more() -> None:
    """And says so."""
    decision = decide(seen(), Policy(baseline=2, maximum=5))
    assert (decision.desired, decision.because) == (2, "baseline 2")


def test_the_largest_class_of_the_companies_served_raises_the_baseline() -> None:
    """Within the maximum; a class below the pool's own baseline changes nothing."""
    decision = decide(seen(), Policy(baseline=1, maximum=5, class_replicas=2))
    assert (decision.desired, decision.because) == (
        2,
        "baseline 2, the class of a company that is served here",
    )
    assert decide(seen(), Policy(baseline=2, maximum=5, class_replicas=1)).because == "baseline 2"
    assert decide(seen(), Policy(baseline=0, maximum=1, class_replicas=2)).desired == 1


def test_an_open_window_wants_its_replicas_and_names_itself() -> None:
    """By the clock of its own time zone."""
    policy = Policy(
        baseline=1, maximum=5, schedule=(window("07:00", "17:00", zone="America/New_York"),)
    )
    decision = decide(seen(), policy)
    assert (decision.desired, decision.because) == (3, "open 07:00 to 17:00 America/New_York")


def test_a_window_that_opens_sooner_than_a_start_takes_wants_them_now() -> None:
    """So that they are warm when it opens."""
    policy = Policy(baseline=1, maximum=5, schedule=(window("12:05", "17:00"),))
    assert decide(seen(start_s=60), policy).desired == 1
    assert decide(seen(start_s=300), policy).desired == 3


@given(st.integers(60, 4000), st.integers(0, 4000))
def test_no_window_within_the_lead_is_missed(start_s: int, ahead_s: int) -> None:
    """Whatever the start takes and wherever in the lead the window opens."""
    opens = datetime.fromtimestamp(NOON.timestamp() + min(ahead_s, start_s), UTC)
    begins = opens.strftime("%H:%M")
    policy = Policy(baseline=0, maximum=5, schedule=(window(begins, "23:00"),))
    assert decide(seen(start_s=float(start_s)), policy).desired == 3


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    """Friday's late shift is open on Saturday at two, and Saturday has none of its own."""
    late = window("22:00", "04:00", days=(4,))
    assert is_open(late, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    assert is_open(late, datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    assert not is_open(late, datetime(2026, 11, 21, 23, 0, tzinfo=UTC))
    assert not is_open(late, datetime(2026, 11, 20, 2, 0, tzinfo=UTC))


def test_daylight_saving_moves_the_window_with_the_wall_clock() -> None:
    """Nine in the morning in New York is 13:00 in UTC in July and 14:00 in December."""
    office = window("09:00", "10:00", zone="America/New_York")
    assert is_open(office, datetime(2026, 7, 1, 13, 30, tzinfo=UTC))
    assert not is_open(office, datetime(2026, 12, 1, 13, 30, tzinfo=UTC))
    assert is_open(office, datetime(2026, 12, 1, 14, 30, tzinfo=UTC))


def test_a_window_does_not_begin_on_a_holiday() -> None:
    """The local date counts."""
    closed = msgspec.structs.replace(window("00:00", "23:59"), holidays=("2026-11-20",))
    assert not is_open(closed, NOON)
    assert is_open(closed, datetime(2026, 11, 21, 12, 0, tzinfo=UTC))


def test_a_campaigns_window_opens_on_its_dates_only() -> None:
    """Both of them included, by the local date:
    on 30 November at 23:30 in UTC it is the first of December in Rome.
    """
    campaign = msgspec.structs.replace(
        window("00:00", "23:59", zone="Europe/Rome"),
        from_date="2026-12-01",
        until_date="2026-12-24",
    )
    assert not is_open(campaign, datetime(2026, 11, 30, 22, 30, tzinfo=UTC))
    assert is_open(campaign, datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert is_open(campaign, datetime(2026, 12, 24, 22, 30, tzinfo=UTC))
    assert not is_open(campaign, datetime(2026, 12, 24, 23, 30, tzinfo=UTC))


def test_a_campaign_with_one_date_has_no_other_bound() -> None:
    """From a day on, or until a day."""
    assert is_open(msgspec.structs.replace(window("00:00", "23:59"), from_date="2026-11-20"), NOON)
    assert not is_open(
        msgspec.structs.replace(window("00:00", "23:59"), from_date="2026-11-21"), NOON
    )
    assert is_open(msgspec.structs.replace(window("00:00", "23:59"), until_date="2026-11-20"), NOON)
    assert not is_open(
        msgspec.structs.replace(window("00:00", "23:59"), until_date="2026-11-19"), NOON
    )


def test_a_campaigns_last_night_ends_on_the_morning_after_its_last_date() -> None:
    """And the morning of its first date belongs to the night before, which it does not have."""
    nights = msgspec.structs.replace(
        window("22:00", "04:00"), from_date="2026-11-20", until_date="2026-11-21"
    )
    assert not is_open(nights, datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    assert is_open(nights, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    assert is_open(nights, datetime(2026, 11, 22, 3, 59, tzinfo=UTC))
    assert not is_open(nights, datetime(2026, 11, 22, 23, 0, tzinfo=UTC))


def test_a_campaigns_first_morning_finds_its_replicas_warm() -> None:
    """They are started on the evening before, one start ahead, and the reason names its dates."""
    first = msgspec.structs.replace(
        window("00:00", "18:00"), from_date="2026-11-21", until_date="2026-11-21"
    )
    policy = Policy(baseline=1, maximum=5, schedule=(first,))
    assert (
        decide(seen(at=datetime(2026, 11, 19, 23, 58, tzinfo=UTC), start_s=300), policy).desired
        == 1
    )
    evening = decide(seen(at=datetime(2026, 11, 20, 23, 58, tzinfo=UTC), start_s=300), policy)
    assert evening.desired == 3
    assert (
        evening.because
        == "opens at 00:00 UTC from 2026-11-21 until 2026-11-21, a start takes 300 s"
    )
    assert (
        decide(seen(at=datetime(2026, 11, 21, 23, 58, tzinfo=UTC), start_s=300), policy).desired
        == 1
    )


@pytest.mark.parametrize(("peak", "want"), [(0, 1), (11, 1), (12, 2), (23, 3), (60, 4)])
def test_calls_fill_no_more_than_the_target_share_of_slots(peak: int, want: int) -> None:
    """11 of 16 slots are 69 %; the maximum is never passed."""
    decision = decide(seen(held=peak, held_peak=peak), Policy(baseline=1, maximum=4))
    assert decision.desired == want
    if peak == 60:
        assert decision.because.endswith("at most 4")


def test_slots_that_fill_fast_want_what_they_will_fill_when_a_start_is_over() -> None:
    """Four more in a minute are eight more in two:
    18 of the 22.4 that two replicas are for, and 10 of one's 11.2.
    """
    grows = seen(held=10, held_peak=10, held_before=6, held_before_s=60.0, start_s=120.0)
    decision = decide(grows, Policy(baseline=1, maximum=9))
    assert decision.desired == 2
    assert decision.because == "10 of 16 slots held, 10 at the peak, 4 more in 60 s: 18 in 120 s"
    assert (
        decide(
            msgspec.structs.replace(grows, held_before=10), Policy(baseline=1, maximum=9)
        ).desired
        == 1
    )


def test_growth_is_believed_up_to_twice_what_is_held() -> None:
    """However steep it was and however long a start takes."""
    burst = seen(held=20, held_peak=20, held_before=0, held_before_s=30.0, start_s=600.0)
    assert decide(burst, Policy(baseline=1, maximum=99)).desired == 4  # 40 slots, 11.2 a replica


@given(st.integers(0, 64), st.integers(0, 64), st.integers(-1, 64), st.floats(0.0, 180.0))
def test_growth_only_ever_adds_and_never_more_than_doubles(
    held: int, more: int, before: int, before_s: float
) -> None:
    """Shrinking, standing still, and a past that is not known leave the peak to decide."""
    plain = seen(held=held, held_peak=held + more)
    policy = Policy(baseline=0, maximum=99)
    without = decide(plain, policy)
    grows = decide(
        msgspec.structs.replace(plain, held_before=before, held_before_s=before_s), policy
    )
    assert (
        without.desired
        <= grows.desired
        <= max(without.desired, decide(seen(held_peak=2 * held), policy).desired)
    )
    if before < 0 or before >= held or before_s == 0:
        assert grows == without


@given(st.integers(0, 200), st.integers(0, 5), st.integers(0, 6))
def test_the_want_is_the_largest_wish_within_the_maximum(
    peak: int, baseline: int, more: int
) -> None:
    """No layer is overruled downwards, and the reasons are the winner's."""
    decision = decide(seen(held_peak=peak), Policy(baseline=baseline, maximum=baseline + more))
    largest = max(wish.desired for wish in decision.wishes)
    assert decision.desired == min(largest, baseline + more)
    assert any(
        decision.because.startswith(wish.because)
        for wish in decision.wishes
        if wish.desired == largest
    )


def a_window(**changes: Any) -> dict[str, Any]:
    """As an operator writes it: Mondays from nine to five, and what a test changes of it."""
    plain = {"days": [0], "begins": "09:00", "ends": "17:00", "time_zone": "UTC", "replicas": 1}
    return {"schedule": [{**plain, **changes}]}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"baseline": 3, "maximum": 2}, "expected 0 <= baseline <= maximum"),
        ({"baseline": -1}, "baseline -1"),
        ({"target_occupancy": 0.0}, "target occupancy"),
        (
            {
                "schedule": [
                    {
                        "days": [0],
                        "begins": "09:00",
                        "ends": "17:00",
                        "time_zone": "Mars/Olympus",
                        "replicas": 1,
                    }
                ]
            },
            "there is no time zone 'Mars/Olympus'",
        ),
        (
            {
                "schedule": [
                    {
                        "days": [0],
                        "begins": "nine",
                        "ends": "17:00",
                        "time_zone": "UTC",
                        "replicas": 1,
                    }
                ]
            },
            "'nine' is no time of day",
        ),
        (
            {
                "schedule": [
                    {
                        "days": [7],
                        "begins": "09:00",
                        "ends": "17:00",
                        "time_zone": "UTC",
                        "replicas": 1,
                    }
                ]
            },
            "days [7]",
        ),
        (
            {
                "schedule": [
                    {
                        "days": [0],
                        "begins": "09:00",
                        "ends": "17:00",
                        "time_zone": "UTC",
                        "replicas": 9,
                    }
                ]
            },
            "9 replicas",
        ),
        (a_window(begins="08:30+02:00"), "'08:30+02:00': expected a local time such as 08:30"),
        (a_window(ends="17:00Z"), "'17:00Z': expected a local time such as 08:30"),
        (
            a_window(holidays=["2026-12-25", "2026-13-45"]),
            "'2026-13-45' is no date: expected one such as 2026-12-24",
        ),
        (a_window(holidays=["20261225"]), "'20261225' is no date"),
        (a_window(holidays=["2026-W52-5"]), "'2026-W52-5' is no date"),
        (a_window(from_date="1 December"), "'1 December' is no date"),
        (a_window(until_date="2026-02-29"), "'2026-02-29' is no date"),
        (
            a_window(from_date="2026-12-24", until_date="2026-12-01"),
            "expected from_date to be no later",
        ),
        (
            a_window(from_date="2026-12-01", until_date="2026-12-05"),
            "expected one of its days there",
        ),
        (
            a_window(from_date="2026-12-07", until_date="2026-12-07", holidays=["2026-12-07"]),
            "that is no holiday",
        ),
        ({"schedule": [{"days": [0], "begin": "09:00"}]}, "begin"),
        ({"schedule": ["always"]}, "Expected `object`"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_with_the_reason(
    columns: dict[str, Any], reason: str
) -> None:
    """Before anything is started or stopped by it."""
    plain: dict[str, Any] = {"baseline": 1, "maximum": 2, "target_occupancy": 0.7, "schedule": []}
    with pytest.raises(PolicyError) as raised:
        parse_policy(**{**plain, **columns})
    assert reason in str(raised.value)
