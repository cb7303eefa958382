"""A machine of two programs, to try the supervision on: `python -m tests.embedded.small_machine
HOME [BROKEN]`.

Run as a process of its own, as the product's is: it becomes the parent of orphans and takes
signals.
"""

import sys
from pathlib import Path

from warmline.embedded import valkey
from warmline.embedded.home import held, open_home
from warmline.embedded.machine import Machine
from warmline.embedded.operation import attend, up
from warmline.embedded.programs import Program
from warmline.embedded.stopping import Stopped, stop_requests
from warmline.embedded.terminal import Terminal
from warmline.kernel.errors import ConfigurationError, WarmlineError

# A parent with a child of its own, as vLLM's API server has its engine; it tells both pids and
# waits.
WORKER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
BROKEN = "import sys; sys.exit('the model file is missing')"


def main(arguments: list[str]) -> int:
    """As the product's own entry, with two small programs."""
    terminal = Terminal(sys.stdout)
    try:
        home = open_home(Path(arguments[0]))
        program = BROKEN if "broken" in arguments else WORKER
        log = home.logs / "worker.log"

        def told_its_pids() -> str | None:
            return (
                None
                if log.exists() and "pids" in log.read_text(encoding="utf-8")
                else "no pids yet"
            )

        worker = Program("worker", (sys.executable, "-c", program), told_its_pids)
        machine = Machine(
            home=home,
            web_url="http://nowhere",
            cluster=None,
            stores=(valkey.program(home),),
            tables=(),
            planes=(worker,),
            seeds=(),
            manage_env={},
        )
        with (
            stop_requests() as stop,
            held(home),
            up(machine, terminal=terminal, stop=stop) as supervisor,
        ):
            terminal.line("up")
            attend(supervisor, home=home, terminal=terminal, until=lambda: False, echo_logs=True)
    except ConfigurationError as refused:
        terminal.line(str(refused))
        return 2
    except WarmlineError as failed:
        terminal.line(str(failed))
        return 1
    except Stopped:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
