"""A Valkey of a test's own, which it may kill and start again."""

import signal
import subprocess
import time
from pathlib import Path

import redis

from warmline.embedded.stores.valkey import _binary


class Valkey:
    """A server on a Unix socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "v.sock"
        self.url = f"unix://{self.socket}?db=0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "appendonly": "yes",
        }
        options = [part for key, value in settings.items() for part in (f"--{key}", value)]
        self._process = subprocess.Popen(
            [_binary(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                self.client().ping()
            except redis.RedisError:
                assert time.monotonic() < deadline, "valkey did not start within 10 s"
                time.sleep(0.01)
            else:
                return

    def client(self) -> redis.Redis:
        """A synchronous client, as the control plane has one."""
        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        """Take it away at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def freeze(self) -> None:
        """Its connections stay and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
