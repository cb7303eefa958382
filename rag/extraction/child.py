"""`python -m rag.extraction.child`: reads one file within bounds, and leaves what it read.

It is given no environment, no credential and no more memory, time and disk than a document may
need; a file that breaks a reader breaks this process alone.
"""

import argparse
import resource
import sys
from pathlib import Path
from typing import Final

import msgspec

from rag.extraction.types import Extracted, FileKind, Refusal, Unreadable
from warmline.kernel.exec_with_parent import die_with_parent

MEMORY_BYTES: Final = 1536 * 1024 * 1024
PROCESSOR_S: Final = 240
RESULT_BYTES: Final = 96 * 1024 * 1024
OPEN_FILES: Final = 64
# No text of a document comes near it; a reader that is led astray does.
MAX_CHARACTERS: Final = 30_000_000


def main() -> int:
    """Read the file; 0 with a result, else the process died of its bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--name", default="")
    parser.add_argument("--media-type", default="")
    parser.add_argument("--parent", type=int, required=True)
    options = parser.parse_args()
    die_with_parent(options.parent)
    _bound()
    outcome: Extracted | Refusal
    try:
        outcome = read_file(options.source, name=options.name, media_type=options.media_type)
    except Unreadable as error:
        outcome = error.refusal
    options.result.write_bytes(msgspec.msgpack.encode((isinstance(outcome, Refusal), outcome)))
    return 0


def read_file(path: Path, *, name: str, media_type: str) -> Extracted:
    """The blocks of a file; `Unreadable` says why there are none."""
    from rag.extraction.sniffing import file_kind

    kind = file_kind(path, name=name, media_type=media_type)
    extracted = _read(path, kind)
    characters = sum(len(block.text) for block in extracted.blocks)
    if characters == 0:
        raise Unreadable(
            "The file has no words in it.", advice="Upload a file with text that can be read."
        )
    if characters > MAX_CHARACTERS:
        raise Unreadable(
            f"The file has {characters} characters of text; at most {MAX_CHARACTERS} are taken.",
            advice="Split it into several files.",
        )
    return extracted


def _read(path: Path, kind: FileKind) -> Extracted:
    # Each reader is imported when it is needed: this process lives for one file.
    if kind == "pdf":
        from rag.extraction.pdf import read_pdf

        return read_pdf(path)
    if kind == "docx":
        from rag.extraction.word import read_docx

        return read_docx(path)
    raw = path.read_bytes()
    if kind == "csv":
        from rag.extraction.tables import read_csv

        return read_csv(raw)
    if kind == "text":
        from rag.extraction.plain import read_text

        return read_text(raw)
    from rag.extraction.html import read_html, read_markdown

    return read_html(raw) if kind == "html" else read_markdown(raw)


def _bound() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, RESULT_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    sys.exit(main())
