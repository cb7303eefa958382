"""`python -m tests.mutations [word …]` (`make mutations`): does the suite see each hole?

Each hole is made in a copy of the repository, and the tests named beside it run there: one that
stays green is a hole that nobody would see. Before that they run as they are, and must be green.
Words choose holes by their names.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.mutations.planted import MUTATIONS, Mutation
from warmline.kernel.env import REPOSITORY

# Of pytest: some failed; 0 is all passed, and anything else is no verdict.
GREEN, RED = 0, 1
LONGEST_S: Final = 600


def copy_repository(into: Path) -> None:
    """All that git knows of, as it is now."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        timeout=60,
    )
    for name in filter(None, listing.stdout.decode().split("\0")):
        source, target = REPOSITORY / name, into / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())


def run_tests(copy: Path, tests: Iterable[str]) -> "subprocess.CompletedProcess[str]":
    """The tests in the copy, up to the first that fails."""
    # Its modules come before those that are installed, by pytest's settings in the copy; a
    # PYTHONPATH would come last (tests/ground.py).
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command,
        cwd=copy,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )


def sees(copy: Path, mutation: Mutation) -> bool:
    """Whether the mutation's test turns red; the file is as it was afterwards."""
    path = copy / mutation.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(mutation.before, mutation.after, 1), encoding="utf-8")
    try:
        return run_tests(copy, [mutation.test]).returncode == RED
    finally:
        path.write_text(whole, encoding="utf-8")


def main() -> int:
    """Print a line for each hole; 0 when each was seen."""
    words = sys.argv[1:]
    chosen = [m for m in MUTATIONS if not words or any(word in m.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="wl-mutations-") as name:
        copy = Path(name)
        copy_repository(copy)
        tests = dict.fromkeys(mutation.test for mutation in chosen)
        before = run_tests(copy, tests)
        if before.returncode != GREEN:
            print(f"the tests are not green as they are:\n{before.stdout[-3000:]}{before.stderr}")
            return 1
        unseen = 0
        for mutation in chosen:
            seen = sees(copy, mutation)
            unseen += not seen
            print(f"{'seen' if seen else 'NOT SEEN':9} {mutation.name}", flush=True)
    print(f"{len(chosen) - unseen} of {len(chosen)} holes are seen")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
