"""Twilio's webhooks over HTTP: forms in, TwiML out."""

import msgspec
from django.http import HttpRequest, HttpResponse

from telephony.carriers.twilio import forms
from telephony.carriers.twilio.signature import verified_form
from telephony.carriers.webhook import carrier_webhook
from telephony.control import status_reports, verb_callbacks
from telephony.control.answering import ringing
from telephony.errors import BadSignature, BadWebhook
from telephony.numbers.checks import ProbeReport, proof_of


@carrier_webhook
def voice(request: HttpRequest) -> HttpResponse:
    """A call rings: what shall be done with it."""
    return _twiml(ringing.answer(forms.parse_incoming_call(verified_form(request))))


@carrier_webhook
def status(request: HttpRequest) -> HttpResponse:
    """The carrier's report of a call's status: in any order, perhaps twice."""
    status_reports.report(forms.parse_status(verified_form(request)))
    return HttpResponse(status=204)


@carrier_webhook
def resume(request: HttpRequest) -> HttpResponse:
    """A call's stream is over: what comes next."""
    callback = forms.parse_stream_callback(
        verified_form(request),
        attempt=request.GET.get("attempt", ""),
        holds=request.GET.get("holds", ""),
    )
    return _twiml(verb_callbacks.after_stream(callback))


@carrier_webhook
def dialed(request: HttpRequest) -> HttpResponse:
    """A dialled person hung up, or never picked up: what comes next."""
    callback = forms.parse_dial_callback(verified_form(request))
    return _twiml(verb_callbacks.after_dial(callback))


@carrier_webhook
def probe(request: HttpRequest) -> HttpResponse:
    """A webhook that changes nothing: does what is signed arrive as it was signed."""
    wrong = ""
    try:
        verified_form(request)
    except (BadSignature, BadWebhook) as error:
        wrong = str(error)
    report = ProbeReport(wrong, proof_of(request.headers.get("X-Twilio-Signature", "")))
    return HttpResponse(
        msgspec.json.encode(report),
        status=BadSignature.http_status if wrong else 200,
        content_type="application/json",
    )


def _twiml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")
