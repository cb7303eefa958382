"""A supervisor with nothing to run yet: `python -m tests.inference.desk_supervisor HOME`, until SIGTERM.

A process of its own, since it becomes the parent of whatever its programs leave behind.
"""

import signal
import sys
import threading
from pathlib import Path

from warmline.embedded.home import open_home
from warmline.embedded.machine import public_environment
from warmline.embedded.supervisor import start_supervisor


def main(root: str) -> None:
    """Start it, wait for the signal, end everything below it."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    supervisor = start_supervisor(open_home(Path(root)), environ=public_environment())
    while not told.wait(0.2):
        supervisor.tend()
    supervisor.stop(stores=(), grace_s=3.0)


if __name__ == "__main__":
    main(sys.argv[1])
