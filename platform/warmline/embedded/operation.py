"""Brings one machine up, keeps it up until told to stop, and takes it down in order."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext

from warmline.embedded.home import Home
from warmline.embedded.installation import forget_installation, leave_installation
from warmline.embedded.machine import Machine, ManageCommand, public_environment
from warmline.embedded.planes import PYTHON
from warmline.embedded.running import last_words
from warmline.embedded.stopping import StopRequest
from warmline.embedded.stores import postgres
from warmline.embedded.supervisor import Supervisor, start_supervisor
from warmline.embedded.supervisord import LOG, death_notice
from warmline.embedded.terminal import LogFollower, Terminal
from warmline.kernel.errors import WarmlineError
from warmline.kernel.supervision import exec_with_parent_command

COMMAND_S = 180
# To look at every log five times a second, and to ask the supervisor twice, took 1 % of a core
# while nothing happened.
TICK_S = 0.5
TEND_EVERY_S = 2.0


class CommandFailed(WarmlineError):
    """A management command of the start failed; its last words are in the message."""


@contextmanager
def running_machine(
    machine: Machine, *, terminal: Terminal, stop: StopRequest
) -> Iterator[Supervisor]:
    """Everything running and ready for the block, and nothing left of it afterwards.

    Raises `Stopped` when asked to stop meanwhile, `NotReady` and its kin when something does not
    start.
    """
    supervisor = start_supervisor(machine.home, environ=public_environment(), stop=stop)
    try:
        leave_installation(machine.home.root, machine.manage_env, for_commands=machine.for_commands)
        _start(machine, supervisor, terminal, stop)
        yield supervisor
    finally:
        with terminal.stage("stopping every process"):
            supervisor.stop(stores=[program.name for program in machine.stores])
        forget_installation(machine.home.root)
        shutil.rmtree(machine.home.run, ignore_errors=True)


def tend_until(
    supervisor: Supervisor,
    *,
    home: Home,
    terminal: Terminal,
    until: Callable[[], bool],
) -> None:
    """Tend the processes until the condition holds, and show those that die."""
    follower = LogFollower(home.logs / LOG)
    tended = 0.0
    while not until():
        if time.monotonic() - tended >= TEND_EVERY_S:
            tended = time.monotonic()
            supervisor.tend()
        for line in follower.new_lines():
            if notice := death_notice(line):
                terminal.named_line("supervisor", notice)
        time.sleep(TICK_S)


def run_child(
    argv: Sequence[str], *, home: Home, name: str, environ: Mapping[str, str], own_output: bool
) -> subprocess.Popen[bytes]:
    """A child of our own that dies with us; its output is ours, or goes to logs/NAME.log."""
    command = exec_with_parent_command(home.control / f"{name}.spec", argv=argv, env=environ)
    with nullcontext(None) if own_output else (home.logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=public_environment(),
            start_new_session=True,  # Ctrl-C is ours to answer, in order
        )


def manage(home: Home, command: ManageCommand, *, stop: StopRequest) -> None:
    """Run one management command to its end. Raises `CommandFailed`."""
    argv = (PYTHON, "manage.py", *command.words)
    child = run_child(argv, home=home, name="manage", environ=command.env, own_output=False)
    deadline = time.monotonic() + COMMAND_S
    try:
        while child.poll() is None and time.monotonic() < deadline:
            stop.check()
            time.sleep(0.05)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if child.returncode != 0:
        log = home.logs / "manage.log"
        how = f"exit {child.returncode}"
        if child.returncode < 0:
            how = f"no end after {COMMAND_S} s"
        raise CommandFailed(
            f"manage.py {command.words[0]} failed ({how}): {last_words(log)}; the log: {log}"
        )


def _start(machine: Machine, supervisor: Supervisor, terminal: Terminal, stop: StopRequest) -> None:
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
    for command in machine.migrations:
        ready(command.needs)
        with terminal.stage(command.doing):
            manage(machine.home, command, stop=stop)
    for program in machine.planes:
        supervisor.start(program)
    for command in machine.seeds:
        ready(command.needs)
        with terminal.stage(command.doing):
            manage(machine.home, command, stop=stop)
    ready(set(waiting))
    for program in machine.planes:
        with terminal.stage(f"{program.name} ready"):
            supervisor.wait_until_ready(program)
