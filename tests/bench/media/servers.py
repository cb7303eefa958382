"""The servers under measurement, each alone on its core, and what they stand on."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import redis

from inference.types import Pool, Replica, Snapshot, encode_snapshot, pool_name
from telephony import media_link
from tests.bench.media.driver import Stream
from tests.bench.peers import PIPECAT, installed
from tests.telephony.media.plans import US_EAST, plan
from tests.telephony.media.valkey import Valkey
from warmline.embedded.ports import choose_port
from warmline.kernel import env
from warmline.kernel.agent import Limits
from warmline.kernel.ids import ReplicaId
from warmline.kernel.roles import Role

# The same end of turn on both sides: 400 ms of silence.
SILENCE_MS = 400


@dataclass(frozen=True, slots=True)
class Server:
    """One process under measurement; `streams(n)` gives n callers' streams to it."""

    name: str
    process: psutil.Process
    streams: Callable[[int], list[Stream]]


def cores() -> tuple[int, int]:
    """The core of the server under measurement,
    and the core of everything else (the same one if there is but one).
    """
    ours = sorted(os.sched_getaffinity(0))
    return ours[-1], ours[0]


def _pin(pid: int, core: int) -> None:
    for thread in psutil.Process(pid).threads():
        os.sched_setaffinity(thread.id, {core})


@contextmanager
def _running(
    command: list[str], port: int, *, core: int, environment: dict[str, str] | None = None
) -> Iterator[int]:
    process = subprocess.Popen(
        command,
        cwd=env.REPOSITORY,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[-3:]} did not start")
            time.sleep(0.2)
        _pin(process.pid, core)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _free_port() -> int:
    return choose_port("WARMLINE_BENCH_MEDIA_PORT", preferred=0, taken={0})


@contextmanager
def warmline(delays: list[str]) -> Iterator[Server]:
    """The media plane with its stubs in a process of their own, behind real sockets."""
    measured, rest = cores()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wl-")))
        valkey = Valkey(folder)
        valkey.start()
        stack.callback(valkey.kill)
        stubs, port = _free_port(), _free_port()
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.fakes.replicas",
            "--port",
            str(stubs),
            *delays,
        ]
        stack.enter_context(_running(command, stubs, core=rest))
        control = stack.enter_context(valkey.client())
        control.set("pools", encode_snapshot(_snapshot(f"http://127.0.0.1:{stubs}")))
        environment = {
            "WARMLINE_REGIONS_REDIS": json.dumps({"us-east": valkey.url}),
            "PYTHONWARNINGS": "ignore",
            # The same end of turn on both sides, so the model that shortens and lengthens it is
            # left out; it takes at most `smart_turn.MAX_SHARE` of the core.
            "WARMLINE_WEIGHTS": str(folder / "none"),
        }
        command = [
            sys.executable,
            "-m",
            "telephony.media",
            "--region",
            "us-east",
            "--port",
            str(port),
        ]
        command += ["--slots", "5000", "--drain-seconds", "1"]
        pid = stack.enter_context(_running(command, port, core=measured, environment=environment))
        _wait_for_heartbeat(control)
        url = f"ws://127.0.0.1:{port}/twilio/media"
        yield Server(
            "warmline", psutil.Process(pid), lambda n: [_call(control, url) for _ in range(n)]
        )


def _wait_for_heartbeat(control: redis.Redis) -> None:
    """Calls are given to a media process that says it is there."""
    deadline = time.monotonic() + 30
    while not media_link.media_workers(control):
        if time.monotonic() > deadline:
            raise SystemExit("the media plane's heartbeat did not come within 30 s")
        time.sleep(0.1)


def _snapshot(url: str) -> Snapshot:
    now = datetime.now(UTC)
    roles: tuple[Role, ...] = ("hear", "think", "speak")
    pools = tuple(Pool(US_EAST, role, "stub", 5000) for role in roles)
    replicas = tuple(
        Replica(
            ReplicaId(f"r-{role}"),
            pool_name(US_EAST, role, "stub"),
            US_EAST,
            role,
            "stub",
            url,
            "warm",
            5000,
            now,
        )
        for role in roles
    )
    return Snapshot(1, now, pools=pools, replicas=replicas)


def _call(control: redis.Redis, url: str) -> Stream:
    made = plan(greeting="Hello.", limits=Limits(silence_ms=SILENCE_MS, idle_seconds=60))
    media_link.put_plan(control, made)
    return Stream(url, {"call": made.call_id, "token": made.token})


@contextmanager
def pipecat(delays: list[str], *, vad: str) -> Iterator[Server]:
    """Pipecat with its stubs inside."""
    measured, _ = cores()
    port = _free_port()
    script = Path(__file__).parent / "pipecat_server.py"
    command = [
        str(installed("pipecat", PIPECAT)),
        "-W",
        "ignore",
        str(script),
        "--port",
        str(port),
        "--vad",
        vad,
        *delays,
    ]
    with _running(command, port, core=measured, environment={"OMP_NUM_THREADS": "1"}) as pid:
        url = f"ws://127.0.0.1:{port}/twilio/media"
        yield Server(f"pipecat ({vad})", psutil.Process(pid), lambda n: [Stream(url, {})] * n)
