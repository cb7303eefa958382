"""The one folder of run-time state, and the short folder its sockets live in."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warmline.kernel import env
from warmline.kernel.errors import ConfigurationError

# sun_path of a Unix socket holds 107 bytes; the longest name below the run folder takes 24 of them.
LONGEST_RUN_FOLDER = 80


class HomeUnusable(ConfigurationError):
    """The folder of state cannot be used, with the reason and what to do."""


class AlreadyRunning(ConfigurationError):
    """Another supervisor holds this home."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths: `root` is kept from run to run, `run` only while something runs."""

    root: Path
    run: Path

    @property
    def state(self) -> Path:
        """What must survive: databases, recordings, secrets."""
        return self.root / "state"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.root / "logs"

    @property
    def control(self) -> Path:
        """The supervisor's socket, sections and specs; they hold credentials."""
        return self.run / "control"


def open_home(root: Path | None = None) -> Home:
    """Make the folders of a home (by default the configured one). Raises `HomeUnusable`."""
    root = (root or env.home()).absolute()
    home = Home(root=root, run=_run_folder(root))
    try:
        for folder in (home.root, home.state, home.logs, home.state / "recordings"):
            folder.mkdir(parents=True, exist_ok=True)
        # What callers said is in both: vectors, queues, recordings, and what processes tell.
        for folder in (home.state, home.logs):
            folder.chmod(0o700)
        # The folder's mode says little to root or on a read-only disk: write a file.
        with tempfile.TemporaryFile(dir=home.state):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise HomeUnusable(
            f"{root} cannot be written ({reason}); "
            f"set WARMLINE_HOME to a folder where user {os.geteuid()} may write"
        ) from error
    # 0711: as root, Postgres runs as another user and must reach its own socket folder below.
    _own_folder(home.run, mode=0o711)
    _own_folder(home.control, mode=0o700)
    return home


@contextmanager
def exclusive(home: Home) -> Iterator[None]:
    """Be the only supervisor of this home. Raises `AlreadyRunning`, naming the other one."""
    with (home.root / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunning(
                f"Warmline runs here already (pid {holder}, home {home.root}); "
                "stop it with Ctrl-C or `kill`, or set WARMLINE_HOME to run a second one"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def _run_folder(root: Path) -> Path:
    name = f"warmline-{os.geteuid()}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:10]}"
    offered = os.environ.get("XDG_RUNTIME_DIR", "")
    if offered and len(offered) + len(name) < LONGEST_RUN_FOLDER and _is_ours(Path(offered)):
        return Path(offered) / name
    return Path("/tmp") / name  # noqa: S108  short; made with mode and owner checked


def _is_ours(folder: Path) -> bool:
    try:
        return folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK)
    except OSError:
        return False


def _own_folder(folder: Path, *, mode: int) -> None:
    """A folder of ours that nobody else made or may write."""
    folder.mkdir(mode=mode, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or status.st_uid != os.geteuid():
        raise HomeUnusable(
            f"{folder} exists and is not a folder of user {os.geteuid()}; remove it and start again"
        )
    folder.chmod(mode)
