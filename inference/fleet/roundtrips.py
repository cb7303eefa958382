"""Measured round trips made into what routing compares. Pure.

What calls measure reaches from the media process to the carrier's edge; the way from there to the
caller is not in it. That way is the same whichever region answers, so measured regions compare as
they are. To stand beside regions where nothing was measured, which have the distance estimate for
the whole way, each number prefix gets a caller's part: the estimate minus what was measured, in the
nearest region where that is not negative (estimates err by their length), and nothing where none
is. So a prefix that was measured in one region alone stays at its estimate there and is drawn to it
no more than before; only a measured part that is by itself longer than the estimate of the whole
lets callers try another region.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final

import msgspec

from inference.fleet.caller_places import PLACES, round_trip_ms
from inference.fleet.routing import UNKNOWN_ROUND_TRIP_MS
from inference.types import Region
from warmline.kernel.regions import RegionCode

# With eight, three calls that are wrong by any amount leave the median among the other five.
LEAST_CALLS: Final = 8
# What no way on earth is shorter or longer than; a stall or a clock that jumped is not a way.
SHORTEST_MS: Final = 0.05
LONGEST_MS: Final = 2000.0
# A figure that says the same as the map, to a millisecond, is not worth its place in a snapshot.
SAME_MS: Final = 1.0


class MeasuredRoundTrip(msgspec.Struct, frozen=True):
    """The usual round trip between a region and the carrier's edge, for one number prefix."""

    prefix: str
    region: RegionCode
    ms: float
    calls: int


def is_plausible(ms: float) -> bool:
    """Whether a round trip can have taken so long."""
    return SHORTEST_MS <= ms <= LONGEST_MS


def median_round_trips(
    calls: Iterable[tuple[str, RegionCode, float]], *, least_calls: int = LEAST_CALLS
) -> tuple[MeasuredRoundTrip, ...]:
    """The median for each prefix and region of what its calls measured.

    Pairs with too few calls are left out.
    """
    by_way: dict[tuple[str, RegionCode], list[float]] = {}
    for prefix, region, ms in calls:
        if is_plausible(ms):
            by_way.setdefault((prefix, region), []).append(ms)
    return tuple(
        MeasuredRoundTrip(prefix, region, round(median(trips_ms), 2), len(trips_ms))
        for (prefix, region), trips_ms in sorted(by_way.items())
        if len(trips_ms) >= least_calls
    )


def comparable(
    measured: Iterable[MeasuredRoundTrip], regions: Sequence[Region]
) -> dict[str, dict[RegionCode, float]]:
    """Round trips by prefix and region that stand beside distance estimates.

    What says nothing new is left out.
    """
    by_prefix: dict[str, dict[RegionCode, float]] = {}
    for trip in measured:
        by_prefix.setdefault(trip.prefix, {})[trip.region] = trip.ms
    compared = {
        prefix: _with_callers_part(_estimates(prefix, regions), trips)
        for prefix, trips in sorted(by_prefix.items())
    }
    return {prefix: trips for prefix, trips in compared.items() if trips}


def _estimates(prefix: str, regions: Sequence[Region]) -> dict[RegionCode, float]:
    place = PLACES.get(prefix)
    return {
        region.code: round_trip_ms(place, region.place) if place else UNKNOWN_ROUND_TRIP_MS
        for region in regions
    }


def _with_callers_part(
    estimates_ms: Mapping[RegionCode, float], trips_ms: Mapping[RegionCode, float]
) -> dict[RegionCode, float]:
    """The measured regions' round trips with the caller's part.

    Nothing when all are what the map says.
    """
    known = {region: ms for region, ms in trips_ms.items() if region in estimates_ms}
    if not known:
        return {}
    agreeing = [
        (estimates_ms[region], ms) for region, ms in known.items() if ms <= estimates_ms[region]
    ]
    nearest_ms, measured_ms = min(agreeing, default=(0.0, 0.0))
    callers_ms = nearest_ms - measured_ms
    whole = {region: round(callers_ms + ms, 1) for region, ms in known.items()}
    if all(abs(ms - estimates_ms[region]) < SAME_MS for region, ms in whole.items()):
        return {}
    return whole
