"""What the agent has just asked, as far as it tells how an answer is complete. Pure."""

import re
from typing import Final, Literal

Asked = Literal["nothing", "yes_no", "name", "number", "zip", "address", "date", "email", "open"]

_SENTENCE: Final = re.compile(r"[^.!?]+[.!?]*")
_OPEN: Final = re.compile(r"how (?:can|may) i|what can i do|anything else|how else|please go on")
# In this order: "could I have your name" is a question for a name, whatever it begins with.
_THINGS: Final[tuple[tuple[Asked, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"\be-?mail\b")),
    ("zip", re.compile(r"\b(?:zip|postal code|post ?code)\b")),
    (
        "number",
        re.compile(
            r"\b(?:phone|telephone|callback|reach you|call you back|(?:reference|confirmation"
            r"|account|policy|order|card|best|good) (?:number|code)|number|digits)\b"
        ),
    ),
    ("address", re.compile(r"\b(?:address|street|located|live)\b")),
    ("date", re.compile(r"\b(?:when|what (?:day|date|time)|which day|date of birth|birthday)\b")),
    ("name", re.compile(r"\bnames?\b|\bwho (?:am i|is (?:this|it|calling)|should)\b|\bspell\b")),
)
_WANTS: Final = re.compile(
    r"\b(?:what|which|who|when|where|may|can|could|tell|give|need|have|get|spell|say|please)\b"
)
_YES_NO: Final = re.compile(
    r"^(?:so |and |okay |great |then )*(?:is|are|was|were|do|does|did|would|will|shall|should|can"
    r"|could|may|have|has|am)\b|\b(?:right|correct|okay|all right)\?"
    r"|\b(?:would you like|do you want|shall i|should i|is that|does that|are you)\b"
)


def asked(agent_said: str) -> Asked:
    """What the last question of the agent's last words asks for, or their last sentence."""
    sentences = [found.strip() for found in _SENTENCE.findall(agent_said.lower()) if found.strip()]
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    last = questions[-1] if questions else sentences[-1] if sentences else ""
    if _OPEN.search(last):
        return "open"
    if _WANTS.search(last):
        for thing, pattern in _THINGS:
            if pattern.search(last) and not _confirms(last):
                return thing
    if not questions:
        return "nothing"
    return "yes_no" if _YES_NO.search(last.replace(",", "")) else "open"


def _confirms(question: str) -> bool:
    """ "Is your number 415 555 0123?", "you live in Rome, is that right?" want a yes or a no."""
    return re.search(r"\b(?:right|correct)\?$|^(?:so )?(?:is|was|did) ", question) is not None
