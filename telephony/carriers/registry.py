"""Which carriers there are, and the parts of each by their fixed names. No Django here."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from telephony import carriers
from telephony.carriers.wire import Codec
from telephony.control.decisions import Decision, Remembered


@cache
def names() -> tuple[str, ...]:
    """The carriers, in alphabetical order."""
    found = pkgutil.iter_modules(carriers.__path__)
    return tuple(sorted(module.name for module in found if module.ispkg))


def media_path(carrier: str) -> str:
    """The path of a carrier's media socket."""
    return f"/{carrier}/media"


def codecs() -> dict[str, Codec]:
    """Every carrier's codec by the path of its media socket."""
    return {media_path(name): _part(name, "stream_codec").CODEC for name in names()}


def media_url(ws_url: str, *, carrier: str) -> str:
    """A carrier's own socket at a media process, whose heartbeat names one of its sockets.

    An address that ends in no carrier's path is taken as it is: whatever stands before the media
    process knows the way.
    """
    for name in names():
        if ws_url.endswith(media_path(name)):
            return ws_url.removesuffix(media_path(name)) + media_path(carrier)
    return ws_url


def render(decision: Decision, *, carrier: str) -> str:
    """The decision as the carrier is told it."""
    if isinstance(decision, Remembered):
        return decision.document
    document: str = _part(carrier, "documents").render(decision)
    return document


@cache
def _part(carrier: str, module: str) -> Any:
    return import_module(f"telephony.carriers.{carrier}.{module}")
