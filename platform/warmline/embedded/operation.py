"""Brings one machine up, keeps it up until told to stop, and takes it down in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from types import FrameType

import msgspec

from warmline.embedded import postgres
from warmline.embedded.home import Home
from warmline.embedded.machine import PYTHON, Machine, Preparation, public_environment
from warmline.embedded.running import last_words
from warmline.embedded.supervisor import Supervisor, news, start_supervisor
from warmline.embedded.terminal import LogFollower, Terminal
from warmline.kernel.errors import ConfigurationError, WarmlineError
from warmline.kernel.supervision import leashed

COMMAND_S = 180
ENVIRONMENT = "environment"
TICK_S = 0.2
TEND_EVERY_S = 0.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The person or the system asked us to end; not an error, and no `except Exception` may swallow it."""


class NothingRuns(ConfigurationError):
    """A command needs a running machine, and there is none."""


class CommandFailed(WarmlineError):
    """A management command of the start failed; its last words are in the message."""


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or hang-up raises `Stopped`; further ones are ignored while things end in order."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def up(machine: Machine, *, terminal: Terminal) -> Iterator[Supervisor]:
    """Everything running and ready for the block, and nothing left after it, whatever happens inside."""
    supervisor = start_supervisor(machine.home, environ=public_environment())
    try:
        _leave_environment(machine)
        _start(machine, supervisor, terminal)
        yield supervisor
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        with terminal.stage("stopping every process"):
            supervisor.stop(stores=[program.name for program in machine.stores])
            (machine.home.control / ENVIRONMENT).unlink(missing_ok=True)


def attend(
    supervisor: Supervisor, *, home: Home, terminal: Terminal, until: Callable[[], bool], echo_logs: bool
) -> None:
    """Tend the processes and show their logs until the condition holds: deaths always, other lines if asked."""
    follower = LogFollower(home.logs)
    tended = 0.0
    while not until():
        if time.monotonic() - tended >= TEND_EVERY_S:
            tended = time.monotonic()
            supervisor.tend()
        for name, line in follower.new_lines():
            if name == "supervisor":
                if told := news(line):
                    terminal.named_line(name, told)
            elif echo_logs:
                terminal.named_line(name, line)
        time.sleep(TICK_S)


def run_child(
    argv: Sequence[str], *, home: Home, name: str, environ: Mapping[str, str], own_output: bool
) -> subprocess.Popen[bytes]:
    """A child of our own beside the supervised ones, dying with us; its output ours, or logs/NAME.log."""
    command = leashed(home.control / f"{name}.spec", argv=argv, env=environ)
    if own_output:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=public_environment())
    with (home.logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=public_environment(),
            start_new_session=True,
        )


def manage(home: Home, preparation: Preparation) -> None:
    """Run one management command to its end. Raises `CommandFailed`."""
    argv = (PYTHON, "manage.py", *preparation.words)
    command = run_child(argv, home=home, name="manage", environ=preparation.env, own_output=False)
    try:
        code = command.wait(COMMAND_S)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
            command.wait()
    if code != 0:
        log = home.logs / "manage.log"
        how = f"exit {code}" if code is not None else f"no end after {COMMAND_S} s"
        raise CommandFailed(f"manage.py {preparation.words[0]} failed ({how}): {last_words(log)}; the log: {log}")


def environment_left_by(home: Home) -> dict[str, str]:
    """What `manage.py` needs to reach the machine that runs from this home. Raises `NothingRuns`."""
    try:
        return msgspec.json.decode((home.control / ENVIRONMENT).read_bytes(), type=dict[str, str])
    except OSError as absent:
        raise NothingRuns(f"nothing runs from {home.root}; start it with `make serve`") from absent


def _leave_environment(machine: Machine) -> None:
    path = machine.home.control / ENVIRONMENT
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.encode(dict(machine.manage_env)))


def _start(machine: Machine, supervisor: Supervisor, terminal: Terminal) -> None:
    """Stores, tables, planes, seeds: each begun as soon as what it needs is ready."""
    cluster = machine.cluster
    if cluster is not None:
        with terminal.stage("postgres cluster in place"):
            postgres.ensure_cluster(machine.home, superuser_password=cluster.superuser_password)
    for program in machine.stores:
        supervisor.start(program)
    waiting = {program.name: program for program in machine.stores}

    def ready(names: AbstractSet[str]) -> None:
        for name in sorted(waiting.keys() & names):
            with terminal.stage(f"{name} ready"):
                supervisor.wait_until_ready(waiting.pop(name))

    if cluster is not None:
        ready({"postgres"})
        with terminal.stage("database roles in place"):
            cluster.bootstrap()
    for preparation in machine.tables:
        ready(preparation.needs)
        with terminal.stage(preparation.doing):
            manage(machine.home, preparation)
    for program in machine.planes:
        supervisor.start(program)
    for preparation in machine.seeds:
        ready(preparation.needs)
        with terminal.stage(preparation.doing):
            manage(machine.home, preparation)
    ready(set(waiting))
    for program in machine.planes:
        with terminal.stage(f"{program.name} ready"):
            supervisor.wait_until_ready(program)
