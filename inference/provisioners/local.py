"""Replicas as supervised processes of this machine: vLLM to think, the speech server for speech."""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

import msgspec
import psutil

from inference.errors import ProvisionerFailed
from inference.provisioners.stages import read_log
from inference.provisioners.types import Order, ReplicaStatus, Started
from warmline.kernel import configuration, env, roles, supervision
from warmline.kernel.errors import WarmlineError
from warmline.kernel.regions import RegionCode
from warmline.kernel.roles import Role
from warmline.kernel.vllm import BLOCK_TOKENS
from warmline.kernel.weights import weights_folder

HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 28700
PORT_COUNT: Final = 290
LEFTOVER_GRACE_S: Final = 5.0
MODELS: Final = env.REPOSITORY / "inference" / "weights"
# A replica of a small model on a CPU took 2.7 GB.
LLM_NEEDS_BYTES: Final = 3_000_000_000
LOG_TAIL_BYTES: Final = 262_144
# Longer than any start: vLLM opens its socket only after it has loaded.
PROMISE_S: Final = 600.0
# vLLM closes an idle connection after 5 s, and media keep theirs for 60 s: by themselves most turns
# would connect anew.
KEEP_ALIVE_S: Final = 75

# The arguments and the added environment of a replica that shall listen on a port.
ProgramFor = Callable[[Order, int], tuple[tuple[str, ...], Mapping[str, str]]]


class ProcessHandle(msgspec.Struct, frozen=True):
    """What a process is known by: another `pid` under the name is another process.

    Its log begins at `log_from`.
    """

    name: str
    port: int
    log_from: int
    pid: int | None = None


class LocalMachine:
    """Starts replicas through this machine's supervisor.

    One think replica at a time: starts are bound by processor.
    """

    def __init__(self, *, name: str = "local", program: ProgramFor | None = None) -> None:
        self.name = name
        self._program = program or command
        self.starts_at_once: int | None = configuration.STARTS_AT_ONCE.value()

    def start(self, order: Order) -> Started:
        """Start the process; `ProvisionerFailed` says what this machine lacks."""
        name = f"{order.role}-{order.region}-{order.number}"
        log = _log(name)
        log_from = log.stat().st_size if log.exists() else 0
        port = promise_port(env.home() / "state" / "replica-ports.json", now_s=time.time())
        argv, extra = self._program(order, port)
        try:
            # No living replica has this name: whatever runs under it was left by a start that its
            # rows have lost.
            if any(process.name == name and process.pid for process in supervision.processes()):
                supervision.stop_process(name, grace_s=LEFTOVER_GRACE_S)
            supervision.start_process(name, argv=argv, env=extra, log_name=name)
            pid = next(
                (process.pid for process in supervision.processes() if process.name == name), None
            )
        except WarmlineError as error:
            raise ProvisionerFailed(f"{name}: {error}") from error
        handle = ProcessHandle(name, port, log_from, pid)
        return Started(
            base_url=f"http://{HOST}:{port}", handle=msgspec.json.encode(handle).decode()
        )

    def stop(self, handle: str, *, grace_s: float) -> None:
        """Stop the process and what it started."""
        ours = msgspec.json.decode(handle, type=ProcessHandle)
        try:
            supervision.stop_process(ours.name, grace_s=grace_s)
        except WarmlineError as error:
            raise ProvisionerFailed(f"{ours.name}: {error}") from error

    def fingerprint(self, model: str) -> str:
        """The weights, their configuration, and the engine that runs them."""
        return fingerprint_of(weights_of(model), engine_python())

    def status(self, handle: str) -> ReplicaStatus:
        """The process by its name and pid, and its start by its log."""
        ours = msgspec.json.decode(handle, type=ProcessHandle)
        try:
            process = supervision.process(ours.name)
        except WarmlineError as error:
            raise ProvisionerFailed(f"{ours.name}: {error}") from error
        progress = read_log(_log_since(ours))
        if process is None:
            return ReplicaStatus(
                running=False,
                gone=True,
                why=f"process {ours.name} is not there: its machine was stopped",
            )
        if process.pid is None or (ours.pid is not None and process.pid != ours.pid):
            died = f"process {ours.name} (pid {ours.pid}) died and is {process.state.lower()}"
            why = f"{died}: {progress.error}".rstrip(": ")
            return ReplicaStatus(running=False, stages_s=progress.stages_s, why=why)
        return ReplicaStatus(running=True, loading=progress.loading, stages_s=progress.stages_s)

    def remove_orphans(
        self, *, region: RegionCode, role: Role, model: str, handles: Sequence[str]
    ) -> None:
        """Nothing: a process that no row knows is replaced by the next one of its name."""


def command(order: Order, port: int) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The program of one replica and what it needs in its environment."""
    if order.role in {roles.STT, roles.TTS}:
        server = (sys.executable, "-m", "programs.speech_server", "--role", order.role)
        engine = ("--speak-model" if order.role == roles.TTS else "--hear-model", order.model)
        places = {"WARMLINE_HOME": str(env.home()), "WARMLINE_WEIGHTS": str(weights_folder())}
        at = ("--host", HOST, "--port", str(port), "--slots", str(order.slots))
        return (*server, *engine, *at), places
    if order.role != roles.LLM:
        raise ProvisionerFailed(f"this machine has no program for the role {order.role}")
    available = psutil.virtual_memory().available
    if available < LLM_NEEDS_BYTES:
        needs = f"{LLM_NEEDS_BYTES / 1e9:.0f} GB of memory, {available / 1e9:.1f} GB are free"
        raise ProvisionerFailed(f"a think replica in {order.region} needs {needs}")
    return llm_command(order, port)


def llm_command(order: Order, port: int) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """vLLM's OpenAI server with the project's model, in the engine's environment."""
    python, weights = engine_python(), weights_of(order.model)
    # unlike a look at the path, this answers no where a folder may not be read
    if not os.access(python, os.X_OK):
        raise ProvisionerFailed(
            f"the engine is not installed: no {python} that may be run; `make serve` installs it"
        )
    if not (weights / "config.json").exists():
        raise ProvisionerFailed(f"no model in {weights}: expected config.json and weights")
    on_gpu = os.path.exists("/dev/nvidiactl")  # noqa: PTH110  a device, not a path we keep
    argv = (str(python), *_server(on_gpu=on_gpu), *_flags(order, port, weights, on_gpu=on_gpu))
    return argv, _environment(order, on_gpu=on_gpu)


def _server(*, on_gpu: bool) -> tuple[str, ...]:
    # -P: modules beside the script must not hide the standard library's.
    return ("-m", "vllm.entrypoints.openai.api_server") if on_gpu else ("-P", _LAUNCHER)


def _flags(order: Order, port: int, weights: Path, *, on_gpu: bool) -> tuple[str, ...]:
    flags = [
        *("--model", str(weights), "--served-model-name", order.model),
        *("--host", HOST, "--port", str(port)),
        *("--max-model-len", "2048", "--max-num-seqs", str(order.slots), "--enable-prefix-caching"),
        *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
    ]
    # The CPU build refuses this flag, and answers the doors of sleep without it.
    if on_gpu and order.may_sleep:
        flags.append("--enable-sleep-mode")
    if not on_gpu:
        flags += ["--dtype", "float32", "--enforce-eager", "--block-size", str(BLOCK_TOKENS)]
    return tuple(flags)


def _environment(order: Order, *, on_gpu: bool) -> dict[str, str]:
    environment = {
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_HTTP_TIMEOUT_KEEP_ALIVE": str(KEEP_ALIVE_S),
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "PYTHONUNBUFFERED": "1",  # the stages of its start are read from its log as they come
    }
    if not on_gpu:
        # Unbound: by itself vLLM pins the worker of every replica of a machine to the first core.
        environment |= {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "1"}
    if order.may_sleep:
        environment["VLLM_SERVER_DEV_MODE"] = "1"
    return environment


def engine_python() -> Path:
    """The engine's own Python (WARMLINE_ENGINE_PYTHON)."""
    return configuration.ENGINE_PYTHON.given() or env.home() / "engine" / "bin" / "python"


def weights_of(model: str) -> Path:
    """The folder of a model's weights (WARMLINE_THINK_MODEL instead of the project's own)."""
    return Path(configuration.THINK_MODEL.value() or MODELS / model)


def fingerprint_of(weights: Path, python: Path) -> str:
    """A digest over the model's files and the engine's version; empty when there are none."""
    files = sorted(
        path for path in weights.glob("*") if path.suffix in {".json", ".safetensors", ".jinja"}
    )
    if not files:
        return ""
    engine = sorted(
        path.name for path in python.parents[1].glob("lib/python3*/site-packages/vllm*.dist-info")
    )
    digest = sha256("".join(engine).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()


_LAUNCHER: Final = str(Path(__file__).with_name("vllm_forked.py"))


def promise_port(promises: Path, *, now_s: float) -> int:
    """A loopback port that nobody listens on and that was promised to no replica in the last
    minutes.

    Two workers may start replicas at the same moment, and a process takes seconds until it listens:
    so promises are kept in a file, under a lock that lives no longer than the choice.
    """
    first = configuration.FIRST_REPLICA_PORT.value()
    ports = range(first, first + PORT_COUNT)
    promises.parent.mkdir(parents=True, exist_ok=True)
    with promises.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        raw = file.read()
        kept = msgspec.json.decode(raw, type=dict[int, float]) if raw else {}
        kept = {port: at for port, at in kept.items() if 0 <= now_s - at < PROMISE_S}
        port = next((free for free in ports if free not in kept and _is_free(free)), None)
        if port is None:
            raise ProvisionerFailed(
                f"no free port from {ports.start} to {ports.stop - 1} for a replica"
            )
        kept[port] = now_s
        file.truncate(0)
        file.write(msgspec.json.encode(kept))
    return port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _log(name: str) -> Path:
    return env.home() / "logs" / f"{name}.log"


def _log_since(handle: ProcessHandle) -> str:
    log = _log(handle.name)
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            # A log that was rotated begins anew.
            file.seek(handle.log_from if handle.log_from <= size else 0)
            return file.read(LOG_TAIL_BYTES).decode(errors="replace")
    except FileNotFoundError:
        return ""
