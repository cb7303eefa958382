"""What Twilio's webhooks say, parsed at the door."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.http import QueryDict

from telephony.errors import BadWebhook
from telephony.types import CarrierReport, IncomingCall, VerbCallback
from warmline.kernel import clock

_CALL_SID = re.compile(r"CA[0-9a-f]{32}")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")
_STATUS = re.compile(r"[a-z-]{0,20}")
_SMALL = re.compile(r"[0-9]{1,4}")


def parse_ring(form: QueryDict, *, account_sid: str) -> IncomingCall:
    """The voice webhook; `BadWebhook` names the field that is not as expected."""
    call = _call(form, account_sid=account_sid)
    return IncomingCall(
        carrier_call_id=call,
        caller=_e164_or_nothing(_one(form, "From")),
        dialled=_dialled(form),
        verstat=_one(form, "StirVerstat")[:64],
        at=clock.now(),
    )


def parse_status(form: QueryDict, *, account_sid: str) -> CarrierReport:
    """The status callback; `BadWebhook` names the field that is not as expected."""
    call = _call(form, account_sid=account_sid)
    status, sequence = _one(form, "CallStatus"), _one(form, "SequenceNumber")
    if not _STATUS.fullmatch(status):
        raise BadWebhook("CallStatus: expected one of Twilio's call statuses")
    return CarrierReport(
        carrier_call_id=call,
        dialled=_dialled(form),
        key=f"status:{call}:{sequence if _SMALL.fullmatch(sequence) else ''}:{status}",
        at=_moment(_one(form, "Timestamp")),
        status=status,
    )


def parse_verb_ended(
    form: QueryDict, *, account_sid: str, attempt: str = "", holds: str = ""
) -> VerbCallback:
    """The request after a verb; `attempt` and `holds` are those that we put,
    signed, into the address.
    """
    call = _call(form, account_sid=account_sid)
    dial_status = _one(form, "DialCallStatus")
    return VerbCallback(
        carrier_call_id=call,
        dialled=_dialled(form),
        dial_status=dial_status if _STATUS.fullmatch(dial_status) else "",
        attempt=int(attempt) if _SMALL.fullmatch(attempt) else 1,
        holds=int(holds) if _SMALL.fullmatch(holds) else 0,
    )


def _call(form: QueryDict, *, account_sid: str) -> str:
    account, call = _one(form, "AccountSid"), _one(form, "CallSid")
    if not _ACCOUNT_SID.fullmatch(account) or (account_sid and account != account_sid):
        raise BadWebhook("AccountSid: expected the account that this service answers for")
    if not _CALL_SID.fullmatch(call):
        raise BadWebhook("CallSid: expected CA and 32 hexadecimal digits")
    return call


def _one(form: QueryDict, name: str) -> str:
    values = form.getlist(name)
    if len(values) > 1:
        # Twilio sorts and removes duplicates before signing, so a doubled field could hide an
        # unsigned choice.
        raise BadWebhook(f"{name}: expected once, came {len(values)} times")
    return values[0] if values else ""


def _dialled(form: QueryDict) -> str:
    """The tenant's number: To for a call that came in, From for one that we placed."""
    outbound = _one(form, "Direction").startswith("outbound-api")
    return _e164_or_nothing(_one(form, "From" if outbound else "To"))


def _e164_or_nothing(text: str) -> str:
    """A telephone number, or nothing for anonymous, client:, sip: and numbers that cannot be."""
    return text if _E164.fullmatch(text) else ""


def _moment(text: str) -> datetime:
    """RFC 2822 as Twilio sends it; anything else is now:
    the report is worth more than its clock.
    """
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return clock.now()
    return moment if moment.tzinfo else clock.now()
