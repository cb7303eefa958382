"""Everything that `make serve` starts, once for the tests of this folder."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from warmline.embedded.home import Home, open_home
from warmline.embedded.installation import running_installation
from warmline.embedded.machine import public_environment
from warmline.kernel import env

UP_S, STOPPED_S, WARM_S = 400, 60, 600
# Receivers of webhooks run beside it.
SETTINGS = {"WARMLINE_OUTBOUND_NETWORKS": "127.0.0.0/8"}


@dataclass(frozen=True, slots=True)
class WholeMachine:
    """A machine that is up: its home, and the process that started it."""

    home: Home
    serving: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where its dashboard is."""
        return running_installation(self.home.root).environment["WARMLINE_PUBLIC_URL"]

    def wait_until_said(self, words: str, *, at_most_s: float) -> None:
        """Until its terminal says so."""
        log, deadline = self.home.logs / "serve.log", time.monotonic() + at_most_s
        while words not in log.read_text(encoding="utf-8"):
            assert self.serving.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.5)

    def wait_until_it_takes_calls(self) -> None:
        """Until a region's models are warm."""
        self.wait_until_said("takes calls", at_most_s=WARM_S)


@pytest.fixture(scope="package")
def machine() -> Iterator[WholeMachine]:
    """From a home of its own, with this checkout's engine."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        home = open_home(Path(folder))
        environ = {
            **public_environment(),
            **SETTINGS,
            "WARMLINE_HOME": folder,
            "WARMLINE_ENGINE_PYTHON": os.environ["WARMLINE_ENGINE_PYTHON"],
            "WARMLINE_WEIGHTS": os.environ["WARMLINE_WEIGHTS"],
        }
        with (home.logs / "serve.log").open("wb") as log:
            command = (sys.executable, "-m", "warmline.embedded", "serve")
            serving = subprocess.Popen(
                command, cwd=env.REPOSITORY, env=environ, stdout=log, stderr=log
            )
        machine = WholeMachine(home, serving)
        try:
            machine.wait_until_said("Dashboard: ", at_most_s=UP_S)
            yield machine
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(STOPPED_S)
