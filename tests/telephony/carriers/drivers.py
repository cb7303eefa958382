"""Both carriers as the stories see them: each sends its own signed webhooks, and tells in the
stories' words what it was answered.
"""

import base64
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from django.test import Client

from tests.fakes.carriers.tandem.events import signature
from tests.telephony.conftest import NEW_YORKER, PLUMBER, ringing, sign

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What became of a call, in the order in which it may be told.
STATUSES = ("placed", "ringing", "answered", "completed")


@dataclass(frozen=True)
class Answer:
    """What a carrier was answered. `steps` are what it does in turn, `document` is the very answer.

    Where a stream is opened, `url` and `parameters` say which; where a question follows,
    `asks_next` says with which counts.
    """

    steps: tuple[str, ...]
    document: str
    said: str = ""
    dialled: str = ""
    url: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    both_tracks: bool = False
    asks_next: tuple[int, int] | None = None  # attempt, holds


class Driver(Protocol):
    """A carrier with calls numbered by the story."""

    name: str

    def call_id(self, call: int) -> str:
        """The carrier's own id of a call."""

    def ring(self, call: int = 1, *, caller: str = NEW_YORKER, dialled: str = PLUMBER) -> Answer:
        """A call rings."""

    def stream_ended(
        self, call: int = 1, *, attempt: int = 1, holds: int = 0, dialled: str = PLUMBER
    ) -> Answer:
        """Its stream, or its wait for one, is over."""

    def dial_ended(self, call: int = 1, *, talked: bool) -> Answer:
        """The person who was dialled hung up, or never picked up."""

    def report(self, status: str, call: int = 1, *, dialled: str = PLUMBER) -> None:
        """One of `STATUSES`, or a word of the carrier's that nobody knows."""

    def forge(self, call: int = 1) -> int:
        """A call rings, says somebody else; the status of the answer."""


class TwilioDriver:
    """Twilio: signed forms in, TwiML out."""

    name = "twilio"
    _words = {"placed": "initiated", "answered": "in-progress"}

    def __init__(self) -> None:
        self._client = Client()

    def call_id(self, call: int) -> str:
        return ringing(str(call))["CallSid"]

    def ring(self, call: int = 1, *, caller: str = NEW_YORKER, dialled: str = PLUMBER) -> Answer:
        form = ringing(str(call), caller=caller, dialled=dialled)
        return self._ask("/twilio/voice", form)

    def stream_ended(
        self, call: int = 1, *, attempt: int = 1, holds: int = 0, dialled: str = PLUMBER
    ) -> Answer:
        path = f"/twilio/resume?attempt={attempt}&holds={holds}"
        return self._ask(path, ringing(str(call), dialled=dialled))

    def dial_ended(self, call: int = 1, *, talked: bool) -> Answer:
        outcome = "completed" if talked else "no-answer"
        return self._ask("/twilio/dialed", {**ringing(str(call)), "DialCallStatus": outcome})

    def report(self, status: str, call: int = 1, *, dialled: str = PLUMBER) -> None:
        place = STATUSES.index(status) if status in STATUSES else 1
        form = ringing(str(call), dialled=dialled) | {
            "CallStatus": self._words.get(status, status),
            "SequenceNumber": str(place),
            "Timestamp": f"Sun, 01 Mar 2026 12:00:{place:02d} +0000",
        }
        assert self._post("/twilio/status", form)[0] == 204

    def forge(self, call: int = 1) -> int:
        return self._post("/twilio/voice", ringing(str(call)), signed="A" * 27 + "=")[0]

    def _ask(self, path: str, form: dict[str, str]) -> Answer:
        status, document = self._post(path, form)
        assert status == 200, document
        return _read_twiml(document)

    def _post(self, path: str, form: dict[str, str], *, signed: str = "") -> tuple[int, str]:
        response = self._client.post(
            path,
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed or sign(path, form)},
        )
        return response.status_code, response.content.decode()


_TWIML_STEPS = {
    "Connect": "stream",
    "Start": "fork",
    "Dial": "dial",
    "Say": "say",
    "Pause": "wait",
    "Record": "record",
    "Hangup": "hang up",
}


def _read_twiml(document: str) -> Answer:
    root = ElementTree.fromstring(document)
    steps = [_TWIML_STEPS[verb.tag] for verb in root if verb.tag != "Redirect"]
    if "record" in steps:
        steps.remove("hang up")  # what stands behind a recording that was never made
    streams = list(root.iter("Stream"))
    attributes = streams[0].attrib if streams else {}
    return Answer(
        steps=tuple(steps),
        document=document,
        said=root.findtext("Say", ""),
        dialled=root.findtext("Dial", ""),
        url=attributes.get("url", ""),
        parameters={
            parameter.attrib["name"]: parameter.attrib["value"]
            for parameter in root.iter("Parameter")
        },
        both_tracks=attributes.get("track") == "both_tracks",
        asks_next=_counts(root.findtext("Redirect", "")),
    )


def _counts(address: str) -> tuple[int, int] | None:
    if not address:
        return None
    query = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
    return int(query["attempt"]), int(query.get("holds", 0))


class TandemDriver:
    """Tandem: signed JSON in, commands out."""

    name = "tandem"

    def __init__(self) -> None:
        self._client = Client()

    def call_id(self, call: int) -> str:
        return f"v3:{uuid5(NAMESPACE_URL, str(call))}"

    def ring(self, call: int = 1, *, caller: str = NEW_YORKER, dialled: str = PLUMBER) -> Answer:
        return self._ask("call.initiated", call, to=dialled, **{"from": caller})

    def stream_ended(
        self, call: int = 1, *, attempt: int = 1, holds: int = 0, dialled: str = PLUMBER
    ) -> Answer:
        kind = "call.wait.ended" if holds else "call.streaming.stopped"
        counts = base64.b64encode(json.dumps({"attempt": attempt, "holds": holds}).encode())
        return self._ask(kind, call, to=dialled, client_state=counts.decode())

    def dial_ended(self, call: int = 1, *, talked: bool) -> Answer:
        result = "bridged" if talked else "timeout"
        return self._ask("call.transfer.ended", call, transfer_result=result)

    def report(self, status: str, call: int = 1, *, dialled: str = PLUMBER) -> None:
        place = STATUSES.index(status) if status in STATUSES else 1
        kind = "call.hangup" if status == "completed" else f"call.{status}"
        at = START + timedelta(seconds=place)
        body = self._event(kind, call, at=at, to=dialled, hangup_cause="normal_clearing")
        assert self._post(body)[0] == 200

    def forge(self, call: int = 1) -> int:
        return self._post(self._event("call.initiated", call), secret="guessed")[0]

    def _ask(self, kind: str, call: int, **payload: Any) -> Answer:
        status, document = self._post(self._event(kind, call, **payload))
        assert status == 200, document
        return _read_commands(document)

    def _event(self, kind: str, call: int, *, at: datetime = START, **payload: Any) -> bytes:
        known = {"call_control_id": self.call_id(call), "to": PLUMBER, "direction": "incoming"}
        event = {
            "id": str(uuid5(NAMESPACE_URL, f"{call} {kind} {payload}")),
            "event_type": kind,
            "occurred_at": at.isoformat(),
            "payload": known | payload,
        }
        return json.dumps({"data": event, "meta": {"attempt": 1}}).encode()

    def _post(self, body: bytes, *, secret: str = "secret-of-the-tests") -> tuple[int, str]:
        now = str(int(time.time()))
        signed = signature(body, timestamp=now, secret=secret)
        response = self._client.post(
            "/tandem/events",
            data=body,
            content_type="application/json",
            headers={"tandem-timestamp": now, "tandem-signature": signed},
        )
        return response.status_code, response.content.decode()


_TANDEM_STEPS = {
    "speak": "say",
    "transfer": "dial",
    "wait": "wait",
    "record_start": "record",
    "hangup": "hang up",
}


def _read_commands(document: str) -> Answer:
    commands = json.loads(document)["commands"]
    fields: dict[str, Any] = {}
    for command in commands:
        fields |= command
    both_tracks = fields.get("stream_track") == "both_tracks"
    steps = _TANDEM_STEPS | {"streaming_start": "fork" if both_tracks else "stream"}
    then = _state(fields.get("then"))
    return Answer(
        steps=tuple(steps[command["command"]] for command in commands),
        document=document,
        said=fields.get("payload", ""),
        dialled=fields.get("to", ""),
        url=fields.get("stream_url", ""),
        parameters=_state(fields.get("client_state")),
        both_tracks=both_tracks,
        asks_next=(then["attempt"], then["holds"]) if then else None,
    )


def _state(encoded: str | None) -> dict[str, Any]:
    return json.loads(base64.b64decode(encoded)) if encoded else {}
