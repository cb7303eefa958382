"""Processes by name: start, stop, and what each is doing."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from warmline.kernel import configuration
from warmline.kernel import env as environment
from warmline.kernel.supervision.programs import write_program
from warmline.kernel.supervision.rpc import (
    ANSWER_S,
    BAD_NAME,
    NOT_RUNNING,
    SupervisionFailed,
    client,
    supervisor_errors,
)


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


def start_process(name: str, *, argv: Sequence[str], env: Mapping[str, str], log_name: str) -> None:
    """Start a process that the supervisor keeps running until `stop_process`.

    Its output goes to logs/LOG_NAME.log. `env` is added to the supervisor's own environment, which
    carries no database credential.
    Raises `SupervisionFailed` for a name in use, `SupervisorUnavailable` without a supervisor.
    """
    control = _control_folder()
    status = process(name)
    if status is not None:
        if status.state not in ENDED:
            raise SupervisionFailed(
                f"process {name} is {status.state.lower()} already; stop it first"
            )
        _forget(name)
    log = environment.home() / "logs" / f"{log_name}.log"
    write_program(control, name, argv=argv, env=env, log=log)
    add_program(control, name)


def stop_process(name: str, *, grace_s: float) -> None:
    """Stop a process and its children, by SIGTERM and after `grace_s` by SIGKILL; forget its name.

    A name that is not there is no error: it is stopped.
    """
    status = process(name)
    if status is None:
        return
    supervisor = client(_control_folder())
    with supervisor_errors(NOT_RUNNING, BAD_NAME):
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
    """Every process that the supervisor knows."""
    with supervisor_errors():
        answered: Any = client(_control_folder()).getAllProcessInfo()
    return tuple(_status(info) for info in answered)


def process(name: str) -> ProcessStatus | None:
    """The process of that name; None when the supervisor knows none.

    A tenth of the work of asking for all: the warmer asks for each replica every five seconds.
    """
    info: Any = None
    with supervisor_errors(BAD_NAME):
        info = client(_control_folder()).getProcessInfo(name)
    return None if info is None else _status(info)


def _status(info: dict[str, Any]) -> ProcessStatus:
    """A process as supervisord describes it: its pid is 0 while there is none."""
    pid = int(info["pid"]) or None
    return ProcessStatus(
        name=str(info["name"]),
        state=ProcessState(info["statename"]),
        pid=pid,
        up_s=max(0.0, float(info["now"]) - float(info["start"])) if pid else 0.0,
    )


def add_program(control: Path, name: str) -> None:
    """Have the supervisor read a section just written, and start it."""
    supervisor = client(control)
    with supervisor_errors():
        supervisor.reloadConfig()
        supervisor.addProcessGroup(name)


def _control_folder() -> Path:
    return configuration.SUPERVISOR.value().parent


def _ended_within(name: str, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        status = process(name)
        if status is None or status.state in ENDED:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def _forget(name: str) -> None:
    control = _control_folder()
    with supervisor_errors(BAD_NAME):
        client(control).removeProcessGroup(name)
    for suffix in ("ini", "json"):
        (control / f"{name}.{suffix}").unlink(missing_ok=True)
