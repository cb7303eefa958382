"""What a model gives as a tool's name and arguments, read as far as it can be understood.

Models that are asked for a JSON object also give null, nothing, the object as text, or as text
within text; names come in other cases and with a prefix.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

# Two is common: a server that encodes what the model encoded already.
_MAX_WRAPPINGS: Final = 4
_NAMESPACE: Final = re.compile(r".*[./:](?=\w)", re.DOTALL)
_NO_NAME: Final = re.compile(r"[\W_]+")


def arguments_of(given: object) -> dict[str, object] | None:
    """The fields of the JSON object that was meant, without its nulls; None where there is none."""
    for _ in range(_MAX_WRAPPINGS):
        if given is None or given == []:
            return {}
        if isinstance(given, dict):
            return {str(name): value for name, value in given.items() if value is not None}
        if isinstance(given, list) and len(given) == 1:
            given = given[0]
        elif isinstance(given, str):
            if not given.strip():
                return {}
            try:
                given = msgspec.json.decode(given)
            except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
                return None
        else:
            return None
    return None


def argument_text(value: object) -> str | None:
    """A value as text: a number or a truth as it is written; None for what is no single value."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return None


def meant_name(given: str, known: Iterable[str]) -> str | None:
    """Which known name is meant, whatever its case, signs between words and prefix; else None."""
    known = tuple(known)
    if given in known:
        return given
    for name in known:
        if bare_name(name) == bare_name(given):
            return name
    return None


def bare_name(name: str) -> str:
    """A name without its namespace, in small letters and digits only."""
    return _NO_NAME.sub("", _NAMESPACE.sub("", name)).casefold()
