"""Sets up a bare machine: the project's environment, the engine's, and what tests need of a system.

Run as `python3.11 -I platform/warmline/embedded/setup/prepare.py project engine weights packages`,
before any environment exists: standard library only. What is named is made side by side, since an
installer keeps one core busy at most. What is ready is left alone in milliseconds; what was
interrupted is made anew; two set-ups at once wait for one another.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

REPOSITORY = Path(__file__).resolve().parents[4]
if __name__ == "__main__":
    # An isolated Python finds nothing of ours by itself.
    sys.path.insert(0, str(REPOSITORY / "platform"))

from warmline.embedded.setup.environments import (  # noqa: E402
    Environment,
    Step,
    engine,
    home,
    project,
    tools,
    weights,
)
from warmline.embedded.setup.installers import SetUpFailed, installers_environment  # noqa: E402
from warmline.embedded.setup.progress import progress  # noqa: E402

QUIET_REPORT_S = 20

_interrupted = threading.Event()
_libc = ctypes.CDLL(None)


class SetUpInterrupted(Exception):
    """Ctrl-C, SIGTERM, a hang-up, or another part of the set-up that failed."""


def make_ready(environment: Environment) -> bool:
    """Make the environment unless it is ready; True when it had to be made.
    Raises `SetUpFailed`.
    """
    marks = home() / "setup"
    ready, making = marks / f"{environment.name}.ready", marks / f"{environment.name}.making"
    with _alone(marks, environment.name):
        if (
            _text(ready) == environment.wants
            and environment.folder.is_dir()
            and not making.exists()
        ):
            return False
        if making.exists() and environment.folder.exists():
            progress.say(f"{environment.name}: the last set-up was interrupted; making it anew")
            shutil.rmtree(environment.folder)
        if environment.brings:
            progress.say(f"{environment.name}: {environment.brings}")
        making.write_text(str(os.getpid()), encoding="utf-8")
        ready.unlink(missing_ok=True)
        for step in environment.steps:
            run_step(step, name=environment.name, folder=environment.folder)
        _write_whole(ready, environment.wants)
        making.unlink()
    return True


def run_step(step: Step, *, name: str, folder: Path) -> None:
    """Run one command, its output in a log, its progress on the terminal. Raises `SetUpFailed`."""
    log_path = home() / "logs" / f"setup-{name}.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log_path.open("ab") as log:
        log_from = log.tell()
        log.write(f"$ {' '.join(step.argv)}\n".encode())
        log.flush()
        with _running(step.argv, log) as process:
            _show_until_done(process, f"{name}: {step.doing}", folder=folder, began=began)
    if process.returncode != 0:
        if step.unless_offered and _not_offered(log_path, log_from):
            raise SetUpFailed(f"{name}: {step.unless_offered}; the log: {log_path}")
        last = _last_line(log_path)
        raise SetUpFailed(
            f"{name}: {step.doing} failed (exit {process.returncode}: {last}); the log: {log_path}"
        )
    progress.say(f"{name}: {step.doing}: done in {time.monotonic() - began:.0f} s")


@contextmanager
def _running(argv: tuple[str, ...], log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own; nothing of it outlives this block."""
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=REPOSITORY,
        env=installers_environment(os.environ, spare_cache=home() / "cache" / "uv"),
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  one system call, no lock taken
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _die_with_parent() -> None:
    """After a kill -9 of the set-up its installer must not go on writing beside the next one
    (prctl(2), PDEATHSIG).
    """
    _libc.prctl(1, signal.SIGKILL, 0, 0, 0)


def _show_until_done(
    process: subprocess.Popen[bytes], title: str, *, folder: Path, began: float
) -> None:
    """Report until the process ends. Raises `SetUpInterrupted` when asked to stop."""
    if not sys.stderr.isatty():
        progress.say(f"{title} …")
    reported, measured, megabytes = began, began, 0
    while process.poll() is None:
        if _interrupted.wait(0.2):
            raise SetUpInterrupted
        now = time.monotonic()
        if now - measured >= 2:
            megabytes, measured = _megabytes(folder), now
        line = f"{title} … {now - began:.0f} s, {megabytes} MB on disk"
        if sys.stderr.isatty():
            progress.show(title, line)
        elif now - reported >= QUIET_REPORT_S:
            reported = now
            progress.say(line)
    progress.drop(title)


@contextmanager
def _alone(marks: Path, name: str) -> Iterator[None]:
    """Hold the set-up's lock; say so when another set-up holds it."""
    try:
        marks.mkdir(parents=True, exist_ok=True)
        lock = (marks / f"{name}.lock").open("a+", encoding="utf-8")
    except OSError as refused:
        raise SetUpFailed(
            f"{home()} is not writable ({refused.strerror}); set WARMLINE_HOME to a folder that is"
        ) from refused
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say(f"{name}: another set-up is under way; waiting for it")
            _wait_for(lock)
        yield


def _wait_for(lock: IO[str]) -> None:
    while not _interrupted.wait(0.5):
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
    raise SetUpInterrupted


def _not_offered(log_path: Path, log_from: int) -> bool:
    """Whether pip reached an index that knows the package and has no such version of it."""
    said = log_path.read_bytes()[log_from:].decode(errors="replace")
    return "No matching distribution found" in said and "from versions: none" not in said


# What some tests need of the system: by its package, the programs that it may be called, where it
# lies, and what is left out without it.
PACKAGES = {
    "chromium": (
        ("chromium", "chromium-browser", "google-chrome"),
        Path("/usr/lib/chromium"),
        "tests marked `browser`",
    ),
    "pgbouncer": (
        ("pgbouncer",),
        Path("/usr/share/doc/pgbouncer"),
        "tests marked `pgbouncer`",
    ),
}
# Not every account's PATH has what daemons are found by.
PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


def packages() -> None:
    """What some tests need of the system: from its packages when root, else a loud line about what
    is left out.
    """
    missing = [name for name in PACKAGES if not _is_here(name)]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        for name in missing:
            progress.say(
                f"packages: NO {name.upper()} HERE, and installing it takes root: "
                f"{PACKAGES[name][2]} are left out"
            )
        return
    with _alone(home() / "setup", "packages"):
        for name in missing:
            for step in _steps(name):
                run_step(step, name="packages", folder=PACKAGES[name][1])


def _steps(name: str) -> Iterator[Step]:
    apt = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
    yield Step("reading the package lists", (*apt, "update"))
    yield Step(f"installing {name}", (*apt, "install", "--yes", "--no-install-recommends", name))
    if name == "pgbouncer" and Path("/run/systemd/system").is_dir():
        # The tests start one of their own; the system's would serve nobody.
        yield Step("stopping its daemon", ("systemctl", "disable", "--now", name))


def _is_here(name: str) -> bool:
    programs, _, _ = PACKAGES[name]
    return any(shutil.which(program, path=PROGRAMS) for program in programs)


def _text(path: Path) -> str | None:
    with suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8")
    return None


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _last_line(path: Path) -> str:
    lines = [
        line.strip()
        for line in path.read_text(errors="replace", encoding="utf-8").splitlines()
        if line.strip()
    ]
    return lines[-1][:200] if lines else "no output"


def _megabytes(folder: Path) -> int:
    """What the folder takes; files that come and go meanwhile are not counted."""
    total, waiting = 0, [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    return total // 1_000_000


def _make(name: str) -> None:
    if name == "packages":
        packages()
    elif name == "engine":
        make_ready(engine())
    elif name == "weights":
        make_ready(weights())
    else:
        make_ready(tools())
        make_ready(project())


def _attempt(name: str, outcomes: dict[str, str]) -> None:
    """Make one named thing; a failure is noted as a sentence and stops the others."""
    try:
        _make(name)
    except SetUpFailed as failed:
        outcomes[name] = str(failed)
        _interrupted.set()
    except SetUpInterrupted:
        outcomes.setdefault(name, "")


def _stop(_number: int, _frame: FrameType | None) -> None:
    _interrupted.set()


def main(names: list[str]) -> int:
    """Make every named thing ready, side by side; 0 when all are."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    outcomes: dict[str, str] = {}
    threads = [
        threading.Thread(target=_attempt, args=(name, outcomes), name=name) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = [sentence for sentence in outcomes.values() if sentence]
    for sentence in failures:
        progress.say(sentence)
    if outcomes and not failures:
        progress.say("set-up interrupted; the same command starts it again")
        return 130
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
