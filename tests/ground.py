"""The ground that the tests stand on: their own, whatever the machine has set up for other work.

The first pytest plugin of ours (`-p tests.ground` in pyproject.toml), taken as it is imported. What
configures pip, git, libpq, proxies, the shell or the locale is not among what is kept: no test and
no process of a test meets it.
"""

import atexit
import locale
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# Where programs and this machine's hardware are, and what those who watch the tests (editors, CI,
# coverage) put there.
KEPT = frozenset({
    *("PATH", "LD_LIBRARY_PATH", "TERM", "USER", "LOGNAME", "CI", "TMPDIR"),
    *("PYTHONPYCACHEPREFIX", "PYTHONFAULTHANDLER", "PYTHONDEVMODE"),
    *("WARMLINE_HOME", "WARMLINE_ENGINE_PYTHON", "WARMLINE_WEIGHTS"),
    *("TEST_RUN_PIPE", "RUN_TEST_IDS_PIPE"),
})  # fmt: skip
KEPT_FAMILIES = (
    *("WARMLINE_TEST_", "PYTEST_", "HYPOTHESIS_", "COVERAGE_", "COV_CORE_"),
    *("VSCODE_", "PYCHARM_", "TEAMCITY_", "PYDEVD_", "DEBUGPY_"),
    *("CUDA_", "NVIDIA_", "OPENBLAS_"),
)
# A Unix socket's path holds 107 bytes, of which a test's own folder below this one and its socket
# take up to 87.
LONGEST_TEMPORARY_FOLDER = 20
BYTECODE = Path(__file__).resolve().parents[1] / ".warmline" / "cache" / "bytecode"


def own_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is kept of the machine's environment, and what takes the place of the rest;
    a home is still missing.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name in KEPT or name.startswith(KEPT_FAMILIES)
    }
    # Tests start some hundreds of programs, each of which would compile Django and all of ours
    # again. Who wants none of it beside the sources gets it elsewhere.
    if environ.get("PYTHONDONTWRITEBYTECODE"):
        kept.setdefault("PYTHONPYCACHEPREFIX", str(BYTECODE))
    if len(os.fsencode(kept.get("TMPDIR", ""))) > LONGEST_TEMPORARY_FOLDER:
        del kept["TMPDIR"]
    return kept | {
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_CONFIG": "1",
    }


def take_ground() -> None:
    """Put this process, and with it every child, on the tests' own ground."""
    # A module path that somebody set may still lead to an editor's plugin; it hides nothing any
    # more.
    lent = [
        str(Path(folder).absolute())
        for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if folder
    ]
    sys.path.sort(key=lambda folder: folder in lent)
    os.umask(0o022)
    environ = own_environment(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    sys.dont_write_bytecode = False
    sys.pycache_prefix = environ.get("PYTHONPYCACHEPREFIX")
    tempfile.tempdir = None  # chosen anew
    os.environ["HOME"] = str(own_home())
    time.tzset()
    with suppress(
        locale.Error
    ):  # an old system has no C.UTF-8, and our own files name their encoding anyway
        locale.setlocale(locale.LC_ALL, "")


def own_home() -> Path:
    """A folder of this process alone, gone with it."""
    home = Path(tempfile.mkdtemp(prefix="warmline-tests-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # A checkout may belong to another user than the one who tests it, as in a container.
    (home / ".gitconfig").write_text("[safe]\n\tdirectory = *\n", encoding="utf-8")
    return home


take_ground()
