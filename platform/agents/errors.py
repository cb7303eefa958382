"""What can go wrong around agents and their tools."""

from warmline.kernel.errors import BadInput, NotAllowed, NotFound


class NoAgent(NotFound):
    """The tenant has no such agent, or the agent no live version."""


class UnknownTool(NotFound):
    """The vertical has no tool of that name."""


class ToolNotGranted(NotAllowed):
    """The call's token does not name this tool."""


class BadArguments(BadInput):
    """The arguments do not fit the tool's schema; the message says which and how."""

    http_status = 422


class BadWording(BadInput):
    """A version or a profile that could not be spoken: the message says what is missing."""


class BadHours(BadInput):
    """Opening hours that contradict themselves: the message says which, and what was expected."""


class ToolCallIdReused(BadInput):
    """The same tool_call_id came with another tool or other arguments."""

    http_status = 409
