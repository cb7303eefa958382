"""What Tandem's webhooks say, checked and parsed at the door."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from telephony.calls.call_state import CarrierStatus
from telephony.errors import BadSignature, BadWebhook
from telephony.types import (
    CarrierReport,
    DialCallback,
    DialOutcome,
    IncomingCall,
    StreamCallback,
)

from .settings import SECRET

CARRIER: Final = "tandem"
TOLERANCE_S: Final = 300


class Payload(msgspec.Struct, frozen=True):
    """What an event says of its call."""

    call_control_id: str
    to: str
    from_: str = msgspec.field(default="", name="from")
    client_state: bytes = b"{}"
    hangup_cause: str = ""
    transfer_result: str = ""


class Event(msgspec.Struct, frozen=True):
    """One thing that happened to a call."""

    id: str
    event_type: str
    occurred_at: datetime
    payload: Payload


class _Body(msgspec.Struct, frozen=True):
    data: Event


class _Counts(msgspec.Struct, frozen=True):
    attempt: int = 1
    holds: int = 0


_decode_body = msgspec.json.Decoder(_Body).decode
_decode_counts = msgspec.json.Decoder(_Counts).decode

_STATUSES: Final[Mapping[str, CarrierStatus]] = {
    "call.placed": "initiated",
    "call.ringing": "ringing",
    "call.answered": "in-progress",
}
_HANGUPS: Final[Mapping[str, CarrierStatus]] = {
    "normal_clearing": "completed",
    "originator_cancel": "canceled",
    "timeout": "no-answer",
    "user_busy": "busy",
    "call_rejected": "failed",
}
_DIAL_OUTCOMES: Final[Mapping[str, DialOutcome]] = {
    "bridged": "talked",
    "timeout": "nobody",
    "user_busy": "nobody",
}


def signature(body: bytes, *, timestamp: str, secret: str) -> str:
    """HMAC-SHA256 over the moment and the body."""
    signed = timestamp.encode() + b"|" + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verified(body: bytes, *, timestamp: str, signed: str) -> Event:
    """The event; `BadSignature` unless the shared secret signed it within five minutes, and
    `BadWebhook` when it is none.
    """
    secret = SECRET.value()
    expected = signature(body, timestamp=timestamp, secret=secret)
    if not secret or not hmac.compare_digest(expected.encode(), signed.encode()):
        raise BadSignature("tandem-signature does not match this body")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        raise BadSignature(f"tandem-timestamp: expected a moment within {TOLERANCE_S} s")
    try:
        return _decode_body(body).data
    except msgspec.MsgspecError as error:
        raise BadWebhook(f"event: {error}") from error


def incoming_call(event: Event) -> IncomingCall:
    """A call that rings."""
    return IncomingCall(
        carrier=CARRIER,
        carrier_call_id=event.payload.call_control_id,
        caller=event.payload.from_,
        dialled=event.payload.to,
        verstat="",
        at=event.occurred_at,
    )


def stream_callback(event: Event) -> StreamCallback:
    """A stream, or a wait for one, is over."""
    counts = _decode_counts(event.payload.client_state)
    return StreamCallback(
        carrier=CARRIER,
        carrier_call_id=event.payload.call_control_id,
        dialled=event.payload.to,
        attempt=counts.attempt,
        holds=counts.holds,
    )


def dial_callback(event: Event) -> DialCallback:
    """A dialled person hung up, or never picked up."""
    return DialCallback(
        carrier=CARRIER,
        carrier_call_id=event.payload.call_control_id,
        dialled=event.payload.to,
        outcome=_DIAL_OUTCOMES.get(event.payload.transfer_result, ""),
    )


def report(event: Event) -> CarrierReport:
    """A call moved on."""
    status = _STATUSES.get(event.event_type, "")
    if event.event_type == "call.hangup":
        status = _HANGUPS.get(event.payload.hangup_cause, "failed")
    return CarrierReport(
        carrier=CARRIER,
        carrier_call_id=event.payload.call_control_id,
        dialled=event.payload.to,
        key=f"event:{event.id}",
        at=event.occurred_at,
        status=status,
    )
