"""A vLLM server of the model for the length of a `with` block, on a loopback port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

START_DEADLINE_S = 600.0
# A cached prefix ends with its last whole block. In blocks of 128, which vLLM takes on a CPU, up to
# 127 tokens of a known prompt are read again: the first token came after 49 ms, in blocks of 64
# after 33, of 32, the least, after 22.
BLOCK_TOKENS = 32
FLAGS = (
    "--served-model-name",
    "frontdesk",
    "--dtype",
    "float32",
    "--max-model-len",
    "2048",
    "--enforce-eager",
    "--enable-prefix-caching",
    "--block-size",
    str(BLOCK_TOKENS),
    "--enable-auto-tool-choice",
    "--tool-call-parser",
    "hermes",
    "--host",
    "127.0.0.1",
)
# Past the proxy that this machine may have for the world outside.
_loopback = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SETTINGS = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextlib.contextmanager
def served(model: Path, *, log: Path, python: str = sys.executable) -> Iterator[str]:
    """The server's address once it answers; RuntimeError when it does not within ten minutes.
    Stopped at the end.
    """
    port = free_port()
    process = launched(model, port=port, log=log, python=python)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(url, process=process, log=log)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def launched(model: Path, *, port: int, log: Path, python: str) -> subprocess.Popen[bytes]:
    """The server's process, leader of its own group; it does not answer yet."""
    command = [
        python,
        "-m",
        "vllm.entrypoints.openai.api_server",
        "--model",
        str(model),
        "--port",
        str(port),
        *FLAGS,
    ]
    with log.open("wb") as out:
        settings = {**os.environ, **SETTINGS}
        return subprocess.Popen(  # noqa: S603  our own argument list
            command, env=settings, stdout=out, stderr=out, start_new_session=True
        )


def wait_until_healthy(url: str, *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers its health check."""
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(
                f"vLLM ended with {process.returncode} before it answered; see {log}"
            )
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            _loopback.open(f"{url}/health", timeout=2),
        ):
            return
        time.sleep(0.5)
    raise RuntimeError(f"vLLM did not answer within {START_DEADLINE_S:.0f} s; see {log}")
