"""What Twilio's webhooks say, parsed at the door."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from django.http import QueryDict

from telephony.calls.call_state import CarrierStatus
from telephony.errors import BadWebhook
from telephony.types import (
    CarrierReport,
    DialCallback,
    DialOutcome,
    IncomingCall,
    StreamCallback,
)
from warmline.kernel import clock
from warmline.kernel.phone_numbers import E164

CARRIER: Final = "twilio"

_CALL_SID = re.compile(r"CA[0-9a-f]{32}")
_STATUS = re.compile(r"[a-z-]{0,20}")
_SMALL = re.compile(r"[0-9]{1,4}")

# https://www.twilio.com/docs/voice/api/call-resource#call-status-values: the words are also ours.
_STATUSES: Final[Mapping[str, CarrierStatus]] = {
    "queued": "queued",
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "in-progress",
    "no-answer": "no-answer",
    "busy": "busy",
    "canceled": "canceled",
    "failed": "failed",
    "completed": "completed",
}
# https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values; after a <Record> there is none
_DIAL_OUTCOMES: Final[Mapping[str, DialOutcome]] = {
    "busy": "nobody",
    "no-answer": "nobody",
    "failed": "nobody",
    "canceled": "nobody",
    "completed": "talked",
    "answered": "talked",
}


def parse_incoming_call(form: QueryDict) -> IncomingCall:
    """The voice webhook; `BadWebhook` names the field that is not as expected."""
    return IncomingCall(
        carrier=CARRIER,
        carrier_call_id=_call_sid(form),
        caller=_one(form, "From"),
        dialled=dialled_number(form),
        verstat=_one(form, "StirVerstat"),
        at=clock.now(),
    )


def parse_status(form: QueryDict) -> CarrierReport:
    """The status callback; `BadWebhook` names the field that is not as expected."""
    call_sid = _call_sid(form)
    status, sequence = _one(form, "CallStatus"), _one(form, "SequenceNumber")
    if not _STATUS.fullmatch(status):
        raise BadWebhook("CallStatus: expected one of Twilio's call statuses")
    number = sequence if _SMALL.fullmatch(sequence) else ""
    return CarrierReport(
        carrier=CARRIER,
        carrier_call_id=call_sid,
        dialled=dialled_number(form),
        key=f"status:{call_sid}:{number}:{status}",
        at=_moment(_one(form, "Timestamp")),
        status=_STATUSES.get(status, ""),
    )


def parse_stream_callback(form: QueryDict, *, attempt: str, holds: str) -> StreamCallback:
    """The request after <Connect> or <Pause>.

    `attempt` and `holds` are those that we put, signed, into the address.
    """
    return StreamCallback(
        carrier=CARRIER,
        carrier_call_id=_call_sid(form),
        dialled=dialled_number(form),
        attempt=int(attempt) if _SMALL.fullmatch(attempt) else 1,
        holds=int(holds) if _SMALL.fullmatch(holds) else 0,
    )


def parse_dial_callback(form: QueryDict) -> DialCallback:
    """The request after <Dial> or <Record>."""
    return DialCallback(
        carrier=CARRIER,
        carrier_call_id=_call_sid(form),
        dialled=dialled_number(form),
        outcome=_DIAL_OUTCOMES.get(_one(form, "DialCallStatus"), ""),
    )


def _call_sid(form: QueryDict) -> str:
    call_sid = _one(form, "CallSid")
    if not _CALL_SID.fullmatch(call_sid):
        raise BadWebhook("CallSid: expected CA and 32 hexadecimal digits")
    return call_sid


def _one(form: QueryDict, name: str) -> str:
    values = form.getlist(name)
    if len(values) > 1:
        # Twilio sorts and removes duplicates before signing, so a doubled field could hide an
        # unsigned choice.
        raise BadWebhook(f"{name}: expected once, came {len(values)} times")
    return values[0] if values else ""


def dialled_number(form: QueryDict) -> str:
    """The tenant's number: To for a call that came in, From for one that we placed."""
    outbound = _one(form, "Direction").startswith("outbound-api")
    return _e164_or_nothing(_one(form, "From" if outbound else "To"))


def _e164_or_nothing(text: str) -> str:
    """A telephone number, or nothing for anonymous, client:, sip: and numbers that cannot be."""
    return text if re.fullmatch(E164, text) else ""


def _moment(text: str) -> datetime:
    """RFC 2822 as Twilio sends it.

    Anything else is now: the report is worth more than its clock.
    """
    try:
        moment = parsedate_to_datetime(text)
        # In UTC, so that a time that no other zone has is found out here.
        return moment.astimezone(UTC) if moment.tzinfo else clock.now()
    except (ValueError, OverflowError):
        return clock.now()
