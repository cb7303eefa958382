"""Calls counted over whole days: what a call log comes to."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

DAY_S: Final = 86_400


class Trace(msgspec.Struct, frozen=True):
    """Calls counted in bins of `step_s` seconds from midnight of the first day to midnight after
    the last.

    Hours and days without rows in a log with opening hours are closed: no calls. `districts` are
    the tenants with their calls; a log without districts has one, "all". `notes` say what a reader
    of the log should know: what was left out of it, and how its times were read.
    """

    begins: datetime
    step_s: int
    calls: NDArray[np.int64]
    districts: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Whole days from the first to the last."""
        return len(self.calls) * self.step_s // DAY_S

    @property
    def ends(self) -> datetime:
        """Midnight after the last day."""
        return self.begins + timedelta(days=self.days)

    def between(self, begins: datetime, ends: datetime) -> "Trace":
        """The bins of some whole days; days outside the log are closed."""
        days = (ends - begins).days
        bins_a_day = DAY_S // self.step_s
        calls = np.zeros(days * bins_a_day, np.int64)
        first = (begins - self.begins).days * bins_a_day
        low, high = max(0, first), min(len(self.calls), first + len(calls))
        if low < high:
            calls[low - first : high - first] = self.calls[low:high]
        return msgspec.structs.replace(self, begins=begins, calls=calls)

    def followed_by(self, later: "Trace") -> "Trace":
        """Both logs on one axis from this one's first midnight.

        Days between them that nobody counted are taken as this log's last week: days without a call
        would teach a forecast that the callers had gone.
        """
        whole, late = (log.between(self.begins, later.ends).calls for log in (self, later))
        bins_a_day = DAY_S // self.step_s
        seam = (later.begins - self.begins).days * bins_a_day
        known, week = len(self.calls), 7 * bins_a_day
        if known >= week:
            between = np.arange(known, seam)
            whole[known:seam] = whole[between - ((between - known) // week + 1) * week]
        return msgspec.structs.replace(self, calls=np.concatenate([whole[:seam], late[seam:]]))
