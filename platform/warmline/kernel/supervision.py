"""Asks this machine's supervisor to start and stop processes by name, over its Unix socket.

The supervisor is supervisord (decision 0002): its XML-RPC needs the standard library only.
The socket's path is in WARMLINE_SUPERVISOR; each process has its section and its spec beside it.
"""

import http.client
import json
import os
import re
import shlex
import signal
import socket
import sys
import time
import xmlrpc.client
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from warmline.kernel import env as environment
from warmline.kernel.errors import Unavailable, WarmlineError

EXEC_WITH_PARENT = Path(__file__).with_name("exec_with_parent.py")
ANSWER_S = 10
# A process that dies before this is counted as failing, and each further try waits a second longer.
STEADY_S = 5
TRIES = 6

# supervisor/xmlrpc.py: the faults answered for here.
BAD_NAME = 10
NOT_RUNNING = 70


class SupervisionFailed(WarmlineError):
    """The supervisor refused; its own words are in the message."""


class SupervisorAway(Unavailable):
    """No supervisor answers on the socket."""


class ProcessState(StrEnum):
    """What supervisord says of a process."""

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    BACKOFF = "BACKOFF"
    STOPPING = "STOPPING"
    EXITED = "EXITED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


ENDED = frozenset({ProcessState.STOPPED, ProcessState.EXITED, ProcessState.FATAL})


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One supervised process now; `pid` is None while there is none."""

    name: str
    state: ProcessState
    pid: int | None
    up_s: float


@dataclass(frozen=True, slots=True)
class Account:
    """The user a program runs as when the supervisor itself is root."""

    uid: int
    gid: int


def start_process(name: str, *, argv: Sequence[str], env: Mapping[str, str], log_name: str) -> None:
    """Start a process that the supervisor keeps running until `stop_process`; its output goes to
    logs/LOG_NAME.log.

    `env` is added to the supervisor's own environment, which carries no database credential.
    Raises `SupervisionFailed` when the name is in use, `SupervisorAway` when no supervisor answers.
    """
    control = _control_folder()
    running = {status.name: status for status in processes()}
    if name in running and running[name].state not in ENDED:
        raise SupervisionFailed(
            f"process {name} is {running[name].state.lower()} already; stop it first"
        )
    if name in running:
        _forget(name)
    write_program(
        control, name, argv=argv, env=env, log=environment.home() / "logs" / f"{log_name}.log"
    )
    add_program(control, name)


def stop_process(name: str, *, grace_s: float) -> None:
    """Stop a process and its children, by SIGTERM and after `grace_s` by SIGKILL, and forget its
    name.

    A name that is not there is no error: it is stopped.
    """
    status = next((each for each in processes() if each.name == name), None)
    if status is None:
        return
    supervisor = client(_control_folder())
    with answering(NOT_RUNNING, BAD_NAME):
        supervisor.stopProcess(name, False)
    if not _ended_within(name, seconds=grace_s) and status.pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(status.pid, signal.SIGKILL)
        _ended_within(name, seconds=ANSWER_S)
    if status.pid is not None:
        # What the process left in its group (an engine behind an API server) goes with it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(status.pid, signal.SIGKILL)
    _forget(name)


def processes() -> tuple[ProcessStatus, ...]:
    """Every process that the supervisor knows, by name."""
    with answering():
        answered: Any = client(_control_folder()).getAllProcessInfo()
    return tuple(
        ProcessStatus(
            name=str(each["name"]),
            state=ProcessState(each["statename"]),
            pid=int(each["pid"]) or None,
            up_s=max(0.0, float(each["now"]) - float(each["start"])) if each["pid"] else 0.0,
        )
        for each in answered
    )


def write_program(
    control: Path,
    name: str,
    *,
    argv: Sequence[str],
    env: Mapping[str, str],
    log: Path,
    cwd: Path = environment.REPOSITORY,
    stop_signal: str = "TERM",
    account: Account | None = None,
) -> None:
    """Write a process's spec and its supervisord section into the control folder."""
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name):
        raise SupervisionFailed(
            f"process name {name!r}: expected 1 to 80 letters, digits, dots, dashes"
        )
    command = exec_with_parent_command(
        control / f"{name}.json", argv=argv, env=env, cwd=cwd, account=account
    )
    section = {
        "command": shlex.join(command),
        "autorestart": "true",
        "startsecs": str(STEADY_S),
        "startretries": str(TRIES),
        "stopsignal": stop_signal,
        "stopwaitsecs": "60",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": str(log),
        "stdout_logfile_maxbytes": "20MB",
        "stdout_logfile_backups": "2",
    }
    lines = [
        f"[program:{name}]",
        *(f"{key}={value.replace('%', '%%')}" for key, value in section.items()),
    ]
    _write_whole(control / f"{name}.ini", "\n".join(lines) + "\n")


def exec_with_parent_command(
    spec_path: Path,
    *,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path = environment.REPOSITORY,
    account: Account | None = None,
) -> tuple[str, ...]:
    """The command that starts a program which dies with the process that runs the command; writes
    its spec.
    """
    user = {"uid": account.uid, "gid": account.gid} if account else None
    _write_whole(
        spec_path, json.dumps({"argv": list(argv), "env": dict(env), "cwd": str(cwd), "user": user})
    )
    return (sys.executable, "-I", "-S", str(EXEC_WITH_PARENT), str(spec_path))


def add_program(control: Path, name: str) -> None:
    """Have the supervisor read a section just written, and start it."""
    supervisor = client(control)
    with answering():
        supervisor.reloadConfig()
        supervisor.addProcessGroup(name)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(self._path)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _UnixConnection(self._path)
        self._connection = host, connection
        return connection

    def request(self, *args: Any, **options: Any) -> Any:
        """One connection a request: a client is made for one or two, and nobody closes it."""
        try:
            return super().request(*args, **options)
        finally:
            self.close()


def client(control: Path) -> Any:
    """supervisord's `supervisor` namespace (its documentation:
    "XML-RPC API"); untyped as XML-RPC is.
    """
    transport = _UnixTransport(str(control / "supervisor.sock"))
    return xmlrpc.client.ServerProxy(
        "http://localhost/RPC2", transport=transport, allow_none=True
    ).supervisor


@contextmanager
def answering(*fine: int) -> Iterator[None]:
    """Turns what the supervisor answers into our errors; the fault codes given are fine."""
    try:
        yield
    except xmlrpc.client.Fault as fault:
        if fault.faultCode not in fine:
            raise SupervisionFailed(f"the supervisor refused: {fault.faultString}") from fault
    except (OSError, http.client.HTTPException) as away:
        raise SupervisorAway(f"no supervisor answers: {away}; `make serve` runs one") from away


def _control_folder() -> Path:
    return Path(environment.text("WARMLINE_SUPERVISOR")).parent


def _ended_within(name: str, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        status = next((each for each in processes() if each.name == name), None)
        if status is None or status.state in ENDED:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def _forget(name: str) -> None:
    control = _control_folder()
    with answering(BAD_NAME):
        client(control).removeProcessGroup(name)
    for suffix in ("ini", "json"):
        (control / f"{name}.{suffix}").unlink(missing_ok=True)


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)
