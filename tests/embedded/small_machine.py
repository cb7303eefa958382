"""A machine of two programs, to try the supervision on: `… -m tests.embedded.small_machine HOME`.

Run as a process of its own, as the product's is: it becomes the parent of orphans and takes
signals.
"""

import sys
from pathlib import Path

from warmline.embedded.home import exclusive, open_home
from warmline.embedded.machine import Machine
from warmline.embedded.operation import running_machine, tend_until
from warmline.embedded.programs import Program
from warmline.embedded.stopping import Stopped, stop_requests
from warmline.embedded.stores import valkey
from warmline.embedded.terminal import Terminal
from warmline.kernel.errors import ConfigurationError, WarmlineError

# A parent with a child of its own, as vLLM's API server has its engine; it prints both pids.
WORKER = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleep, start_new_session=True)
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

        def printed_its_pids() -> str | None:
            return (
                None
                if log.exists() and "pids" in log.read_text(encoding="utf-8")
                else "no pids yet"
            )

        worker = Program("worker", (sys.executable, "-c", program), printed_its_pids)
        machine = Machine(
            home=home,
            web_url="http://nowhere",
            cluster=None,
            stores=(valkey.program(home),),
            migrations=(),
            planes=(worker,),
            seeds=(),
            for_commands={},
            manage_env={},
        )
        with (
            stop_requests() as stop,
            exclusive(home),
            running_machine(machine, terminal=terminal, stop=stop) as supervisor,
        ):
            terminal.line("up")
            tend_until(supervisor, home=home, terminal=terminal, until=lambda: False)
    except ConfigurationError as error:
        terminal.line(str(error))
        return 2
    except WarmlineError as error:
        terminal.line(str(error))
        return 1
    except Stopped:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
