"""JSON bodies of requests, read so that what no decoder agrees on is refused at the door."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from warmline.kernel.errors import BadInput

Body = TypeVar("Body")


def decoded_body(raw: bytes, decode: Callable[[bytes], Body]) -> Body:
    """The body by a decoder of msgspec's; `BadInput` says what is wrong with it.

    Refused too: what is nested too deeply to be read, a name that comes twice in one object (which
    of the two counts is anybody's guess), and a number with thousands of digits.
    """
    try:
        body = decode(raw)
        json.loads(raw, object_pairs_hook=_names_once)
    except RecursionError:
        raise BadInput("body: expected JSON; this is nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadInput(f"body: {error}") from error
    return body


def _names_once(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"expected each name once; {twice[:40]!r} comes twice")
