"""Requests to any OpenAI-compatible endpoint: where it is asked, how it takes its key, and which
fields it refuses.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from inference.fleet.credentials import bearer

# What an answer may do without. Tools are not among them: an agent without any would promise what
# it cannot do, and could not put a caller through.
OPTIONAL_FIELDS: Final = (
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "stream_options",
    "continue_final_message",
    "add_generation_prompt",
)
# Not a field of a request: what an answer leaves out, remembered beside them.
OPENING: Final = "<think>"
REFUSALS: Final = frozenset({400, 422})
MOST_TRIES: Final = 4
MOST_ENDPOINTS: Final = 256
# An endpoint behind the same address may be another one tomorrow.
FORGET_S: Final = 3600.0
_VERSION: Final = re.compile(r"v\d+[a-z0-9]*", re.IGNORECASE)


def api_url(base_url: str, path: str) -> str:
    """The address of `path`, such as "chat/completions", at a base URL in any usual spelling.

    With or without /v1 and a slash at its end, with a version elsewhere (Google's
    /v1beta/openai), Azure's deployments with their api-version, or the whole address itself.
    """
    parts = urlsplit(base_url)
    base = parts.path.rstrip("/")
    if not base.endswith(f"/{path}"):
        folders = base.split("/")
        versioned = "deployments" in folders or any(map(_VERSION.fullmatch, folders))
        base += f"/{path}" if versioned else f"/v1/{path}"
    return urlunsplit(parts._replace(path=base))


def key_headers(url: str, key: str | None) -> dict[str, str]:
    """The headers that carry a key: Azure's deployments have one of their own."""
    parts = urlsplit(url)
    if key and ("api-version=" in parts.query or "/openai/deployments/" in parts.path):
        return {"api-key": key}
    return bearer(key)


class RefusedFields:
    """Which optional fields each endpoint refused: learnt from its answers, forgotten in time."""

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._refused: OrderedDict[str, tuple[frozenset[str], float]] = OrderedDict()

    def at(self, url: str) -> frozenset[str]:
        """The fields that are not sent to that address."""
        fields, until_s = self._refused.get(url, (frozenset[str](), 0.0))
        return fields if until_s > self._clock_s() else frozenset()

    def body(self, url: str, request: dict[str, Any]) -> dict[str, Any]:
        """The request as that address takes it."""
        refused = self.at(url)
        body = {field: value for field, value in request.items() if field not in refused}
        bound = request.get("max_tokens")
        if bound and "max_tokens" in refused and "max_completion_tokens" not in refused:
            body["max_completion_tokens"] = bound
        return body

    def learn(self, url: str, body: dict[str, Any], answer: bytes) -> bool:
        """Take from a refusal which fields of the body it names; whether there are any."""
        try:
            named = _named_fields(body, answer)
        except RecursionError:  # nested without end: nothing to be learnt from
            return False
        if named:
            self.add(url, named)
        return bool(named)

    def note(self, url: str, *, reasons_unopened: bool) -> None:
        """Whether that address leaves out the beginning of its reasoning."""
        known = self.at(url)
        if reasons_unopened:
            self.add(url, frozenset({OPENING}))
        elif OPENING in known:
            self._refused[url] = known - {OPENING}, self._clock_s() + FORGET_S

    def add(self, url: str, fields: frozenset[str]) -> None:
        """That address does not take these."""
        known = self.at(url)
        self._refused[url] = known | fields, self._clock_s() + FORGET_S
        self._refused.move_to_end(url)
        while len(self._refused) > MOST_ENDPOINTS:
            self._refused.popitem(last=False)


def _named_fields(body: dict[str, Any], answer: bytes) -> frozenset[str]:
    try:
        said = msgspec.json.decode(answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        said = answer.decode(errors="replace")
    exact = set(_places(said))
    text = msgspec.json.encode(said).decode()
    named = set()
    for field in OPTIONAL_FIELDS:
        if field in body and (field in exact if exact else re.search(rf"\b{field}\b", text)):
            named.add(field)
    return frozenset(named)


def _places(said: Any) -> list[str]:
    """Fields that an error object names as such: OpenAI's `param`, pydantic's `loc`."""
    places: list[str] = []
    if isinstance(said, dict):
        for name, value in said.items():
            if name == "param" and isinstance(value, str):
                places.append(value)
            elif name == "loc" and isinstance(value, list):
                places += [str(part) for part in value]
            elif name != "input":
                places += _places(value)
    elif isinstance(said, list):
        for value in said:
            places += _places(value)
    return places
