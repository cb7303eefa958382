"""How far a long command is: a bar on a terminal, a line now and then in a pipe or a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Between two lines: a log stays short, and nobody waits longer for a sign of life.
LINE_EVERY_S: Final = 10.0


@contextmanager
def progress_of(console: Console, *, runs: int) -> Iterator[Callable[[], None]]:
    """What to call after each of so many runs."""
    if not console.is_terminal:
        yield _Lines(console, runs).run_done
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("runs", total=runs)
        yield lambda: progress.advance(task)


class _Lines:
    """The first run's line, then one at most every ten seconds, then the last one's."""

    def __init__(self, console: Console, runs: int) -> None:
        self._console = console
        self._runs = runs
        self._done = 0
        self._began = time.monotonic()
        self._told = 0.0

    def run_done(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._done not in {1, self._runs} and now - self._told < LINE_EVERY_S:
            return
        self._told = now
        left_s = (now - self._began) / self._done * (self._runs - self._done)
        self._console.print(f"{self._done} of {self._runs} runs, about {left_s:.0f} s to go")
        self._console.file.flush()
