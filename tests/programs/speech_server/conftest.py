"""A speech server in a process of its own, as the warmer starts it."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from warmline.kernel import env

START_S = 150


@contextmanager
def running(*options: str, log: Path) -> Iterator[str]:
    """The server's address, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cache = env.REPOSITORY / ".warmline" / "speech"  # built once for all tests, as for all replicas
    argv = [
        sys.executable,
        "-m",
        "programs.speech_server",
        "--port",
        str(port),
        "--cache",
        str(cache),
        *options,
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv, stdout=output, stderr=subprocess.STDOUT, cwd=env.REPOSITORY
        )
    try:
        _await_health(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _await_health(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no health within {START_S} s: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that hears and speaks."""
    with running("--role", "both", log=tmp_path_factory.mktemp("speech") / "log") as address:
        yield address


@pytest.fixture(scope="session")
def speech_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts further servers with options of their own."""
    with ExitStack() as stack:

        def start(*options: str) -> str:
            return stack.enter_context(
                running(*options, log=tmp_path_factory.mktemp("speech") / "log")
            )

        yield start
