"""Warmline's own policy in the simulator: production's `decide` on the same observation."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

from inference.replay.types import RegionObservation, World
from inference.warming.forecast import Fit, Forecaster
from inference.warming.policy import Observation, Policy, decide
from inference.warming.staffing import Expected, Group, Share

# As in production: `inference.warming.record`.
PEAK_S: Final = 300
DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S
# What a cold call costs, in hours of a replica: the knob, and where it stands by default.
PRICES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
# An occupancy of 1: the forecast keeps the margin, the reactive layer only what was busy within the
# last minutes.
OCCUPANCY: Final = 1.0
UNLIMITED: Final = 100_000


class Refits:
    """Each region's fits: as known at the run's begin, and after every so many seconds of it."""

    def __init__(self, fits: tuple[tuple[Fit | None, ...], ...], *, every_s: int) -> None:
        self.fits = fits
        self.every_s = every_s

    def at(self, at_s: int) -> tuple[Fit | None, ...]:
        """The latest fits at a moment."""
        return self.fits[min(at_s // self.every_s, len(self.fits) - 1)]


class WarmlineAutoscaler:
    """`decide` for every region, with a forecast where the region's history gave a fit."""

    every_s = 10
    recalls = True
    moves = True

    def __init__(self, world: World, refits: Refits, policy: Policy, *, begins: datetime) -> None:
        midnight = datetime.combine(begins.date(), datetime.min.time()) - timedelta(
            days=begins.weekday()
        )
        self.world = world
        self.refits = refits
        self.policy = policy
        self.begins = begins.replace(tzinfo=UTC)
        self.first_s = (begins - midnight).total_seconds()
        self.names = tuple(f"region-{number}" for number in range(world.regions))
        self.peaks: list[deque[tuple[int, int]]] = [deque() for _ in range(world.regions)]
        self.fits = refits.at(0)
        self.forecasters = [
            Forecaster(fitted, start_s=world.start_s) if fitted else None for fitted in self.fits
        ]

    def desired(self, seen: list[RegionObservation]) -> list[int]:
        """What `decide` says; where regions lend, each knows what is expected of the others."""
        at_s = seen[0].at_s
        self._refit(at_s)
        expected = [self._expect(region, view) for region, view in enumerate(seen)]
        known = [expectation for expectation in expected if expectation is not None]
        shares: tuple[Share, ...] = ()
        if self.world.lend and len(known) == len(expected):
            haves = (view.warm + view.in_transit for view in seen)
            shares = tuple(Share(own, have) for own, have in zip(known, haves, strict=True))
        at = self.begins + timedelta(seconds=at_s)
        return [
            decide(self._observe(region, view, expected[region], shares, at), self.policy).desired
            for region, view in enumerate(seen)
        ]

    def _refit(self, at_s: int) -> None:
        fits = self.refits.at(at_s)
        if fits is self.fits:
            return
        self.fits = fits
        for region, fitted in enumerate(fits):
            before = self.forecasters[region]
            if fitted is None:
                continue
            after = Forecaster(fitted, start_s=self.world.start_s)
            if before is not None:
                after.came, after.due = before.came, before.due
            self.forecasters[region] = after

    def _expect(self, region: int, seen: RegionObservation) -> Expected | None:
        forecaster = self.forecasters[region]
        if forecaster is None:
            return None
        week_s = (self.first_s + seen.at_s) % WEEK_S
        if seen.at_s:
            forecaster.saw(seen.arrived, seconds=self.every_s, week_s=week_s)
        return forecaster.expect(seen.held + seen.waiting, week_s=week_s)

    def _observe(
        self,
        region: int,
        seen: RegionObservation,
        expected: Expected | None,
        shares: tuple[Share, ...],
        at: datetime,
    ) -> Observation:
        return Observation(
            pool=self.names[region],
            at=at,
            warm=seen.warm,
            in_transit=seen.in_transit,
            draining=seen.draining,
            slots=self.world.slots,
            held=seen.held,
            held_peak=self._peak(region, seen),
            start_s=self.world.start_s,
            expected=expected,
            group=Group(shares, region) if shares else None,
        )

    def _peak(self, region: int, seen: RegionObservation) -> int:
        """The most slots held at once over the last minutes."""
        peaks = self.peaks[region]
        while peaks and peaks[-1][1] <= seen.held:
            peaks.pop()
        peaks.append((seen.at_s, seen.held))
        while peaks[0][0] < seen.at_s - PEAK_S:
            peaks.popleft()
        return peaks[0][1]


def priced(price: float) -> Policy:
    """The simulator's policy at a price of a cold call, in replica-hours: nothing always on."""
    return Policy(baseline=0, maximum=UNLIMITED, target_occupancy=OCCUPANCY, cold_call_price=price)
