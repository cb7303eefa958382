"""`python -m warmline.embedded serve | demo | shell | clean`: one machine, all of Warmline."""

import argparse
import os
import shutil
import signal
import sys

from warmline.embedded.home import Home, exclusive, open_home
from warmline.embedded.installation import running_installation
from warmline.embedded.machine import (
    Machine,
    leave_other_servers,
    plan_machine,
    public_environment,
)
from warmline.embedded.operation import run_child, running_machine, tend_until
from warmline.embedded.planes import PYTHON
from warmline.embedded.stopping import Stopped, StopRequest, stop_requests
from warmline.embedded.supervisor import Supervisor
from warmline.embedded.terminal import Terminal
from warmline.kernel.errors import ConfigurationError, WarmlineError

REFUSED = 2  # nothing was started: the person has to change something
FAILED = 1
INTERRUPTED = 128 + signal.SIGINT


def serve(home: Home, terminal: Terminal, stop: StopRequest) -> int:
    """Run everything until told to stop; deaths and calls on the terminal, the rest in logs."""
    machine = plan_machine(home)
    with running_machine(machine, terminal=terminal, stop=stop) as supervisor:
        terminal.line(f"\nDashboard: {machine.web_url}  (logs: {home.logs}; Ctrl-C ends it)")
        _watch_calls(machine, supervisor, terminal=terminal)
    return 0


def demo(home: Home, terminal: Terminal, stop: StopRequest) -> int:
    """Run everything and the demo's calls, whose success is the exit code; a terminal stays up."""
    machine = plan_machine(home)
    with running_machine(machine, terminal=terminal, stop=stop) as supervisor:
        code = _run_command("run_demo", machine, supervisor, terminal=terminal)
        if sys.stdin.isatty() and code == 0:
            terminal.line(f"\nStill up: {machine.web_url}  (logs: {home.logs}; Ctrl-C ends it)")
            _watch_calls(machine, supervisor, terminal=terminal)
        return code


def _watch_calls(machine: Machine, supervisor: Supervisor, *, terminal: Terminal) -> None:
    """Until told to stop; without its screen all goes on."""
    _run_command("watch_calls", machine, supervisor, terminal=terminal)
    terminal.line("calls are not shown any more; everything else goes on (Ctrl-C ends it)")
    tend_until(supervisor, home=machine.home, terminal=terminal, until=lambda: False)


def _run_command(name: str, machine: Machine, supervisor: Supervisor, *, terminal: Terminal) -> int:
    """Run a management command on this terminal while everything is tended; its exit code."""
    argv = (PYTHON, "manage.py", name)
    home = machine.home
    child = run_child(argv, home=home, name=name, environ=machine.manage_env, own_output=True)
    supervisor.adopt(child)
    try:
        tend_until(supervisor, home=home, terminal=terminal, until=lambda: child.poll() is not None)
    finally:
        child.terminate()
    return child.wait()


def shell(home: Home) -> int:
    """Django's shell against the machine that runs from this home."""
    environ = {**public_environment(), **running_installation(home.root).settings("shell")}
    os.execvpe(PYTHON, (PYTHON, "manage.py", "shell"), environ)  # noqa: S606  our own program


def clean(home: Home) -> int:
    """Remove the home's sockets, which make cannot find; refuses while something runs there."""
    with exclusive(home):
        shutil.rmtree(home.run, ignore_errors=True)
    return 0


STAYING = {"serve": serve, "demo": demo}
PASSING = {"shell": shell, "clean": clean}


def main(arguments: list[str]) -> int:
    """Parse, run, and answer every expected failure with one sentence."""
    parser = argparse.ArgumentParser(prog="python -m warmline.embedded", description=__doc__)
    parser.add_argument("command", choices=[*STAYING, *PASSING])
    command = parser.parse_args(arguments).command
    leave_other_servers()
    terminal = Terminal()
    try:
        home = open_home()
        if command in PASSING:
            return PASSING[command](home)
        with stop_requests() as stop, exclusive(home):
            return STAYING[command](home, terminal, stop)
    except ConfigurationError as error:
        terminal.line(str(error))
        return REFUSED
    except WarmlineError as error:
        terminal.line(str(error))
        return FAILED
    except Stopped:
        terminal.line("stopped")
        return 0 if command == "serve" else INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
