"""Handing the call to a person: the same tool in every vertical.

The wish is recorded; the media plane acts on it.
"""

from typing import Final

from verticals.types import ToolAnswer, ToolRequest
from warmline.kernel.text import fitted
from warmline.kernel.tool_arguments import argument_text, arguments_of
from warmline.kernel.vertical import TRANSFER_TO_PERSON, Tool, ToolParameter

MAX_REASON_CHARACTERS: Final = 500

TRANSFER = Tool(
    name=TRANSFER_TO_PERSON,
    description="hand the call to a person",
    parameters=(ToolParameter(name="reason", description="why"),),
    writes=True,
)


def transfer_arguments(given: object) -> dict[str, str]:
    """The reason as far as it is text; a wish for a person never fails for its reason."""
    fields = arguments_of(given)
    reason = argument_text(given if fields is None else fields.get("reason"))
    cleaned = fitted((reason or "").strip(), limit=MAX_REASON_CHARACTERS)
    return {"reason": cleaned} if cleaned else {}


def transfer_to_person(_request: ToolRequest) -> ToolAnswer:
    """Says that the call is being put through; the run's own row keeps the reason."""
    return ToolAnswer(ok=True, result={"status": "transferring"})
