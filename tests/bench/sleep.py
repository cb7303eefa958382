"""A wake from sleep against a cold start: `python -m tests.bench.sleep`, real vLLM, until each is
warm again.

Cold is from the start of the process, awake from the wish to wake, both until an agent's prompt and
the canary have run on it. vLLM for the CPU answers the doors of sleep and parks nothing: what a
wake saves here is the process' start; what it would cost to bring weights back to a card is not in
it. `manage.py coldstart --sleep` times the machine it runs on.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from inference.warming.prime import prime
from inference.warming.sleep import put_to_sleep, wake
from programs.frontdesk.replica import served
from tests.bench.priming import PYTHON, WEIGHTS, agent, prefix

STARTS, WAKES = 3, 3
LEAST_RATIO = 10.0


def start(number: int) -> tuple[float, list[float], list[float]]:
    """Seconds of one cold start, and of some sleeps and wakes after it."""
    asleep_s, awake_s = list[float](), list[float]()
    prefixes = (prefix(agent(number)),)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="wl-") as folder,
        served(WEIGHTS, log=Path(folder) / "vllm.log", python=str(PYTHON)) as url,
    ):
        prime("think", url, "frontdesk", prefixes=prefixes)
        cold_s = time.monotonic() - began
        for _ in range(WAKES):
            asleep_s.append(put_to_sleep(url))
            wished = time.monotonic()
            wake(url)
            prime("think", url, "frontdesk", prefixes=prefixes)
            awake_s.append(time.monotonic() - wished)
    return cold_s, asleep_s, awake_s


def main() -> int:
    """Print the table; 1 when a wake is not ten times faster."""
    # the doors of sleep; the server listens on loopback only
    os.environ["VLLM_SERVER_DEV_MODE"] = "1"
    measured = [start(number) for number in range(STARTS)]
    cold = [cold_s for cold_s, _, _ in measured]
    asleep = [each for _, found, _ in measured for each in found]
    awake = [each for _, _, found in measured for each in found]
    table = Table("until warm", "times", "median s", "worst s", title="real vLLM on the CPU")
    for kind, found in (("cold start", cold), ("to sleep", asleep), ("wake", awake)):
        table.add_row(kind, str(len(found)), f"{statistics.median(found):.3f}", f"{max(found):.3f}")
    console, ratio = Console(width=100), statistics.median(cold) / statistics.median(awake)
    console.print(table)
    console.print(f"a wake is {ratio:.0f} times faster (bound: {LEAST_RATIO:.0f})")
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
