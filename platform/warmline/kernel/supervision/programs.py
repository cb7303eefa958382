"""How a supervised program is written down: its spec and its section of supervisord's settings."""

import json
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from warmline.kernel import env as environment
from warmline.kernel.private_files import write_private
from warmline.kernel.supervision.rpc import SupervisionFailed

EXEC_WITH_PARENT = Path(__file__).parents[1] / "exec_with_parent.py"
# A process that dies before this is counted as failing, and each further try waits a second longer.
STEADY_S = 5
TRIES = 6


@dataclass(frozen=True, slots=True)
class UnixUser:
    """The user a program runs as when the supervisor itself is root."""

    uid: int
    gid: int


def write_program(
    control: Path,
    name: str,
    *,
    argv: Sequence[str],
    env: Mapping[str, str],
    log: Path,
    cwd: Path = environment.REPOSITORY,
    stop_signal: str = "TERM",
    user: UnixUser | None = None,
) -> None:
    """Write a process's spec and its supervisord section into the control folder."""
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name):
        raise SupervisionFailed(
            f"process name {name!r}: expected 1 to 80 letters, digits, dots, dashes"
        )
    command = exec_with_parent_command(
        control / f"{name}.json", argv=argv, env=env, cwd=cwd, user=user
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
    write_private(control / f"{name}.ini", ("\n".join(lines) + "\n").encode())


def exec_with_parent_command(
    spec_path: Path,
    *,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path = environment.REPOSITORY,
    user: UnixUser | None = None,
) -> tuple[str, ...]:
    """Write the spec of a program; the command that runs it and has it die with who ran it."""
    spec = {
        "argv": list(argv),
        "env": dict(env),
        "cwd": str(cwd),
        "user": asdict(user) if user else None,
    }
    write_private(spec_path, json.dumps(spec).encode())
    return (sys.executable, "-I", "-S", str(EXEC_WITH_PARENT), str(spec_path))
