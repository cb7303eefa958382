"""Where things are: the code, and the one folder of run-time state."""

from pathlib import Path

from warmline.kernel import configuration

REPOSITORY = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The one folder of run-time state (WARMLINE_HOME), by default `.warmline` beside the code."""
    return configuration.HOME.value()
