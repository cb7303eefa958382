"""Twilio's webhooks, under /twilio/."""

from django.urls import path

from telephony.carriers.twilio import webhooks

urlpatterns = [
    path("voice", webhooks.voice),
    path("status", webhooks.status),
    path("resume", webhooks.resume),
    path("dialed", webhooks.dialed),
    path("probe", webhooks.probe),
]
