"""The sockets of every home that these tests open lie in one folder, removed at the end."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="package", autouse=True)
def sockets_folder() -> Iterator[Path]:
    """A short path, as the operating system's own folder for a signed-in user is."""
    folder = Path(tempfile.mkdtemp(prefix="wl-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield folder
    shutil.rmtree(folder, ignore_errors=True)
