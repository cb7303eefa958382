"""Has a file read by a child process, and says what it means when that one died."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from rag.extraction.types import Extracted, Refusal, Unreadable

WALL_S: Final = 300
_ANSWER_BYTES: Final = 4000


def extract(path: Path, *, name: str, media_type: str = "") -> Extracted:
    """The blocks of a file; `Unreadable` for one that is not taken, or that is more than a document
    may be.

    `name` and `media_type`, as its sender gave them, decide only between kinds of text.
    """
    with tempfile.TemporaryDirectory(prefix="warmline-extract-") as folder:
        result = Path(folder) / "result"
        command = [sys.executable, "-I", "-m", "rag.extraction.child", str(path), str(result)]
        command += [f"--name={name[:200]}", f"--media-type={media_type[:100]}"]
        command += [f"--parent={os.getpid()}"]
        try:
            ended = subprocess.run(  # noqa: S603  our own module, its arguments are no options
                command,
                env={"LC_ALL": "C.UTF-8", "TMPDIR": folder},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=WALL_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much(f"more than {WALL_S} s") from None
        if ended.returncode != 0 or not result.exists():
            raise _died(ended.returncode, ended.stderr[-_ANSWER_BYTES:])
        refused, outcome = msgspec.msgpack.decode(
            result.read_bytes(), type=tuple[bool, dict[str, object]]
        )
    if refused:
        refusal = msgspec.convert(outcome, Refusal)
        raise Unreadable(refusal.problem, advice=refusal.advice)
    return msgspec.convert(outcome, Extracted)


def _died(code: int, complaint: bytes) -> Unreadable:
    if code < 0 or b"MemoryError" in complaint or b"File too large" in complaint:
        return _too_much("more memory or time than a document may")
    return Unreadable(
        "The file could not be read: it is damaged.",
        advice="Open it in the program that made it, save it once more, and upload that.",
    )


def _too_much(what: str) -> Unreadable:
    return Unreadable(
        f"Reading the file takes {what}.", advice="Split it, or save it in a simpler form."
    )
