"""Settings from the environment, parsed at the door with errors that name the variable."""

import os
from pathlib import Path

import msgspec

from warmline.kernel.errors import ConfigurationError

REPOSITORY = Path(__file__).resolve().parents[3]


def text(name: str, default: str | None = None) -> str:
    """The variable's value; without one and without a default, `ConfigurationError`."""
    value = os.environ.get(name, default)
    if value is None:
        raise ConfigurationError(
            f"environment variable {name} is not set; `make serve` sets it on one machine"
        )
    return value


def integer(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ConfigurationError(f"{name}={value!r}: expected a whole number") from None


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as yes or no: 1, true, yes, on against 0, false, no, off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ConfigurationError(f"{name}={value!r}: expected yes or no")


def mapping(name: str, default: dict[str, str]) -> dict[str, str]:
    """The variable as a JSON object of strings."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return msgspec.json.decode(value, type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise ConfigurationError(f"{name}: expected a JSON object of strings: {error}") from error


def home() -> Path:
    """The one folder of run-time state (WARMLINE_HOME), by default `.warmline` beside the code."""
    return Path(os.environ.get("WARMLINE_HOME", REPOSITORY / ".warmline"))
