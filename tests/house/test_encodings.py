"""Text is UTF-8 because the code says so, whatever the locale of the machine would have it be."""

import ast
import re
import subprocess
from collections.abc import Iterator

import pytest

from warmline.kernel.env import REPOSITORY

# Where the mode of each way to open a file stands among its arguments.
MODE_AT = {"open": 1, "os.fdopen": 1}
READING, WRITING = "read_text", "write_text"
TEXT_MODE = re.compile(r"[rwxat+]{1,3}")


def depends_on_the_locale(call: ast.Call) -> bool:
    """Whether this call turns bytes into text, or text into bytes, without saying how."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if "encoding" in given:
        return False
    if ast.unparse(given.get("text", call)) == "True":
        return True
    name = ast.unparse(call.func)
    verb = name.rsplit(".", 1)[-1]
    if verb in {READING, WRITING}:
        return len(call.args) <= (verb == WRITING)
    if verb not in {"open", "fdopen"}:
        return False
    at = MODE_AT.get(name, 0)
    mode = given.get("mode") or (call.args[at] if len(call.args) > at else ast.Constant("r"))
    return isinstance(mode, ast.Constant) and TEXT_MODE.fullmatch(str(mode.value)) is not None


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def test_every_file_and_every_pipe_of_text_names_its_encoding() -> None:
    """In the product and in its tests."""
    command = ["git", "ls-files", "-z", "*.py"]
    listing = subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=30, check=True)
    names = [name for name in listing.stdout.decode().split("\0") if name]
    assert names
    found = [
        f"{name}:{call.lineno}"
        for name in names
        for call in calls((REPOSITORY / name).read_text(encoding="utf-8"))
        if depends_on_the_locale(call)
    ]
    assert found == []


@pytest.mark.parametrize(
    "call",
    [
        "path.read_text()",
        "path.write_text(text)",
        "open(name)",
        "path.open('a+')",
        "os.fdopen(number, 'w')",
        "subprocess.run(command, text=True)",
        "path.open(mode='w')",
    ],
)
def test_a_call_that_the_locale_decides_is_found(call: str) -> None:
    """Each way of the standard library to come to text."""
    assert depends_on_the_locale(next(calls(call)))


@pytest.mark.parametrize(
    "call", ["path.open('rb')", "open(name, 'wb')", "path.read_text(encoding='utf-8')"]
)
def test_bytes_and_a_named_encoding_are_fine(call: str) -> None:
    """Nothing is left to the locale there."""
    assert not depends_on_the_locale(next(calls(call)))
