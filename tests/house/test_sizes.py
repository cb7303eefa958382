"""The size gate: the tail of functions,
files and broad excepts is policed, the median looks after itself.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = ("platform", "tenants", "inference", "rag", "telephony", "manage.py")

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
FUNCTION_LINES_95TH_PERCENTILE = 45
LINES_PER_BROAD_EXCEPT = 1000

# Django looks for a database backend in a module of this name.
NAMED_BY_DJANGO = Path("tenants/postgres/base.py")
BANNED_FILES = {"utils.py", "helpers.py", "common.py", "base.py", "lib.py", "manager.py"}


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product (migrations are generated and left out), parsed."""
    found: dict[Path, ast.Module] = {}
    for source in SOURCES:
        root = REPOSITORY / source
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            if "migrations" not in path.parts:
                found[path.relative_to(REPOSITORY)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def lines_of(path: Path) -> int:
    return (REPOSITORY / path).read_text(encoding="utf-8").count("\n")


def functions() -> Iterator[tuple[str, int]]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{path}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def broad_excepts() -> Iterator[str]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                if caught in {"", "Exception", "BaseException"}:
                    yield f"{path}:{node.lineno}"


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    """Over 400 lines a module is split along its words."""
    assert [
        f"{path}: {n} lines" for path in modules() if (n := lines_of(path)) > MAX_FILE_LINES
    ] == []


def test_no_function_is_longer_than_a_screen() -> None:
    """60 lines is the most for one function."""
    assert [f"{name}: {n} lines" for name, n in functions() if n > MAX_FUNCTION_LINES] == []


def test_the_tail_of_function_lengths_stays_short() -> None:
    """At the 95th percentile a function has at most 45 lines."""
    assert quantiles([n for _, n in functions()], n=20)[-1] <= FUNCTION_LINES_95TH_PERCENTILE


def test_broad_excepts_are_rare() -> None:
    """About one in a thousand lines: only where a process must live on."""
    found = list(broad_excepts())
    total = sum(lines_of(path) for path in modules())
    assert len(found) <= max(1, total // LINES_PER_BROAD_EXCEPT), found


def test_each_broad_except_says_why() -> None:
    """A comment on the line or the one below tells why the process must live on."""
    silent = []
    for place in broad_excepts():
        path, line = place.rsplit(":", 1)
        text = (REPOSITORY / path).read_text(encoding="utf-8").splitlines()
        here = text[int(line) - 1]
        below = text[int(line)] if int(line) < len(text) else ""
        if "#" not in here.replace("# noqa: BLE001", "") and "#" not in below:
            silent.append(place)
    assert silent == []


def test_no_file_is_a_drawer() -> None:
    """Files are named by a word of the product or a kind of thing, never utils or helpers."""
    drawers = [path for path in modules() if path.name in BANNED_FILES and path != NAMED_BY_DJANGO]
    assert drawers == []
