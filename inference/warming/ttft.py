"""How long callers really waited for a replica's first output, by what it counts itself between two
looks.

Its counters only grow, so a look is worth something by its difference to the one before. That one
is kept in the process that looked: another process has looks of its own, and a restart costs one.
"""

from collections import OrderedDict
from math import isfinite
from threading import Lock
from typing import Final

import msgspec

# Seconds to the first output: vLLM's, and the small speech server's for ears and for voices.
# Waiting in the replica's queue is part of each.
HISTOGRAMS: Final = (
    "vllm:time_to_first_token_seconds",
    "warmline_speech_final_text_seconds",
    "warmline_speech_first_sound_seconds",
)
# Replicas whose last look is kept; the one looked at longest ago goes first.
KEPT: Final = 4096


class Served(msgspec.Struct, frozen=True):
    """Requests that had their first output since a replica's start,
    and the seconds that they waited in all.
    """

    requests: float
    seconds: float


class Waited(msgspec.Struct, frozen=True):
    """Requests since the last look, and how long one of them waited on average."""

    requests: int
    mean_ms: float


def served_in(metrics: str) -> Served | None:
    """The totals of the histograms in a text of Prometheus' format,
    or None when it has none that can be read.
    """
    totals = {"_count": 0.0, "_sum": 0.0}
    found = False
    for line in metrics.splitlines():
        if not line.startswith(HISTOGRAMS):
            continue
        name, _, value = line.rpartition(" ")
        suffix = name.partition("{")[0]
        for ending in totals:
            if suffix.endswith(ending):
                try:
                    totals[ending] += float(value)
                except ValueError:
                    return None
                found = True
    served = Served(totals["_count"], totals["_sum"])
    return served if found and isfinite(served.requests) and isfinite(served.seconds) else None


class Looks:
    """The last look at each replica. Threads may share it."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._last: OrderedDict[str, tuple[object, Served]] = OrderedDict()
        self._lock = Lock()

    def waited(self, replica: str, served: Served, *, mark: object) -> Waited | None:
        """What callers waited since the last look, or None when that is not known or nobody came.

        Looks with another `mark` are not compared: in between, requests ran that were no caller's.
        Neither are looks before and after a restart, when the counters began anew.
        """
        with self._lock:
            before_mark, before = self._last.pop(replica, (mark, served))
            self._last[replica] = (mark, served)
            if len(self._last) > self._kept:
                self._last.popitem(last=False)
        requests, seconds = served.requests - before.requests, served.seconds - before.seconds
        if before_mark != mark or requests < 1 or seconds < 0:
            return None
        return Waited(round(requests), 1000 * seconds / requests)
