"""What a person did for a caller, made out from the person's own words. Pure."""

import re

from shadow.types import Action, ActionKind
from warmline.kernel.matching import match_key

_BOOKED = r"(?:booked|scheduled|reserved|confirmed|set up|put down|down for)"
_BOOKING = (
    r"(?:i (?:booked|scheduled|reserved|put)|i'll put|i will put|booking) (?:you|it|that|this)"
)
_TRANSFERRING = r"(?:putting|put|transferring|transfer|connecting|connect)"
# Said when it is done, or being done; the same words in a question or an offer do nothing.
_DONE: tuple[tuple[ActionKind, re.Pattern[str]], ...] = (
    (
        "book",
        re.compile(rf"\b(?:are|is|have|got|all|i've|you're|it's|been) (?:\w+ ){{0,2}}?{_BOOKED}\b"),
    ),
    ("book", re.compile(rf"\b{_BOOKING}\b")),
    (
        "book",
        re.compile(r"\b(?:opened|open|created) (?:a|the|your) ticket\b|\byour reference is\b"),
    ),
    (
        "transfer",
        re.compile(rf"\b{_TRANSFERRING} (?:you|this|the call) (?:through|over|to|now|with)\b"),
    ),
    (
        "look_up",
        re.compile(
            r"\b(?:let me (?:check|look)|i am checking|i'm checking|looking (?:it|that) up)\b"
        ),
    ),
)
_VERB = r"(?:book|reserve|schedule|put|transfer|connect|open)"
_ASKING = re.compile(
    rf"\b(?:shall|should|can|could|may) (?:i|we) (?:\w+ )?{_VERB}\b"
    rf"|\b(?:want|like) (?:me|us) to (?:\w+ )?{_VERB}\b"
)
_SENTENCE_END = re.compile(r"[.?!]+")


def spoken_actions(text: str) -> tuple[Action, ...]:
    """What the words say was done, each kind once; a question or an offer does nothing."""
    actions: dict[ActionKind, Action] = {}
    for sentence in _SENTENCE_END.split(match_key(text)):
        if _ASKING.search(sentence):
            continue
        for kind, pattern in _DONE:
            if kind not in actions and pattern.search(sentence):
                words = (("said", sentence.strip()),)
                actions[kind] = Action(kind=kind, name=kind, arguments=words)
    return tuple(actions.values())
