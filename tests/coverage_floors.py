"""What `make coverage` asks beyond the whole's floor: each module that must be right is covered.

`python -m tests.coverage_floors` reads what was measured and the modules that pyproject.toml names;
it ends with 1 and a line for each module below the floor.
"""

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import coverage

REPOSITORY: Final = Path(__file__).resolve().parents[1]


def measured() -> Mapping[str, Any]:
    """coverage.py's report (its documentation: "JSON reporting"): the summary by file."""
    measurement = coverage.Coverage()
    measurement.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        measurement.json_report(outfile=str(report))
        files: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {path: file["summary"] for path, file in files.items()}


def shortfalls(summaries: Mapping[str, Any], *, modules: list[str], floor: float) -> Iterator[str]:
    """A line for each module below the floor, and for each pattern that names no module."""
    for pattern in modules:
        matching = sorted(path for path in summaries if fnmatch(path, pattern))
        if not matching:
            yield f"{pattern}: no module was measured"
        for path in matching:
            percent = summaries[path]["percent_covered"]
            if percent < floor:
                yield f"{path}: {percent:.1f} % of lines and branches, expected {floor} %"


def main() -> int:
    """0 where every module is at its floor or above."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        floors = tomllib.load(file)["tool"]["warmline"]["coverage"]
    lines = list(shortfalls(measured(), modules=floors["modules"], floor=floors["floor"]))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
