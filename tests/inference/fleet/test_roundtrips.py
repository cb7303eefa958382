"""What calls measured, made into what routing compares."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.fleet.caller_places import PLACES, round_trip_ms
from inference.fleet.roundtrips import (
    LEAST_CALLS,
    MeasuredRoundTrip,
    comparable,
    median_round_trips,
)
from inference.fleet.routing import UNKNOWN_ROUND_TRIP_MS
from inference.types import Place, Region
from warmline.kernel.regions import RegionCode

US, EU, UK = RegionCode("us-east"), RegionCode("eu-west"), RegionCode("uk-south")
REGIONS: Final = (
    Region(US, Place("Virginia", 38.9, -77.4), "us"),
    Region(EU, Place("Dublin", 53.3, -6.3), "eu"),
    Region(UK, Place("London", 51.5, -0.1), "uk"),
)
NEW_YORK, LONDON = "1212", "44"


def estimate(prefix: str, region: RegionCode) -> float:
    """By distance alone."""
    return round_trip_ms(
        PLACES[prefix], next(known.place for known in REGIONS if known.code == region)
    )


def trips(prefix: str, **ms: float) -> dict[RegionCode, float]:
    """What the snapshot says of a prefix once these were measured."""
    regions = {"us": US, "eu": EU, "uk": UK}
    trips_ms = comparable(
        [MeasuredRoundTrip(prefix, regions[code], trip_ms, 20) for code, trip_ms in ms.items()],
        REGIONS,
    )
    return trips_ms.get(prefix, {})


def test_a_few_calls_say_nothing() -> None:
    """From the eighth on their median counts."""
    calls = [(NEW_YORK, US, 3.0)] * (LEAST_CALLS - 1)
    assert median_round_trips(calls) == ()
    assert median_round_trips([*calls, (NEW_YORK, US, 3.0)]) == (
        MeasuredRoundTrip(NEW_YORK, US, 3.0, LEAST_CALLS),
    )


@given(wrong=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=9))
def test_a_minority_that_lies_does_not_move_it(wrong: list[float]) -> None:
    """Stalls, clocks that jumped, nonsense: the figure stays among those of the honest ten."""
    honest = [20.0 + n / 10 for n in range(10)]
    [measured] = median_round_trips((NEW_YORK, US, ms) for ms in (*wrong, *honest))
    assert 20.0 <= measured.ms <= 20.9


@pytest.mark.parametrize("impossible", [0.0, -5.0, 2000.1, float("nan"), float("inf")])
def test_what_no_way_can_take_is_not_counted(impossible: float) -> None:
    """However many say it."""
    assert median_round_trips([(NEW_YORK, US, impossible)] * 100) == ()


def test_a_region_measured_alone_draws_nobody_from_those_never_measured() -> None:
    """The carrier's edge is next door, the caller is not: the estimate of the whole way stands."""
    assert trips(NEW_YORK, us=0.8) == {}
    assert trips(LONDON, us=0.8) == {}


def test_measured_regions_differ_by_what_was_measured() -> None:
    """And the nearest one keeps its estimate, to stand beside those never measured."""
    trips_ms = trips(NEW_YORK, us=2.0, eu=130.0)
    assert trips_ms[EU] - trips_ms[US] == pytest.approx(128.0, abs=0.2)
    assert trips_ms[US] == pytest.approx(estimate(NEW_YORK, US), abs=0.1)


def test_a_far_regions_wrong_estimate_does_not_touch_the_near_one() -> None:
    """The cable is straighter than the map's rule."""
    trips_ms = trips(LONDON, uk=3.0, us=70.0)
    assert trips_ms[UK] == pytest.approx(estimate(LONDON, UK), abs=0.1)
    assert trips_ms[US] == pytest.approx(estimate(LONDON, UK) + 67.0, abs=0.2)


def test_callers_whose_audio_the_carrier_takes_abroad_are_answered_there() -> None:
    """A Londoner's call enters in Virginia: from Dublin it would cross the ocean twice."""
    trips_ms = trips(LONDON, us=2.0, eu=80.0)
    assert trips_ms[US] == pytest.approx(estimate(LONDON, US), abs=0.1)
    assert trips_ms[EU] == pytest.approx(trips_ms[US] + 78.0, abs=0.2)


def test_a_part_longer_than_the_estimate_of_the_whole_corrects_it() -> None:
    """The near region's way to the carrier is bad, so another one is tried."""
    assert trips(LONDON, uk=95.0) == {UK: 95.0}


def test_callers_of_no_known_place_are_compared_too() -> None:
    """Their estimate is the same everywhere."""
    trips_ms = trips("", us=2.0, eu=82.0)
    assert trips_ms == {US: UNKNOWN_ROUND_TRIP_MS, EU: UNKNOWN_ROUND_TRIP_MS + 80.0}


def test_a_region_that_is_gone_is_left_out() -> None:
    """Its calls are still remembered."""
    assert comparable([MeasuredRoundTrip(LONDON, RegionCode("mars"), 5.0, 20)], REGIONS) == {}


@given(
    prefix=st.sampled_from([NEW_YORK, LONDON, "", "81", "61"]),
    ms=st.dictionaries(st.sampled_from(["us", "eu", "uk"]), st.floats(0.05, 2000), min_size=1),
)
def test_whatever_was_measured_its_differences_stay_and_no_way_is_shorter_than_its_part(
    prefix: str, ms: dict[str, float]
) -> None:
    """To the rounding."""
    trips_ms = trips(prefix, **ms)
    regions = {"us": US, "eu": EU, "uk": UK}
    if not trips_ms:
        return
    parts = {trips_ms[regions[code]] - trip_ms for code, trip_ms in ms.items()}
    assert max(parts) - min(parts) <= 0.11
    assert min(parts) >= -0.051
