"""How `make test` divides the tests among its workers: a file is one worker's, the longest first.

A pytest plugin (`-p tests.workers` in pyproject.toml). Each worker has services of its own
(`tests/services.py`), so nothing is shared.
"""

import os
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Long files, and folders whose files share something that takes long to start. Begun last they
# would leave the other workers with nothing to do. What loads models takes turns with what waits.
FIRST: Final = (
    "tests/embedded/whole_machine/",
    "tests/telephony/control/test_region_dies.py",
    "tests/telephony/media/test_calls.py",
    "tests/inference/warming/test_real_engine.py",
    "tests/telephony/media/test_failures.py",
    "tests/programs/frontdesk/",
    "tests/telephony/media/replicas/test_rungs.py",
    "tests/inference/warming/test_warming.py",
    "tests/browser/",
    "tests/inference/replay/",
)


def worker_number() -> int:
    """This process's place among the workers; 0 where there is one alone."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def unit(nodeid: str) -> str:
    """What one worker does as a whole: a file, or a folder or file that begins first."""
    path = nodeid.split("::", maxsplit=1)[0]
    return next((start for start in FIRST if path.startswith(start)), path)


class ByUnit(LoadScopeScheduling):
    """Gives a worker that is done the next unit."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """In the order of collection, which is ours, and not by the number of tests."""
    config.option.loadscopereorder = False
    return ByUnit(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest begins first."""
    items.sort(key=lambda item: _place(unit(item.nodeid)))


def _place(unit: str) -> int:
    return FIRST.index(unit) if unit in FIRST else len(FIRST)
