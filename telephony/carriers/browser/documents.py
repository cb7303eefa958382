"""What call control decides, as a page reads it."""

import msgspec

from telephony.control.decisions import Connect, Decision, Refuse

SORRY = "Nobody can answer here right now. Please try again in a few minutes."


def render(decision: Decision) -> str:
    """The decision as JSON: where to speak to, or a sentence to show.

    A page dials nobody and holds no line: whatever needs a telephone is a polite sentence.
    """
    match decision:
        case Connect(stream, _):
            opened = {"url": stream.url, "call": stream.call_id, "token": stream.token}
            return msgspec.json.encode({"connect": opened}).decode()
        case Refuse(say):
            return msgspec.json.encode({"say": say}).decode()
    return msgspec.json.encode({"say": SORRY}).decode()
