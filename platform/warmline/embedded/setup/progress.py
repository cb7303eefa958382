"""The set-up's line on the terminal. Standard library only, as all of the set-up."""

import shutil
import sys
import threading


class Progress:
    """The terminal's last line: what is under way now, side by side."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._lines: dict[str, str] = {}

    def show(self, title: str, line: str) -> None:
        """Put or change one part of the line."""
        with self._guard:
            self._lines[title] = line
            self._draw()

    def drop(self, title: str) -> None:
        """Take a part away."""
        with self._guard:
            if self._lines.pop(title, None) is not None:
                self._draw()

    def say(self, line: str) -> None:
        """A line that stays, above."""
        with self._guard:
            sys.stderr.write(f"\r\x1b[2K{line}\n" if self._lines else f"{line}\n")
            self._draw()

    def _draw(self) -> None:
        if self._lines:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r\x1b[2K" + "  |  ".join(self._lines.values())[:width])
        elif sys.stderr.isatty():
            sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


progress = Progress()
