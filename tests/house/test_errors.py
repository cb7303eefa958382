"""Each error of the one tree says what an API answers and,
where a caller may meet it, what is said.
"""

import importlib
import pkgutil

import pytest

from warmline.kernel.errors import Unavailable, WarmlineError

PACKAGES = (
    "warmline.kernel",
    "tenants",
    "inference",
    "rag",
    "agents",
    "verticals",
    "telephony",
    "shadow",
    "dashboard",
)


def every_error() -> list[type[WarmlineError]]:
    for package in PACKAGES:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if found.name.rsplit(".", 1)[-1] in {"errors", "types"}:
                importlib.import_module(found.name)
    found_errors, queue = [], [WarmlineError]
    while queue:
        error = queue.pop()
        found_errors.append(error)
        queue.extend(error.__subclasses__())
    return found_errors


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_an_error_has_a_status_a_spoken_line_and_a_docstring(error: type[WarmlineError]) -> None:
    """Status 4xx for the sender's fault, 5xx for ours; the spoken line is a sentence."""
    assert 400 <= error.http_status < 600
    assert error.spoken.endswith((".", "?"))
    assert error.__doc__


def test_only_what_may_pass_is_retryable() -> None:
    """A 4xx will be refused again just the same."""
    assert Unavailable.retryable
    assert [
        e.__name__
        for e in every_error()
        if e.retryable and e.http_status not in {408, 409, 429, 503, 504}
    ] == []
