"""Processes below this one that nobody waits for any more.

The kernel hands every orphan below a subreaper to it, so nothing that a program started is lost.
"""

import ctypes
import os
import time
from collections.abc import Set as AbstractSet
from contextlib import suppress

import psutil

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
END_S = 15.0


def adopt_orphans() -> None:
    """From now on this process is the parent of every orphan below it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(*, own: AbstractSet[int]) -> None:
    """Kill every child but those whose pids are `own`."""
    for child in psutil.Process().children():
        if child.pid not in own:
            with suppress(psutil.NoSuchProcess):
                child.kill()
            with suppress(ChildProcessError):
                os.waitpid(child.pid, os.WNOHANG)


def end_descendants() -> None:
    """Kill every process below this one and wait until they are gone."""
    deadline = time.monotonic() + END_S
    while (left := psutil.Process().children(recursive=True)) and time.monotonic() < deadline:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=0.5)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
