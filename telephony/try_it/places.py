"""How many tries run at once: calls come first, and each company leaves room for others."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from telephony.try_it.errors import TriesBusy
from warmline.kernel.ids import TenantId

# Of the eight requests that a web process works on at once.
MOST: Final = 3
MOST_OF_A_COMPANY: Final = 2

_running: Counter[TenantId] = Counter()
_guard = threading.Lock()


@contextmanager
def place(tenant_id: TenantId) -> Iterator[None]:
    """A place for one try, given back at its end; `TriesBusy` when there is none."""
    with _guard:
        if _running[tenant_id] >= MOST_OF_A_COMPANY or _running.total() >= MOST:
            raise TriesBusy("as many tries run as may at once: try again in a few seconds")
        _running[tenant_id] += 1
    try:
        yield
    finally:
        with _guard:
            _running[tenant_id] -= 1


def running() -> int:
    """How many tries run in this process."""
    return _running.total()
