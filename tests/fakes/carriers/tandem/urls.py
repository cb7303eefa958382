"""Tandem's one webhook, under /tandem/."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from telephony.carriers.webhook import carrier_webhook
from telephony.control import status_reports, verb_callbacks
from telephony.control.answering import ringing

from . import events


@carrier_webhook
def events_webhook(request: HttpRequest) -> HttpResponse:
    """Everything that happens to a call: questions are answered with commands, reports with 200."""
    event = events.verified(
        request.body,
        timestamp=request.headers.get("tandem-timestamp", ""),
        signed=request.headers.get("tandem-signature", ""),
    )
    match event.event_type:
        case "call.initiated":
            document = ringing.answer(events.incoming_call(event))
        case "call.streaming.stopped" | "call.wait.ended":
            document = verb_callbacks.after_stream(events.stream_callback(event))
        case "call.transfer.ended" | "call.recording.saved":
            document = verb_callbacks.after_dial(events.dial_callback(event))
        case _:
            status_reports.report(events.report(event))
            return HttpResponse(status=200)
    return HttpResponse(document, content_type="application/json")


urlpatterns = [path("events", events_webhook)]
