"""What may not be in the repository: secrets, and paths of the machine it was made on."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bsk-[A-Za-z0-9]{32,}\b|\bxox[bp]-[0-9A-Za-z-]{20,}"
)


def test_no_secret_is_in_the_repository() -> None:
    """Keys of the usual shapes in any tracked file."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, timeout=30, check=True
    )
    names = [name for name in listing.stdout.decode().split("\0") if name]
    assert names
    assert [
        n for n in names if (p := REPOSITORY / n).is_file() and SECRETS.search(p.read_bytes())
    ] == []


@pytest.mark.parametrize(
    "pattern",
    [rf"{re.escape(str(REPOSITORY))}/", r"(^|[^[:alnum:]])/(root|home/[a-z]+)/", "file:///"],
)
def test_no_path_of_one_machine_is_in_the_source(pattern: str) -> None:
    """The checkout's own path, and any in somebody's home, would work on one machine only;
    an image is a machine.
    """
    command = [
        "git",
        "grep",
        "-IlE",
        "-e",
        pattern,
        "--",
        ":!tests/house/test_words.py",
        ":!deploy",
    ]
    listing = subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=30, check=False)
    assert listing.stderr == b""
    assert listing.stdout.decode().split() == []
