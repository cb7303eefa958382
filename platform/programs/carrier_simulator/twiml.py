"""TwiML as a carrier reads it: a document is a list of verbs, done in order.

Source: https://www.twilio.com/docs/voice/twiml. Only what Warmline answers with is understood; an
unknown verb is an error here, as it is on a real call.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

from warmline.kernel.errors import BadInput

VERBS = frozenset(
    {"Say", "Pause", "Connect", "Start", "Dial", "Redirect", "Record", "Hangup", "Reject"}
)


class BadTwiml(BadInput):
    """The web plane answered with something that is no TwiML."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Where audio goes. `tracks` is inbound_track unless both are forked."""

    url: str
    track: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do. `stream` is set for <Connect> and <Start>."""

    name: str
    text: str
    attributes: dict[str, str]
    stream: Stream | None = None


def parse(document: str) -> tuple[Verb, ...]:
    """The verbs of a <Response>; `BadTwiml` says what was found instead."""
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  from our own web plane
    except ElementTree.ParseError as wrong:
        raise BadTwiml(f"expected TwiML: {wrong}") from wrong
    if root.tag != "Response":
        raise BadTwiml(f"expected <Response>, found <{root.tag}>")
    return tuple(_verb(element) for element in root)


def _verb(element: ElementTree.Element) -> Verb:
    if element.tag not in VERBS:
        raise BadTwiml(f"<{element.tag}>: expected one of {', '.join(sorted(VERBS))}")
    stream = element.find("Stream")
    if element.tag in {"Connect", "Start"} and stream is None:
        raise BadTwiml(f"<{element.tag}> without <Stream>")
    number = element.find("Number")
    text = (number.text if number is not None else element.text) or ""
    return Verb(
        element.tag, text.strip(), dict(element.attrib), None if stream is None else _stream(stream)
    )


def _stream(element: ElementTree.Element) -> Stream:
    url = element.get("url", "")
    if not url.startswith(("ws://", "wss://")) or "?" in url:
        raise BadTwiml(f"<Stream url={url!r}>: expected a WebSocket address without a query")
    parameters = {p.get("name", ""): p.get("value", "") for p in element.findall("Parameter")}
    return Stream(url, element.get("track", "inbound_track"), parameters)
