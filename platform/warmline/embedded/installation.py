"""What a running machine leaves in its folder of state, so that commands beside it reach it."""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from warmline.kernel.errors import ConfigurationError
from warmline.kernel.private_files import write_private


class NothingRuns(ConfigurationError):
    """A command needs a running machine, and there is none."""


class Installation(msgspec.Struct, frozen=True):
    """The settings of a machine's commands, and those that only the commands named here get."""

    pid: int
    environment: dict[str, str]
    for_commands: dict[str, dict[str, str]]

    def settings(self, command: str) -> dict[str, str]:
        """What one command is given."""
        return {**self.environment, **self.for_commands.get(command, {})}


def leave_installation(
    root: Path, environment: Mapping[str, str], *, for_commands: Mapping[str, Mapping[str, str]]
) -> None:
    """Write down how this machine is reached; only its user may read it, for it holds passwords."""
    given = {command: dict(its) for command, its in for_commands.items()}
    left = Installation(os.getpid(), dict(environment), given)
    write_private(_path(root), msgspec.json.encode(left))


def forget_installation(root: Path) -> None:
    """Nothing runs here any more."""
    _path(root).unlink(missing_ok=True)


def running_installation(root: Path) -> Installation:
    """The machine that runs from this home; `NothingRuns` when there is none, or it is another
    user's.
    """
    try:
        left = msgspec.json.decode(_path(root).read_bytes(), type=Installation)
        with (root / "lock").open("rb") as lock:
            runs = _is_held(lock.fileno())
    except PermissionError as error:
        raise NothingRuns(
            f"what runs from {root} belongs to another user: run this as the one who started it"
        ) from error
    except (OSError, msgspec.MsgspecError):
        runs = False
    if not runs:
        raise NothingRuns(f"nothing runs from {root}; start it with `make serve`")
    return left


def _is_held(lock: int) -> bool:
    """Whether somebody holds the supervisor's lock; after a kill -9 only the file is left."""
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(lock, fcntl.LOCK_UN)
    return False


def _path(root: Path) -> Path:
    return root / "state" / "installation.json"
