"""Text from outside: which characters nothing here keeps or shows, and what is done about them."""

import re
from collections.abc import Iterator
from typing import Any, Final

# NUL (Postgres has no place for it) and the other control characters but tab and line ends; halves
# of surrogate pairs, which are no characters and cannot be encoded.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def why_unfit(text: str, *, limit: int | None = None) -> str:
    """What is wrong with a text of at most `limit` characters; empty when nothing is."""
    if limit is not None and len(text) > limit:
        return f"at most {limit} characters; this has {len(text)}"
    unfit = _UNFIT.search(text)
    if unfit is None:
        return ""
    code = ord(unfit[0])
    kind = "half a surrogate pair" if code >= 0xD800 else "a control character"
    return f"no control characters; this has {kind} (U+{code:04X}) at {unfit.start() + 1}"


def fitted(text: str, *, limit: int | None = None) -> str:
    """The text without such characters, cut to `limit`: for what must not be refused."""
    return _UNFIT.sub("", text)[:limit]


def texts_in(value: Any) -> Iterator[str]:
    """Every text in what came as JSON, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def fitted_json(value: Any) -> Any:
    """What came as JSON, each text in it without such characters, keys too."""
    if isinstance(value, str):
        return fitted(value)
    if isinstance(value, dict):
        return {fitted(str(key)): fitted_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fitted_json(item) for item in value]
    return value
