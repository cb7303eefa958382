"""Which carriers there are, and the parts of each by their fixed names. No Django here."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from telephony import carriers
from telephony.carriers.provisioning import Provisioning
from telephony.carriers.wire import Codec
from telephony.control.decisions import Decision, Remembered
from warmline.kernel.configuration.setting import Setting
from warmline.kernel.errors import ConfigurationError, NotFound

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,15}")  # a call's row holds 16 characters of it
# What the web plane's other addresses begin with: a carrier of that name would take them.
TAKEN: Final = frozenset(
    {
        "account",
        "admin",
        "agents",
        "api",
        "audit",
        "bookings",
        "calendar",
        "calls",
        "companies",
        "company",
        "confirm",
        "healthz",
        "home",
        "internal",
        "invitations",
        "keys",
        "knowledge",
        "mailbox",
        "members",
        "metrics",
        "numbers",
        "operators",
        "password",
        "pools",
        "recordings",
        "shadow",
        "sign-in",
        "sign-up",
        "static",
        "talk",
        "usage",
        "webhooks",
        "widget",
    }
)
_FILES: Final = ("__init__.py", "documents.py", "stream_codec.py", "urls.py")


@cache
def names() -> tuple[str, ...]:
    """The carriers, in alphabetical order; `ConfigurationError` says which folder cannot be one."""
    folders: dict[str, Path] = {}
    for folder in _folders():
        _check(folder)
        earlier = folders.setdefault(folder.name, folder)
        if earlier != folder:
            raise ConfigurationError(
                f"carrier {folder.name!r}: one folder expected, not {earlier} and {folder}"
            )
    return tuple(sorted(folders))


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


def provisioning(carrier: str) -> Provisioning:
    """How a carrier is asked for accounts and numbers; `NotFound` for one that gives out none."""
    if carrier not in provisioners():
        raise NotFound(f"carrier {carrier[:16]!r}: expected one of {', '.join(provisioners())}")
    provisioning: Provisioning = _part(carrier, "provisioning").PROVISIONING
    return provisioning


@cache
def provisioners() -> tuple[str, ...]:
    """The carriers that give out numbers."""
    given = {folder.name for folder in _folders() if (folder / "provisioning.py").is_file()}
    return tuple(name for name in names() if name in given)


def settings() -> tuple[Setting[Any], ...]:
    """What operators set for the carriers."""
    with_settings = [folder.name for folder in _folders() if (folder / "settings.py").is_file()]
    return tuple(setting for name in with_settings for setting in _part(name, "settings").SETTINGS)


def _folders() -> Iterator[Path]:
    for place in map(Path, carriers.__path__):
        if not place.is_absolute() or not place.is_dir():
            raise ConfigurationError(
                f"WARMLINE_CARRIERS: {str(place)!r} is no folder (its whole path expected)"
            )
        folders = [path for path in place.iterdir() if path.is_dir() and path.name[0] not in "._"]
        if not folders:
            raise ConfigurationError(f"WARMLINE_CARRIERS: {str(place)!r} holds no carrier's folder")
        yield from folders


def _check(folder: Path) -> None:
    if not _NAME.fullmatch(folder.name) or folder.name in TAKEN:
        raise ConfigurationError(
            f"carrier folder {str(folder)!r}: expected a name of at most 16 small letters, digits "
            f"and underscores, a letter first, and none of {', '.join(sorted(TAKEN))}"
        )
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ConfigurationError(f"carrier folder {str(folder)!r}: it has no {missing[0]}")


@cache
def _part(carrier: str, module: str) -> Any:
    return import_module(f"telephony.carriers.{carrier}.{module}")
