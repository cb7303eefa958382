"""The verticals that are installed: they do not know one another and are brought together here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from agents.errors import UnknownTool
from verticals.discovery import installed_verticals
from verticals.types import Handler
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.vertical import Tool, Vertical


@dataclass(frozen=True, slots=True)
class _Installed:
    """What a vertical's `tools.py` gives."""

    vertical: Vertical
    handlers: Mapping[str, Handler]


def _load(slug: str) -> _Installed:
    tools = import_module(f"verticals.{slug}.tools")
    if tools.VERTICAL.slug != slug:
        raise ConfigurationError(
            f"{tools.__file__}: its vertical's slug is {tools.VERTICAL.slug!r}, expected {slug!r}, "
            "the folder's name"
        )
    return _Installed(tools.VERTICAL, tools.HANDLERS)


_INSTALLED = MappingProxyType({slug: _load(slug) for slug in installed_verticals()})


def _installed(slug: str) -> _Installed:
    if slug not in _INSTALLED:
        raise ConfigurationError(f"vertical {slug!r}: expected one of {', '.join(_INSTALLED)}")
    return _INSTALLED[slug]


def vertical(slug: str) -> Vertical:
    """The vertical of that slug; one that this installation lacks is a `ConfigurationError`."""
    return _installed(slug).vertical


def tool_of(slug: str, name: str) -> tuple[Tool, Handler]:
    """A vertical's tool and what runs it; `UnknownTool` when it has none of that name."""
    installed = _installed(slug)
    tool = installed.vertical.tool(name)
    if tool is None:
        known = ", ".join(tool.name for tool in installed.vertical.tools)
        raise UnknownTool(f"tool {name!r}: {slug} has {known}")
    return tool, installed.handlers[name]
