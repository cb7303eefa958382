"""Every code that a refusal of the API may carry, and what it means: read from the errors."""

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.apps import apps

from tenants.api.problems import CODES, CODES_BY_STATUS
from warmline.kernel.errors import WarmlineError

# What no request of the API comes to: the media plane's own, commands' and settings'.
_ELSEWHERE: Final = ("telephony.media", "programs", "tests", "warmline.embedded")
_MEANINGS: Final = {
    "bad_input": "A parameter or a field is not as expected; `errors` names each.",
    "malformed_body": "The body is no JSON in UTF-8, or names a field twice.",
    "unauthenticated": "There is no API key, or it is unknown, expired or revoked.",
    "not_allowed": "The credential is good but does not reach this.",
    "not_found": "The company has nothing of that id; another company's is not there either.",
    "method_not_allowed": "The address takes other methods: `Allow` lists them.",
    "not_acceptable": "`Accept` asks for what is not given here: answers are JSON.",
    "unsupported_media_type": "The body's `Content-Type` is not taken: send application/json.",
    "rate_limited": "Too many requests: come again after `Retry-After` seconds.",
    "body_too_large": "More was sent than this address takes.",
    "body_too_slow": "The body was not there in time.",
    "too_many_at_once": "More is being asked at once than there is room for.",
    "internal_error": "Something broke on our side; it has been noted under `instance`.",
    "unavailable": "Something this needs is away or full: try again later.",
    "unknown_parameter": "The operation has no such parameter.",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code, the statuses that it comes with, and what it means."""

    code: str
    statuses: tuple[int, ...]
    meaning: str


@cache
def codes() -> tuple[Code, ...]:
    """All of them, by name."""
    statuses: dict[str, set[int]] = {}
    meanings = dict(_MEANINGS)
    for error in _errors():
        statuses.setdefault(error.code, set()).add(error.http_status)
        meanings.setdefault(error.code, _first_paragraph(error))
    for exception, code in CODES.items():
        statuses.setdefault(code, set()).add(exception.status_code)
    for status, code in CODES_BY_STATUS.items():
        statuses.setdefault(code, set()).add(status)
    return tuple(
        Code(code, tuple(sorted(statuses[code])), meanings.get(code, ""))
        for code in sorted(statuses)
    )


def _errors() -> Iterator[type[WarmlineError]]:
    """Our own errors that an answer may be made of."""
    _import_all()
    for error in _below(WarmlineError):
        if not error.__module__.startswith(_ELSEWHERE) and error.http_status != 500:
            yield error


def _import_all() -> None:
    """Every module of errors of our apps, so that the list does not depend on who asked before."""
    for config in apps.get_app_configs():
        if "site-packages" in config.path:
            continue
        for module in pkgutil.walk_packages([config.path], f"{config.name}."):
            if module.name.endswith(".errors") and not module.name.startswith(_ELSEWHERE):
                pkgutil.resolve_name(module.name)


def _below(error: type[WarmlineError]) -> Iterable[type[WarmlineError]]:
    for child in error.__subclasses__():
        yield child
        yield from _below(child)


def _first_paragraph(error: type[WarmlineError]) -> str:
    return " ".join((inspect.getdoc(error) or "").split("\n\n")[0].split())
