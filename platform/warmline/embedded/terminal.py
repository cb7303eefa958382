"""What the person at the terminal sees: progress with seconds, and log lines by process."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34, 96, 93, 95, 92, 94)
# A line longer than this is a process gone wrong, not a message.
LONGEST_LINE = 2000
READ_AT_ONCE = 65_536


class Terminal:
    """Lines for a person: on a terminal with colours and a status line, elsewhere plain.

    A terminal that went away (hang-up) is not an error: what runs must still be stopped in order.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self.is_terminal = self._stream.isatty()
        self._status = ""
        self._colours: dict[str, int] = {}

    def line(self, text: str) -> None:
        """A line that stays."""
        self._write(f"{self._wiped()}{text}\n{self._status}")

    def status(self, text: str) -> None:
        """What is being waited for now, on a terminal only; what comes next replaces it."""
        if self.is_terminal:
            self._status = text[: os.get_terminal_size(self._stream.fileno()).columns - 1]
            self._write(f"\r\x1b[2K{self._status}")

    def named_line(self, name: str, text: str) -> None:
        """A line of one process's log, after its name in its colour."""
        if self.is_terminal:
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            self.line(f"\x1b[{colour}m{name:>14} |\x1b[0m {text}")
        else:
            self.line(f"{name:>14} | {text}")

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        """One stage of a start: says what it does, then how long it took."""
        began = time.monotonic()
        self.status(f"  … {what}")
        mark = "✗"
        try:
            yield
            mark = "✓"
        finally:
            self.done(f"  {mark} {what} ({time.monotonic() - began:.1f} s)")

    def done(self, text: str) -> None:
        """A line that takes the status line's place."""
        wiped, self._status = self._wiped(), ""
        self._write(f"{wiped}{text}\n")

    def _wiped(self) -> str:
        return "\r\x1b[2K" if self._status else ""

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


class LogFollower:
    """New lines of a log; a rotated or new one is read from its beginning."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0
        self._partial = b""

    def new_lines(self) -> Iterator[str]:
        """Each complete line since the last call."""
        try:
            if self._path.stat().st_size < self._position:
                self._position = 0
            with self._path.open("rb") as file:
                file.seek(self._position)
                chunk = file.read(READ_AT_ONCE)
        except FileNotFoundError:
            return
        self._position += len(chunk)
        *whole, rest = (self._partial + chunk).split(b"\n")
        self._partial = rest[-LONGEST_LINE:]
        for line in whole:
            yield line[:LONGEST_LINE].decode(errors="replace").rstrip()
