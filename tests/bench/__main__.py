"""`python -m tests.bench` (`make bench`):
every figure, one after the other, each in a process of its own.
"""

import subprocess
import sys

BENCHES = (
    "agreement",
    "speech",
    "sentences",
    "voice",
    "words",
    "endpointing",
    "overlap",
    "routing",
    "isolation",
    "probes",
    "conformance",
    "webhook",
    "calls",
    "pages",
    "tenants",
    "webhook_deliveries",
    "siege",
    "router",
    "dialects",
    "media",
    "overload",
    "recording",
    "urgent",
    "priming",
    "sleep",
    "kills",
    "retrieval",
    "ingestion",
    "warming",
)
LONGEST_S = 7200


def main() -> int:
    """Run them all; 0 when each held its bound."""
    failed = []
    for name in BENCHES:
        print(f"\n== {name}: python -m tests.bench.{name}", flush=True)
        done = subprocess.run(
            (sys.executable, "-m", f"tests.bench.{name}"), timeout=LONGEST_S, check=False
        )
        if done.returncode != 0:
            failed.append(name)
    if failed:
        print(f"\nnot held: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
