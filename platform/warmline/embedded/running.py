"""Runs one program without the supervisor, for as long as a block lasts."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from warmline.embedded.home import Home
from warmline.embedded.programs import Program
from warmline.kernel.errors import Unavailable
from warmline.kernel.supervision import exec_with_parent_command

STOP_S = 20.0


class NotReady(Unavailable):
    """A program did not become ready; the message says what was missing, or its last words."""

    @classmethod
    def in_time(cls, program: Program, *, missing: str, log: Path) -> Self:
        """Its time is up, and its probe still misses something."""
        return cls(
            f"{program.name} is not ready after {program.ready_s:.0f} s ({missing}); the log: {log}"
        )


@contextmanager
def running(program: Program, *, home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """The program, ready; stopped at the block's end. Raises `NotReady`."""
    log = home.logs / f"{program.name}.log"
    command = exec_with_parent_command(
        home.control / f"{program.name}.json",
        argv=program.argv,
        env=program.env,
        user=program.user,
    )
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until_ready(program, process=process, log=log)
        yield process
    finally:
        process.send_signal(getattr(signal, f"SIG{program.stop_signal}"))
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(program: Program, *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the probe is satisfied; `NotReady` when the process or its time ends."""
    deadline = time.monotonic() + program.ready_s
    while (missing := program.probe()) is not None:
        if process.poll() is not None:
            ended = f"{program.name} ended with code {process.returncode}"
            raise NotReady(f"{ended}: {last_words(log)}; the log: {log}")
        if time.monotonic() >= deadline:
            raise NotReady.in_time(program, missing=missing, log=log)
        time.sleep(0.05)


def last_words(log: Path) -> str:
    """The last line of a log that says anything."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return "no log"
    words = [line.strip() for line in lines if line.strip()]
    return words[-1][:300] if words else "it said nothing"
