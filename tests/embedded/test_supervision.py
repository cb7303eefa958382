"""The supervisor on a real machine of two programs: what dies comes back, nothing is left."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from warmline.embedded.home import open_home
from warmline.kernel import env, supervision

PATIENCE_S = 40


class SmallMachine:
    """The machine's process, and what it has printed."""

    def __init__(self, home: Path, *words: str) -> None:
        self.home = home
        self.output = home.with_name("output")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "tests.embedded.small_machine", str(home), *words),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd=env.REPOSITORY,
                start_new_session=True,
            )

    def printed(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def says(self, words: str) -> str:
        """Wait until the machine has said these words (a pattern); what it printed."""
        wait_for(
            lambda: re.search(words, self.printed()) is not None or self.process.poll() is not None
        )
        assert re.search(words, self.printed()), self.printed()
        return self.printed()

    def log(self, name: str) -> str:
        path = self.home / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def has_logged(self, name: str, words: str) -> bool:
        return words in self.log(name)

    def below(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker_pids(self) -> tuple[int, int]:
        """The worker's newest pid and its child's."""
        parent, child = re.findall(r"pids (\d+) (\d+)", self.log("worker"))[-1]
        return int(parent), int(child)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE_S)
    return not alive


@contextmanager
def standing(home: Path) -> Iterator[SmallMachine]:
    """A machine that is up, with its supervisor's address where the client looks for it."""
    small = SmallMachine(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARMLINE_HOME", str(small.home))
        patch.setenv("WARMLINE_SUPERVISOR", str(open_home(small.home).control / "supervisor.sock"))
        try:
            small.says("(?m)^up$")
            yield small
        finally:
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                small.process.terminate()
                small.process.wait(PATIENCE_S)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SmallMachine]:
    """A machine of the test's own, to break."""
    with standing(tmp_path / "home") as small:
        yield small


@pytest.fixture(scope="module")
def lasting_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallMachine]:
    """One machine for the tests that leave it as it was."""
    with standing(tmp_path_factory.mktemp("lasting") / "home") as small:
        yield small


def test_a_killed_process_comes_back_and_the_person_is_told(machine: SmallMachine) -> None:
    """kill -9 on a worker: its lost child goes too,
    a new worker runs, and the terminal says what happened.
    """
    first, first_child = machine.worker_pids()
    orphan = psutil.Process(first_child)
    os.kill(first, signal.SIGKILL)

    wait_for(lambda: machine.worker_pids()[0] != first)

    assert machine.worker_pids()[0] != first
    machine.says("worker .*SIGKILL.*starting it again")
    assert gone([orphan])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_no_process(machine: SmallMachine, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a hung-up terminal end every process below,
    those with sessions of their own too.
    """
    machine.worker_pids()
    below = machine.below()
    machine.process.send_signal(number)

    assert machine.process.wait(PATIENCE_S) == 0
    assert len(below) >= 4
    assert gone(below)


def test_killing_the_whole_machine_at_once_leaves_no_process(machine: SmallMachine) -> None:
    """kill -9 on the front: the kernel tells the supervisor, which ends what it runs."""
    machine.worker_pids()
    supervised = [process for process in machine.below() if process.ppid() != 1]
    workers_child = psutil.Process(machine.worker_pids()[1])
    machine.process.kill()
    machine.process.wait()

    assert gone([process for process in supervised if process != workers_child])
    workers_child.kill()  # its session is its own, and nobody is left who could know of it


def test_killing_the_supervisor_ends_everything_with_a_sentence(machine: SmallMachine) -> None:
    """Without its supervisor nothing may go on unwatched: the front ends it all and says why."""
    machine.worker_pids()
    below = machine.below()
    supervisord = next(
        process for process in below if "supervisor.supervisord" in " ".join(process.cmdline())
    )
    supervisord.kill()

    assert machine.process.wait(PATIENCE_S) == 1
    assert "the supervisor ended" in machine.printed()
    assert gone(below)


def test_a_process_that_cannot_start_stops_the_start(tmp_path: Path) -> None:
    """Its own last words are shown, with the log's path, and what was up already is taken down."""
    machine = SmallMachine(tmp_path / "home", "broken")

    assert machine.process.wait(PATIENCE_S) == 1
    assert "worker does not start: the model file is missing" in machine.printed()
    assert str(tmp_path / "home" / "logs" / "worker.log") in machine.printed()
    assert not [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(tmp_path) in str(process.info["cmdline"])
    ]


def test_a_second_machine_on_the_same_home_is_refused(lasting_machine: SmallMachine) -> None:
    """Exit 2 and a sentence that names the first one; the first one is not disturbed."""
    second = subprocess.run(
        (sys.executable, "-m", "tests.embedded.small_machine", str(lasting_machine.home)),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        cwd=env.REPOSITORY,
        check=False,
    )

    assert second.returncode == 2
    assert f"runs here already (pid {lasting_machine.process.pid}" in second.stdout
    assert lasting_machine.process.poll() is None
    assert {status.name for status in supervision.processes()} == {"valkey", "worker"}


def test_a_process_is_started_and_stopped_by_name_at_run_time(
    lasting_machine: SmallMachine,
) -> None:
    """As the local provisioner does with replicas:
    with its own environment and log, until it is stopped.
    """
    argv = (
        sys.executable,
        "-c",
        "import os, time; print(os.environ['WHO'], flush=True); time.sleep(600)",
    )
    supervision.start_process(
        "replica-1", argv=argv, env={"WHO": "100 % 'quoted\"; words"}, log_name="replica-1"
    )
    wait_for(lambda: lasting_machine.log("replica-1") != "")
    replica = supervision.process("replica-1")
    assert replica is not None
    assert lasting_machine.log("replica-1") == "100 % 'quoted\"; words\n"
    assert replica.pid is not None

    supervision.stop_process("replica-1", grace_s=5)

    assert not psutil.pid_exists(replica.pid)
    assert supervision.process("replica-1") is None


def test_a_process_deaf_to_sigterm_is_killed_after_its_grace(lasting_machine: SmallMachine) -> None:
    """With its children in the group; the name is free again afterwards."""
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(600)"
    )
    argv = (sys.executable, "-c", deaf)
    for name in ("deaf", "deaf-again"):
        supervision.start_process("replica-2", argv=argv, env={}, log_name=name)
        wait_for(partial(lasting_machine.has_logged, name, "deaf"))
        replica = supervision.process("replica-2")
        assert replica is not None
        assert replica.pid is not None
        supervision.stop_process("replica-2", grace_s=0.2)
        assert not psutil.pid_exists(replica.pid)


def test_a_name_in_use_is_refused(lasting_machine: SmallMachine) -> None:
    """Two replicas cannot share a name; the first goes on."""
    with pytest.raises(supervision.SupervisionFailed, match=r"worker is \w+ already"):
        supervision.start_process("worker", argv=("true",), env={}, log_name="worker")
    assert lasting_machine.worker_pids()


def test_without_a_supervisor_the_client_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provisioner's caller learns that nobody answers, and what runs one."""
    monkeypatch.setenv("WARMLINE_SUPERVISOR", str(tmp_path / "supervisor.sock"))
    with pytest.raises(supervision.SupervisorUnavailable, match="make serve"):
        supervision.processes()
