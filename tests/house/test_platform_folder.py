"""`platform/` is a source root: were it a package, it would hide Python's own `platform` module."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_a_fresh_interpreter_in_the_repository_finds_pythons_own_platform_module() -> None:
    """Started from the root, as `manage.py` is,
    `import platform` must reach the standard library.
    """
    answer = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "Linux"


def test_platform_has_no_init_file() -> None:
    """The file whose presence would break it."""
    assert not (REPOSITORY / "platform" / "__init__.py").exists()
