"""The size gate: the longest function, class and module are policed, the median is not."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = ("platform", "tenants", "inference", "rag", "telephony", "manage.py")

MAX_FILE_LINES = 400
MAX_CLASS_LINES = 250
MAX_FUNCTION_LINES = 60
FUNCTION_LINES_95TH_PERCENTILE = 25
MAX_COLUMNS = 100
LINES_PER_BROAD_EXCEPT = 1000
# Comprehensions and conditional expressions for each thousand lines. Good code of this kind has
# about 18; this one had 31.4. The bound only falls.
DENSE_EXPRESSIONS_PER_1000_LINES = 31
# Blocks that the formatter leaves alone would pass for shorter than they are. The bound only falls.
MAX_UNFORMATTED_BLOCKS = 8

DENSE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp)
# Django looks for a database backend in a module of this name.
NAMED_BY_DJANGO = Path("tenants/postgres/base.py")
BANNED_FILES = {"utils.py", "helpers.py", "common.py", "base.py", "lib.py", "manager.py"}


def files(*roots: str) -> Iterator[Path]:
    """Every Python file below these; migrations are generated and left out."""
    for name in roots:
        root = REPOSITORY / name
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(REPOSITORY)


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product, parsed."""
    return {
        path: ast.parse((REPOSITORY / path).read_text(encoding="utf-8")) for path in files(*SOURCES)
    }


def lines_of(path: Path) -> list[str]:
    return (REPOSITORY / path).read_text(encoding="utf-8").splitlines()


def definitions(*kinds: type[ast.stmt]) -> Iterator[tuple[str, int]]:
    """Where each function or class stands, and how many lines it has."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                assert node.end_lineno is not None
                name = getattr(node, "name", "")
                yield f"{path}:{node.lineno} {name}", node.end_lineno - node.lineno + 1


def functions() -> Iterator[tuple[str, int]]:
    return definitions(ast.FunctionDef, ast.AsyncFunctionDef)


def too_long(sizes: Iterator[tuple[str, int]], *, most: int) -> list[str]:
    return [f"{name}: {lines} lines" for name, lines in sizes if lines > most]


def broad_excepts() -> Iterator[tuple[Path, int]]:
    """File and line of each `except` that catches everything."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                if caught in {"", "Exception", "BaseException"}:
                    yield path, node.lineno


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    """Over 400 lines a module is split along its words."""
    sizes = ((str(path), len(lines_of(path))) for path in modules())
    assert too_long(sizes, most=MAX_FILE_LINES) == []


def test_no_class_does_too_many_things() -> None:
    """Over 250 lines a class is divided by what changes together."""
    assert too_long(definitions(ast.ClassDef), most=MAX_CLASS_LINES) == []


def test_no_function_is_longer_than_a_screen() -> None:
    """60 lines is the most for one function."""
    assert too_long(functions(), most=MAX_FUNCTION_LINES) == []


def test_the_tail_of_function_lengths_stays_short() -> None:
    """At the 95th percentile a function has at most 25 lines."""
    assert quantiles([n for _, n in functions()], n=20)[-1] <= FUNCTION_LINES_95TH_PERCENTILE


def test_no_line_is_wider_than_a_page() -> None:
    """In the product and its tests; a formatter does not break strings and comments."""
    wide = []
    for path in files(*SOURCES, "tests"):
        for number, line in enumerate(lines_of(path), start=1):
            if len(line) > MAX_COLUMNS:
                wide.append(f"{path}:{number}: {len(line)} columns")
    assert wide == []


def test_density_is_no_virtue() -> None:
    """Where a line is hard to read, the loop or the condition is written out."""
    dense = sum(isinstance(node, DENSE) for tree in modules().values() for node in ast.walk(tree))
    total = sum(len(lines_of(path)) for path in modules())
    assert 1000 * dense / total <= DENSE_EXPRESSIONS_PER_1000_LINES


def test_hardly_a_block_is_kept_from_the_formatter() -> None:
    """All sizes are counted on lines as the formatter breaks them."""
    unformatted = []
    for path in modules():
        for number, line in enumerate(lines_of(path), start=1):
            if "# fmt: skip" in line or "# fmt: off" in line:
                unformatted.append(f"{path}:{number}")
    assert len(unformatted) <= MAX_UNFORMATTED_BLOCKS, unformatted


def test_broad_excepts_are_rare() -> None:
    """About one in a thousand lines: only where a process must live on."""
    places = list(broad_excepts())
    total = sum(len(lines_of(path)) for path in modules())
    assert len(places) <= max(1, total // LINES_PER_BROAD_EXCEPT), places


def test_each_broad_except_says_why() -> None:
    """A comment on the line or the one below tells why the process must live on."""
    silent = []
    for path, number in broad_excepts():
        here, below = [*lines_of(path), ""][number - 1 : number + 1]
        if "#" not in here.replace("# noqa: BLE001", "") and "#" not in below:
            silent.append(f"{path}:{number}")
    assert silent == []


def test_no_file_is_a_drawer() -> None:
    """Files are named by a word of the product or a kind of thing, never utils or helpers."""
    drawers = [path for path in modules() if path.name in BANNED_FILES and path != NAMED_BY_DJANGO]
    assert drawers == []
