"""Files that hold credentials: only their user may read them, and they are written whole."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write or replace the file, with mode 0600 from its first byte."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    partial.replace(path)
