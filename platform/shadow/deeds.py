"""What a person did for a caller, made out from the person's own words. Pure."""

import re

from shadow.types import Action, ActionKind

_BOOKED = r"(?:booked|scheduled|reserved|confirmed|set up|put down|down for)"
_BOOKING = (
    r"(?:i (?:booked|scheduled|reserved|put)|i'll put|i will put|booking) (?:you|it|that|this)"
)
_TRANSFERRING = r"(?:putting|put|transferring|transfer|connecting|connect)"
# Said when it is done, or being done; the same words in a question or an offer are no deed.
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
    rf"\b(?:shall|should|can|could|may) (?:i|we) (?:\w+ )?{_VERB}\b|\b(?:want|like) (?:me|us) to (?:\w+ )?{_VERB}\b"
)
_SENTENCE_END = re.compile(r"[.?!]+")


def deeds(text: str) -> tuple[Action, ...]:
    """What the words say was done, each kind once; a question or an offer does nothing."""
    found: dict[ActionKind, Action] = {}
    for sentence in _SENTENCE_END.split(text.lower()):
        if _ASKING.search(sentence):
            continue
        for kind, said in _DONE:
            if said.search(sentence):
                found.setdefault(
                    kind, Action(kind=kind, name=kind, arguments=(("said", sentence.strip()),))
                )
    return tuple(found.values())
