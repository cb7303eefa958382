"""Which verticals there are. They do not know one another;
this is where they are brought together.
"""

from collections.abc import Mapping
from types import MappingProxyType

from agents.errors import UnknownTool
from verticals.healthcare import tools as healthcare
from verticals.homeservices import tools as homeservices
from verticals.types import Handler
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.vertical import Tool, Vertical

_HANDLERS: dict[str, dict[str, Handler]] = {
    homeservices.VERTICAL.slug: homeservices.HANDLERS,
    healthcare.VERTICAL.slug: healthcare.HANDLERS,
}
VERTICALS: Mapping[str, Vertical] = MappingProxyType(
    {line.slug: line for line in (homeservices.VERTICAL, healthcare.VERTICAL)}
)


def vertical(slug: str) -> Vertical:
    """The vertical of that slug; one that this installation lacks is a `ConfigurationError`."""
    if slug not in VERTICALS:
        raise ConfigurationError(
            f"vertical {slug!r}: expected one of {', '.join(sorted(VERTICALS))}"
        )
    return VERTICALS[slug]


def tool_of(slug: str, name: str) -> tuple[Tool, Handler]:
    """A vertical's tool and what runs it; `UnknownTool` when it has none of that name."""
    tool = vertical(slug).tool(name)
    if tool is None:
        known = ", ".join(each.name for each in vertical(slug).tools)
        raise UnknownTool(f"tool {name!r}: {slug} has {known}")
    return tool, _HANDLERS[slug][name]
