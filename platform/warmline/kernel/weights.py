"""Where model weights lie on this machine; none is given out unless its files are the expected."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from warmline.kernel import env
from warmline.kernel.configuration import speech
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.weights_table import WEIGHTS, Weights

BROUGHT_BY: Final = "`make weights` brings it"


def weights_folder() -> Path:
    """The folder of all weights: WARMLINE_WEIGHTS, else `weights` in the home."""
    return speech.WEIGHTS.given() or env.home() / "weights"


def weights_file(name: str) -> Path:
    """The file that a runtime opens of these weights; what else belongs to them lies beside it.

    Every file's sha256 is compared once a process, which takes 0.3 s for 75 MB: call it where
    models are loaded, not on an event loop. `ConfigurationError` says what is missing or other than
    expected.
    """
    return _checked(name, weights_folder())


@cache
def _checked(name: str, folder: Path) -> Path:
    weights = _called(name)
    for file in weights.files:
        path = folder / name / file.name
        try:
            with path.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise ConfigurationError(
                f"the weights {name} need {path}: {error.strerror}; {BROUGHT_BY}"
            ) from error
        if found != file.sha256:
            raise ConfigurationError(
                f"the weights {name}: expected {path} with sha256 {file.sha256[:12]}…, found "
                f"{found[:12]}…; remove {folder}, then {BROUGHT_BY}"
            )
    return folder / name / weights.files[0].name


def _called(name: str) -> Weights:
    for weights in WEIGHTS:
        if weights.name == name:
            return weights
    known = ", ".join(weights.name for weights in WEIGHTS)
    raise ConfigurationError(f"no weights are called {name!r}: expected one of {known}")
