"""A supervisor with nothing to run yet: `python -m tests.inference.desk_supervisor HOME`, until
SIGTERM.

A process of its own, since it becomes the parent of whatever its programs leave behind.
"""

import sys
import time
from contextlib import suppress
from pathlib import Path

from warmline.embedded.home import open_home
from warmline.embedded.machine import public_environment
from warmline.embedded.stopping import Stopped, stop_requests
from warmline.embedded.supervisor import start_supervisor


def main(root: str) -> None:
    """Start it, tend it until the signal comes, end everything below it."""
    with stop_requests() as stop:
        supervisor = start_supervisor(
            open_home(Path(root)), environ=public_environment(), stop=stop
        )
        with suppress(Stopped):
            while True:
                supervisor.tend()
                time.sleep(0.2)
        supervisor.stop(stores=(), grace_s=3.0)


if __name__ == "__main__":
    main(sys.argv[1])
