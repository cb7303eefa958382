"""`python -m warmline.embedded serve | demo | shell | clean`: one machine, all of Warmline."""

import argparse
import os
import shutil
import signal
import sys

from warmline.embedded.home import Home, exclusive, open_home
from warmline.embedded.installation import running_installation
from warmline.embedded.machine import leave_other_servers, plan_machine, public_environment
from warmline.embedded.operation import run_child, running_machine, tend_until
from warmline.embedded.planes import PYTHON
from warmline.embedded.stopping import Stopped, StopRequest, stop_requests
from warmline.embedded.terminal import Terminal
from warmline.kernel.errors import ConfigurationError, WarmlineError

REFUSED = 2  # nothing was started: the person has to change something
FAILED = 1
INTERRUPTED = 128 + signal.SIGINT


def serve(home: Home, terminal: Terminal, stop: StopRequest) -> int:
    """Run everything until told to stop, the logs on the terminal."""
    machine = plan_machine(home)
    with running_machine(machine, terminal=terminal, stop=stop) as supervisor:
        terminal.line(f"\nWarmline is up: {machine.web_url}  (logs: {home.logs}; Ctrl-C ends it)")
        tend_until(supervisor, home=home, terminal=terminal, until=lambda: False, echo_logs=True)
    return 0


def demo(home: Home, terminal: Terminal, stop: StopRequest) -> int:
    """Run everything and the demo's calls, whose success is the exit code; a terminal stays up."""
    machine = plan_machine(home)
    with running_machine(machine, terminal=terminal, stop=stop) as supervisor:
        argv = (PYTHON, "manage.py", "run_demo")
        calls = run_child(argv, home=home, name="demo", environ=machine.manage_env, own_output=True)
        supervisor.adopt(calls)
        try:
            tend_until(
                supervisor,
                home=home,
                terminal=terminal,
                until=lambda: calls.poll() is not None,
                echo_logs=False,
            )
        finally:
            calls.terminate()
        if sys.stdin.isatty() and calls.returncode == 0:
            terminal.line(f"\nStill up: {machine.web_url}  (logs: {home.logs}; Ctrl-C ends it)")
            tend_until(
                supervisor, home=home, terminal=terminal, until=lambda: False, echo_logs=False
            )
        return calls.returncode


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
