"""supervisord as our child, and what it leaves to its parent:
orphans, patience, and an end for everything.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

import psutil

from warmline.embedded.home import Home
from warmline.embedded.programs import Program
from warmline.embedded.running import NotReady, last_words
from warmline.embedded.stopping import StopRequest
from warmline.kernel import supervision
from warmline.kernel.errors import WarmlineError
from warmline.kernel.supervision import ENDED, ProcessState, ProcessStatus

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
START_S = 20.0
SHUTDOWN_S = 15.0
# After its last try supervisord gives a process up; it is tried again after this long, for ever.
PAUSE_S = 30.0
# `2026-11-21 01:44:36,288 WARN exited: media (terminated by SIGKILL; not expected)`
_NEWS = re.compile(r" (?:WARN|INFO) (exited|gave up|spawnerr): (.+)$")

_CONFIGURATION = """\
[unix_http_server]
file={control}/supervisor.sock
chmod=0700

[supervisord]
nodaemon=true
silent=true
logfile={logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={control}/supervisord.pid
childlogdir={logs}
{user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[include]
files={control}/*.ini
"""


class SupervisorDied(WarmlineError):
    """supervisord itself ended; what it ran is being stopped."""


class Supervisor:
    """Runs programs until `stop`; made by `start_supervisor`.

    The kernel hands every orphan below this process to it, so nothing that a program started can be
    lost.
    """

    def __init__(self, home: Home, process: subprocess.Popen[bytes], *, stop: StopRequest) -> None:
        self._home = home
        self._stop = stop
        self._process = process
        self._own = {process.pid}
        self._given_up_at: dict[str, float] = {}

    def start(self, program: Program) -> None:
        """Have a program started and kept running."""
        control = self._home.control
        supervision.write_program(
            control,
            program.name,
            argv=program.argv,
            env=program.env,
            log=self._home.logs / f"{program.name}.log",
            stop_signal=program.stop_signal,
            account=program.account,
        )
        supervision.add_program(control, program.name)

    def wait_until_ready(self, program: Program) -> None:
        """Return when the program's probe is satisfied.
        Raises `NotReady` when it gave up or the time is up.
        """
        log = self._home.logs / f"{program.name}.log"
        deadline = time.monotonic() + program.ready_s
        while (missing := program.probe()) is not None:
            self.tend()
            status = self._status(program.name)
            if status is not None and status.state in {ProcessState.FATAL, ProcessState.BACKOFF}:
                raise NotReady(f"{program.name} does not start: {last_words(log)}; the log: {log}")
            if time.monotonic() >= deadline:
                raise NotReady(
                    f"{program.name} is not ready after {program.ready_s:.0f} s ({missing}); the log: {log}"
                )
            time.sleep(0.1)

    def adopt(self, process: subprocess.Popen[bytes]) -> None:
        """Leave alone a child that the caller started beside the supervised ones."""
        self._own.add(process.pid)

    def tend(self) -> None:
        """Once in a while: end orphans, and try again what was given up.
        Raises `SupervisorDied`, `Stopped`.
        """
        self._stop.check()
        if self._process.poll() is not None:
            raise SupervisorDied(
                f"the supervisor ended (code {self._process.returncode}); stopping everything"
            )
        self._end_orphans()
        now = time.monotonic()
        for status in self.statuses():
            if status.state is not ProcessState.FATAL:
                self._given_up_at.pop(status.name, None)
            elif now - self._given_up_at.setdefault(status.name, now) >= PAUSE_S:
                self._given_up_at[status.name] = now
                with suppress(supervision.SupervisionFailed), supervision.answering():
                    supervision.client(self._home.control).startProcess(status.name, False)

    def statuses(self) -> tuple[ProcessStatus, ...]:
        """Every supervised process; none when the supervisor is too busy or gone."""
        try:
            return supervision.processes()
        except supervision.SupervisorAway:
            return ()

    def stop(self, *, stores: Iterable[str], grace_s: float = 10.0) -> None:
        """Stop everything: first what uses the stores,
        all at once, then the stores, then whatever is left.
        """
        stores = frozenset(stores)
        with suppress(supervision.SupervisionFailed, supervision.SupervisorAway):
            self._stop_all({each.name for each in self.statuses()} - stores, grace_s=grace_s)
            self._stop_all({each.name for each in self.statuses()}, grace_s=grace_s)
        if self._process.poll() is None:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SHUTDOWN_S)
        end_descendants()
        self._process.poll()

    def _stop_all(self, names: set[str], *, grace_s: float) -> None:
        client = supervision.client(self._home.control)
        for name in names:
            with supervision.answering(supervision.NOT_RUNNING, supervision.BAD_NAME):
                client.stopProcess(name, False)
        deadline = time.monotonic() + grace_s
        while time.monotonic() < deadline:
            if all(each.state in ENDED for each in self.statuses() if each.name in names):
                return
            self._end_orphans()
            time.sleep(0.05)
        for each in self.statuses():
            if each.name in names and each.pid is not None:
                with suppress(ProcessLookupError):
                    os.killpg(each.pid, signal.SIGKILL)

    def _status(self, name: str) -> ProcessStatus | None:
        return next((each for each in self.statuses() if each.name == name), None)

    def _end_orphans(self) -> None:
        for child in psutil.Process().children():
            if child.pid not in self._own:
                with suppress(psutil.NoSuchProcess):
                    child.kill()
                with suppress(ChildProcessError):
                    os.waitpid(child.pid, os.WNOHANG)


def start_supervisor(home: Home, *, environ: Mapping[str, str], stop: StopRequest) -> Supervisor:
    """Start supervisord with nothing to run yet; its children inherit `environ`.
    Raises `SupervisorDied`.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for stale in (
        *home.control.glob("*.ini"),
        *home.control.glob("*.json"),
        *home.control.glob("*.sock"),
    ):
        stale.unlink()
    configuration = home.control / "supervisord.conf"
    text = _CONFIGURATION.format(
        control=str(home.control).replace("%", "%%"),
        logs=str(home.logs).replace("%", "%%"),
        user="user=root\n" if os.geteuid() == 0 else "",
    )
    configuration.write_text(text, encoding="utf-8")
    os.environ["WARMLINE_SUPERVISOR"] = str(home.control / "supervisor.sock")
    argv = (sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration))
    command = supervision.exec_with_parent_command(
        home.control / "supervisord.spec", argv=argv, env={}
    )
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(environ),
        start_new_session=True,  # Ctrl-C and a hang-up of the terminal are ours to answer, in order
    )
    supervisor = Supervisor(home, process, stop=stop)
    deadline = time.monotonic() + START_S
    while True:
        try:
            supervision.processes()
        except supervision.SupervisorAway as away:
            if process.poll() is not None or time.monotonic() >= deadline:
                words = last_words(home.logs / "supervisor.log")
                end_descendants()
                raise SupervisorDied(f"the supervisor did not start: {words}") from away
            time.sleep(0.05)
        else:
            return supervisor


def end_descendants() -> None:
    """Kill every process below this one and wait until they are gone."""
    deadline = time.monotonic() + SHUTDOWN_S
    while (left := psutil.Process().children(recursive=True)) and time.monotonic() < deadline:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=0.5)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def news(line: str) -> str | None:
    """A line of supervisord's log as a sentence,
    when it tells of a process that died; else None.
    """
    found = _NEWS.search(line)
    if found is None:
        return None
    kind, words = found.groups()
    if kind == "exited" and "; expected" not in words:
        return f"{words.replace('; not expected', '')}: starting it again"
    if kind == "gave up":
        return f"{words.split(' ')[0]} keeps failing: trying again in {PAUSE_S:.0f} s"
    return words if kind == "spawnerr" else None
