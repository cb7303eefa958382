"""What can go wrong around agents and their tools."""

from collections.abc import Sequence

from agents.lint.findings import Finding
from warmline.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, PreconditionFailed


class NoAgent(NotFound):
    """The tenant has no such agent, or the agent no live version."""


class NoVersion(NotFound):
    """The agent has no version of that number, or none in that state."""


class NoDraft(Conflict):
    """Nothing of the agent is being written."""


class AgentExists(BadInput):
    """Another agent of the tenant has that name."""

    http_status = 409


class AgentArchived(Conflict):
    """The agent is out of use: restore it first."""


class DraftMoved(PreconditionFailed):
    """Somebody else saved the draft meanwhile: read it again, then decide."""


class UnknownTool(NotFound):
    """The vertical has no tool of that name."""


class ToolNotGranted(NotAllowed):
    """The call's token does not name this tool."""


class BadArguments(BadInput):
    """The arguments do not fit the tool's schema; the message says which and how."""

    http_status = 422


class BadWording(BadInput):
    """A version or a profile that could not be spoken: the message says what is missing."""


class NotSpeakable(BadWording):
    """A draft that must not go live as it is; `findings` say why, each beside its field."""

    http_status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        whys = "; ".join(f"{finding.field}: {finding.why}" for finding in findings)
        super().__init__(f"this cannot go live: {whys}", field=findings[0].field)
        self.findings = tuple(findings)


class BadHours(BadInput):
    """Opening hours that contradict themselves: the message says which, and what was expected."""


class ToolCallIdReused(BadInput):
    """The same tool_call_id came with another tool or other arguments."""

    http_status = 409
