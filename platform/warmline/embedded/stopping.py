"""Ctrl-C, SIGTERM and a terminal's hang-up as a request that is looked at between steps.

Never as an exception out of a signal handler: raised inside a finalizer it is silently lost.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The person or the system asked us to end; no error, so no `except Exception` swallows it."""


class StopRequest:
    """Whether we were asked to end."""

    def __init__(self) -> None:
        self.by: str | None = None

    def check(self) -> None:
        """Raise `Stopped` once a signal has come; asked in every loop that waits."""
        if self.by is not None:
            raise Stopped(self.by)


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """For the block, signals become a request; further ones change nothing."""
    request = StopRequest()

    def note(number: int, _frame: FrameType | None) -> None:
        request.by = signal.Signals(number).name

    before = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
