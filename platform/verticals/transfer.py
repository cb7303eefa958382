"""Handing the call to a person: the same tool in every vertical.

The wish is recorded; the media plane acts on it.
"""

from verticals.types import ToolAnswer, ToolRequest
from warmline.kernel.vertical import Tool, ToolParameter

TRANSFER = Tool(
    name="transfer_to_person",
    description="hand the call to a person",
    parameters=(ToolParameter(name="reason", description="why"),),
    writes=True,
)


def transfer_to_person(_request: ToolRequest) -> ToolAnswer:
    """Says that the call is being put through; the run's own row keeps the reason."""
    return ToolAnswer(ok=True, result={"status": "transferring"})
