"""Twilio's webhooks over HTTP: forms in, TwiML out."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict

from telephony.carriers.twilio import forms
from telephony.carriers.twilio.account import account
from telephony.carriers.twilio.signature import check_content_type, check_signature
from telephony.carriers.webhook import carrier_webhook, signed_url
from telephony.control import answering, status_reports, verb_callbacks
from telephony.errors import BadSignature


@carrier_webhook
def voice(request: HttpRequest) -> HttpResponse:
    """A call rings: what shall be done with it."""
    return _twiml(answering.answer(forms.parse_incoming_call(_verified_form(request))))


@carrier_webhook
def status(request: HttpRequest) -> HttpResponse:
    """A call moved on, says the carrier: in any order, perhaps twice."""
    status_reports.report(forms.parse_status(_verified_form(request)))
    return HttpResponse(status=204)


@carrier_webhook
def resume(request: HttpRequest) -> HttpResponse:
    """A call's stream is over: what comes next."""
    callback = forms.parse_stream_callback(
        _verified_form(request),
        attempt=request.GET.get("attempt", ""),
        holds=request.GET.get("holds", ""),
    )
    return _twiml(verb_callbacks.after_stream(callback))


@carrier_webhook
def dialed(request: HttpRequest) -> HttpResponse:
    """A dialled person hung up, or never picked up: what comes next."""
    callback = forms.parse_dial_callback(_verified_form(request))
    return _twiml(verb_callbacks.after_dial(callback))


def _verified_form(request: HttpRequest) -> QueryDict:
    check_content_type(request.headers.get("Content-Type", ""))
    try:
        form = request.POST
    except (SuspiciousOperation, BadRequest) as error:
        raise BadSignature(f"body: {type(error).__name__}") from error
    of_us = account()
    check_signature(
        form,
        url=signed_url(request),
        signature=request.headers.get("X-Twilio-Signature", ""),
        auth_tokens=of_us.auth_tokens,
    )
    forms.check_account(form, sid=of_us.sid)
    return form


def _twiml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")
