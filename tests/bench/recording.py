"""How far a recording lies from what was said and heard, over lines with faults:
`python -m tests.bench.recording`.

In virtual time, each network with several seeds and with the agent cut or not: the figure is the
recording's alone, whatever this machine does meanwhile.
"""

import sys
from statistics import median

from tests.telephony.media.audio.line import Line, errors_ms
from tests.telephony.media.audio.test_recording import NETWORKS, SAID

ALIGNED_MS = 30.0
SEEDS = 5
SECONDS = 20
_CLEARS: tuple[tuple[float, ...], ...] = ((), (8200.0,), (900.0, 14000.0))


def main() -> int:
    """Print the table; 0 when nothing is further off than the bound."""
    print(f"{'line':34} {'p50 ms':>7} {'worst ms':>9} {'length off by ms':>17}")
    worst_ms = 0.0
    for name, network in NETWORKS.items():
        errors: list[float] = []
        lengths: list[float] = []
        for seed in range(SEEDS):
            for clears in _CLEARS:
                line = Line(network, SAID, clears=clears, seed=seed, seconds=SECONDS)
                recording = line.run()
                errors += errors_ms(line, recording)
                lengths.append(abs(recording.seconds - SECONDS) * 1000)
        worst_ms = max(worst_ms, *errors)
        print(f"{name:34} {median(errors):7.1f} {max(errors):9.1f} {max(lengths):17.0f}")
    print(f"bound {ALIGNED_MS:.0f} ms: {'held' if worst_ms <= ALIGNED_MS else 'NOT held'}")
    return 0 if worst_ms <= ALIGNED_MS else 1


if __name__ == "__main__":
    sys.exit(main())
