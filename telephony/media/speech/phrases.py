"""What the agent says when the model does not, and how an ending is recognised. Pure."""

import re
from typing import Final

from warmline.kernel.matching import match_key

SAY_AGAIN: Final = "Sorry, could you say that again?"
ONE_MOMENT: Final = "One moment, please."
STILL_THERE: Final = "Are you still there?"
NOBODY_THERE: Final = "I can't hear you. Please call again. Goodbye."
TIME_IS_UP: Final = "I am sorry, I have to end this call now. Goodbye."
LOST_YOU: Final = "Sorry, I lost you for a moment."
GO_ON: Final = "Please go on."
# Said from audio that comes with the program: nothing else works when they are needed.
TROUBLE_TRANSFER: Final = "Sorry, we are having trouble. Please hold while I put you through."
TROUBLE_GOODBYE: Final = "Sorry, we are having trouble with our line. Please call again later."

_GOODBYE: Final = re.compile(
    r"\b(?:good[\s-]?bye|bye(?:[\s-]?bye)?|adiós|adios|hasta luego|au revoir|auf wiederhören"
    r"|auf wiedersehen|tschüss)\b[\W_]*$"
)


def ends_the_call(reply: str) -> bool:
    """An answer that closes with a goodbye and asks nothing is the last one."""
    return "?" not in reply and _GOODBYE.search(match_key(reply)) is not None
