"""Time to first token (TTFT) as callers really had it, by what a replica counts itself between two
looks.

Its counters only grow, so a look is worth something by its difference to the one before. That one
is kept in the process that looked: another process has looks of its own, and a restart costs one.
"""

from collections import OrderedDict
from math import isfinite
from threading import Lock
from typing import Final

import msgspec

# Seconds to the first output: vLLM's, and the small speech server's for STT and for TTS.
# Waiting in the replica's queue is part of each.
HISTOGRAMS: Final = (
    "vllm:time_to_first_token_seconds",
    "warmline_speech_final_text_seconds",
    "warmline_speech_first_sound_seconds",
)
# Replicas whose last look is kept; the one looked at longest ago goes first.
KEPT: Final = 4096


class TtftTotals(msgspec.Struct, frozen=True):
    """Requests that had their first output since a replica's start, and their seconds in all."""

    requests: float
    seconds: float


class MeanTtft(msgspec.Struct, frozen=True):
    """Requests since the last look, and how long one of them waited on average."""

    requests: int
    mean_ms: float


def ttft_totals_in(metrics: str) -> TtftTotals | None:
    """The histograms' totals in a Prometheus text; None when it has none that can be read."""
    sums = {"_count": 0.0, "_sum": 0.0}
    is_known = False
    for line in metrics.splitlines():
        if not line.startswith(HISTOGRAMS):
            continue
        name, _, value = line.rpartition(" ")
        suffix = name.partition("{")[0]
        for ending in sums:
            if suffix.endswith(ending):
                try:
                    sums[ending] += float(value)
                except ValueError:
                    return None
                is_known = True
    totals = TtftTotals(sums["_count"], sums["_sum"])
    is_known = is_known and isfinite(totals.requests) and isfinite(totals.seconds)
    return totals if is_known else None


class TtftWatch:
    """Remembers the last look at each replica's counters. Threads may share it."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._last: OrderedDict[str, tuple[object, TtftTotals]] = OrderedDict()
        self._lock = Lock()

    def since_last(self, replica: str, totals: TtftTotals, *, mark: object) -> MeanTtft | None:
        """The mean TTFT since the last look, or None when that is not known or nobody came.

        Looks with another `mark` are not compared: in between, requests ran that were no caller's.
        Neither are looks before and after a restart, when the counters began anew.
        """
        with self._lock:
            before_mark, before = self._last.pop(replica, (mark, totals))
            self._last[replica] = (mark, totals)
            if len(self._last) > self._kept:
                self._last.popitem(last=False)
        requests, seconds = totals.requests - before.requests, totals.seconds - before.seconds
        if before_mark != mark or requests < 1 or seconds < 0:
            return None
        return MeanTtft(round(requests), 1000 * seconds / requests)
