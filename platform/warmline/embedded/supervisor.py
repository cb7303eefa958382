"""supervisord as our child, and what it leaves to its parent: orphans, new tries, the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from warmline.embedded.home import Home
from warmline.embedded.orphans import adopt_orphans, end_descendants, end_orphans
from warmline.embedded.programs import Program
from warmline.embedded.running import NotReady, last_words
from warmline.embedded.stopping import StopRequest
from warmline.embedded.supervisord import PAUSE_S, write_configuration
from warmline.kernel import supervision
from warmline.kernel.errors import WarmlineError
from warmline.kernel.supervision import ENDED, ProcessState, ProcessStatus

START_S = 20.0
SHUTDOWN_S = 15.0
RETRY_EVERY_S = 3.0  # what was given up is asked for so often: all processes' states cost 4 ms


class SupervisorDied(WarmlineError):
    """supervisord itself ended; what it ran is being stopped."""


class Supervisor:
    """Runs programs until `stop`; made by `start_supervisor`."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes], *, stop: StopRequest) -> None:
        self._home = home
        self._stop = stop
        self._process = process
        self._own = {process.pid}
        self._given_up_at: dict[str, float] = {}
        self._asked_at = 0.0

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
            user=program.user,
        )
        supervision.add_program(control, program.name)

    def wait_until_ready(self, program: Program) -> None:
        """Return when the program is ready; `NotReady` when it gave up or the time is up."""
        log = self._home.logs / f"{program.name}.log"
        deadline = time.monotonic() + program.ready_s
        while (missing := program.probe()) is not None:
            self.tend()
            status = self._status(program.name)
            if status is not None and status.state in {ProcessState.FATAL, ProcessState.BACKOFF}:
                raise NotReady(f"{program.name} does not start: {last_words(log)}; the log: {log}")
            if time.monotonic() >= deadline:
                raise NotReady.in_time(program, missing=missing, log=log)
            time.sleep(0.1)

    def adopt(self, process: subprocess.Popen[bytes]) -> None:
        """Leave alone a child that the caller started beside the supervised ones."""
        self._own.add(process.pid)

    def tend(self) -> None:
        """End orphans, and try again what was given up; raises `SupervisorDied`, `Stopped`."""
        self._stop.check()
        if self._process.poll() is not None:
            raise SupervisorDied(
                f"the supervisor ended (code {self._process.returncode}); stopping everything"
            )
        end_orphans(own=self._own)
        now = time.monotonic()
        if now - self._asked_at >= RETRY_EVERY_S:
            self._asked_at = now
            self._retry(now=now)

    def _retry(self, *, now: float) -> None:
        """Start again what was given up `PAUSE_S` ago."""
        for status in self.statuses():
            if status.state is not ProcessState.FATAL:
                self._given_up_at.pop(status.name, None)
            elif now - self._given_up_at.setdefault(status.name, now) >= PAUSE_S:
                self._given_up_at[status.name] = now
                with suppress(supervision.SupervisionFailed), supervision.supervisor_errors():
                    supervision.client(self._home.control).startProcess(status.name, False)

    def statuses(self) -> tuple[ProcessStatus, ...]:
        """Every supervised process; none when the supervisor is too busy or gone."""
        try:
            return supervision.processes()
        except supervision.SupervisorUnavailable:
            return ()

    def stop(self, *, stores: Iterable[str], grace_s: float = 10.0) -> None:
        """Stop what uses the stores, all at once, then the stores, then whatever is left."""
        stores = frozenset(stores)
        with suppress(supervision.SupervisionFailed, supervision.SupervisorUnavailable):
            self._stop_all(self._names() - stores, grace_s=grace_s)
            self._stop_all(self._names(), grace_s=grace_s)
        if self._process.poll() is None:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SHUTDOWN_S)
        end_descendants()
        self._process.poll()

    def _stop_all(self, names: set[str], *, grace_s: float) -> None:
        client = supervision.client(self._home.control)
        for name in names:
            with supervision.supervisor_errors(supervision.NOT_RUNNING, supervision.BAD_NAME):
                client.stopProcess(name, False)
        deadline = time.monotonic() + grace_s
        while time.monotonic() < deadline:
            if all(status.state in ENDED for status in self.statuses() if status.name in names):
                return
            end_orphans(own=self._own)
            time.sleep(0.05)
        for status in self.statuses():
            if status.name in names and status.pid is not None:
                with suppress(ProcessLookupError):
                    os.killpg(status.pid, signal.SIGKILL)

    def _names(self) -> set[str]:
        return {status.name for status in self.statuses()}

    def _status(self, name: str) -> ProcessStatus | None:
        return next((status for status in self.statuses() if status.name == name), None)


def start_supervisor(home: Home, *, environ: Mapping[str, str], stop: StopRequest) -> Supervisor:
    """Start supervisord with nothing to run yet; its children inherit `environ`.

    Raises `SupervisorDied`.
    """
    adopt_orphans()
    configuration = write_configuration(home)
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
    _wait_until_it_answers(process, home)
    return Supervisor(home, process, stop=stop)


def _wait_until_it_answers(process: subprocess.Popen[bytes], home: Home) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            supervision.processes()
        except supervision.SupervisorUnavailable as error:
            if process.poll() is not None or time.monotonic() >= deadline:
                words = last_words(home.logs / "supervisor.log")
                end_descendants()
                raise SupervisorDied(f"the supervisor did not start: {words}") from error
            time.sleep(0.05)
        else:
            return
